import { UnavailableError } from "../../machine.js";
import type { LinkMeasures } from "../../measures.js";
import { CachelessMemory } from "./cacheless-memory.js";
import { READ, type Reference } from "./memory-system.js";
import { ownerOf, type Placement } from "./placement.js";

/**
 * The memories of a cluster: each processor reaches its own alone. A program's local parts are one processor's each; its
 * interleaved part is a copy in every memory, made when the program is loaded, and since nobody could keep the copies
 * equal nobody may write it. One processor alone may write everything.
 */
export class PrivateMemory extends CachelessMemory {
  readonly #processors: number;
  readonly #latency: number;
  readonly #placement: Placement;
  readonly #machine: string;

  /** @param latency cycles of a reference beyond the instruction's own */
  constructor(machine: string, processors: number, latency: number, placement: Placement) {
    super(processors);
    this.#processors = processors;
    this.#latency = latency;
    this.#placement = placement;
    this.#machine = machine;
  }

  /** @throws {UnavailableError} if another processor would have to see it, or have written it */
  reference(processor: number, kind: Reference, address: number): number {
    const owner = ownerOf(this.#placement, address);
    if (this.#processors > 1 && owner !== processor && !(owner < 0 && kind === READ)) {
      const whose = owner < 0 ? "shared memory" : `the memory of processor ${owner}`;
      throw new UnavailableError(
        `${this.#machine}'s processors share no memory: received a ${kind === READ ? "read" : "write"} of ${whose} at ` +
          `0x${address.toString(16)}; expected send and receive`,
        "shared memory",
      );
    }
    this.count(processor, kind);
    this.countHit(processor);
    return this.#latency;
  }

  links(): LinkMeasures[] {
    return [];
  }
}
