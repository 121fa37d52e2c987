/**
 * The elements of arrays that come one after the other. An `async function*` that yielded each of them would make three
 * promises for it, and take three turns of the queue of microtasks.
 */
export class Flat<Element> implements AsyncGenerator<Element, void> {
  readonly #arrays: AsyncGenerator<readonly Element[], void>;
  #present: readonly Element[] = [];
  #next = 0;
  /** Calls that have not got their answers, and the last of them: each waits for the one before. */
  #waiting = 0;
  #last: Promise<unknown> | undefined;

  constructor(arrays: AsyncGenerator<readonly Element[], void>) {
    this.#arrays = arrays;
  }

  next(): Promise<IteratorResult<Element, void>> {
    if (this.#waiting === 0 && this.#next < this.#present.length) return Promise.resolve(this.#take());
    return this.#inTurn(() => this.#look());
  }

  return(): Promise<IteratorResult<Element, void>> {
    return this.#inTurn(() => {
      this.#present = [];
      return this.#arrays.return() as Promise<IteratorResult<Element, void>>;
    });
  }

  throw(error: unknown): Promise<IteratorResult<Element, void>> {
    return this.#inTurn(() => {
      this.#present = [];
      return this.#arrays.throw(error) as Promise<IteratorResult<Element, void>>;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(): IteratorResult<Element, void> {
    return { done: false, value: this.#present[this.#next++]! };
  }

  async #look(): Promise<IteratorResult<Element, void>> {
    while (this.#next >= this.#present.length) {
      const { done, value } = await this.#arrays.next();
      this.#present = value ?? [];
      this.#next = 0;
      if (done) return { done, value: undefined };
    }
    return this.#take();
  }

  #inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const answer = this.#waiting++ === 0 ? step() : this.#last!.then(step, step);
    const answered = () => void this.#waiting--;
    this.#last = answer.then(answered, answered);
    return answer;
  }
}
