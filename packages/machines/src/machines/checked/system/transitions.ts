/**
 * The numbers of a system's transitions. Of P processors, p is the next step of processor p, P + p takes the oldest store of
 * its buffer to memory, 2 P + p ends its wait because its time is over, and 3 P + p is its death, where processors may die.
 */
export class Transitions {
  readonly count: number;
  /** The number of the first death: those below get somebody on, if they are enabled. */
  readonly firstDeath: number;
  readonly #processors: number;

  constructor(processors: number, deaths: boolean) {
    this.#processors = processors;
    this.firstDeath = 3 * processors;
    this.count = deaths ? 4 * processors : this.firstDeath;
  }

  /** The processor that a transition is of. */
  processorOf(transition: number): number {
    return transition % this.#processors;
  }

  isFlush(transition: number): boolean {
    return transition >= this.#processors && transition < 2 * this.#processors;
  }

  isTimeout(transition: number): boolean {
    return transition >= 2 * this.#processors && transition < this.firstDeath;
  }

  isDeath(transition: number): boolean {
    return transition >= this.firstDeath;
  }
}
