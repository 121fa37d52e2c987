import { Violated } from "../properties/violation.js";
import type { Cells } from "./cells.js";
import type { Sequences } from "./sequences.js";

/** Messages under way, from each processor to each other, in the order in which they were sent. */
export class Channels {
  readonly #cells: Cells;
  readonly #sequences: Sequences;

  constructor(cells: Cells, sequences: Sequences) {
    this.#cells = cells;
    this.#sequences = sequences;
  }

  /** Whether a receive cannot take place, be it to fail. */
  blocks(from: number, to: number): boolean {
    return from < this.#cells.processors && this.#sequences.of(this.#cells.ofChannel(from, to)).length === 0;
  }

  /** @throws {Violated} if there is no processor `to` */
  send(from: number, to: number, message: number): void {
    this.#checkPeer(from, "send to", to);
    const channel = this.#cells.ofChannel(from, to);
    this.#sequences.change(channel, [...this.#sequences.of(channel), message]);
  }

  /**
   * The first message of a channel that is not empty.
   *
   * @throws {Violated} if there is no processor `from`
   */
  receive(from: number, to: number): number {
    this.#checkPeer(to, "receive from", from);
    const channel = this.#cells.ofChannel(from, to);
    const [message = 0, ...rest] = this.#sequences.of(channel);
    this.#sequences.change(channel, rest);
    return message;
  }

  #checkPeer(processor: number, what: string, peer: number): void {
    const { processors } = this.#cells;
    if (peer < processors) return;
    throw new Violated(
      "failure",
      `processor ${processor}: cannot ${what} processor ${peer}; expected 0 to ${processors - 1}`,
    );
  }
}
