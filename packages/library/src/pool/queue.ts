/** So many that have left at its head are given back at once. */
const CHUNK = 1024;

/** A queue of which any element may leave. `shift` of a long array copies it. */
export class Queue<Element extends object> {
  #elements: (Element | undefined)[] = [];
  #first = 0;
  /** How many there are. */
  length = 0;

  push(element: Element): void {
    this.#elements.push(element);
    this.length++;
  }

  /** The first one, which stays. */
  get first(): Element | undefined {
    while (this.#first < this.#elements.length && this.#elements[this.#first] === undefined) this.#skip();
    return this.#elements[this.#first];
  }

  /** Removes the first one. */
  shift(): Element | undefined {
    const { first } = this;
    if (!first) return undefined;
    this.#elements[this.#first] = undefined;
    this.#skip();
    this.length--;
    return first;
  }

  /** False: it is not there. */
  delete(element: Element): boolean {
    const index = this.#elements.indexOf(element, this.#first);
    if (index < 0) return false;
    this.#elements[index] = undefined;
    this.length--;
    return true;
  }

  #skip(): void {
    this.#first++;
    if (this.#first < CHUNK || this.#first < this.#elements.length / 2) return;
    this.#elements = this.#elements.slice(this.#first);
    this.#first = 0;
  }
}
