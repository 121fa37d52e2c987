import type { LinkMeasures } from "../../measures.js";
import { type Counts, createCounts } from "./counts.js";
import { type MemorySystem, READ, type Reference, WRITE } from "./memory-system.js";

/** Memory without caches: nobody's reference changes what another processor's cache holds. */
export abstract class CachelessMemory implements MemorySystem {
  readonly line = 0;
  readonly notice = 0;
  readonly networkReferences: Float64Array;
  readonly #counts: Counts;

  constructor(processors: number) {
    this.#counts = createCounts(processors);
    this.networkReferences = this.#counts.networkReferences;
  }

  abstract reference(processor: number, kind: Reference, address: number, size: number, now: number): number;

  abstract links(): LinkMeasures[];

  protected count(processor: number, kind: Reference): void {
    const { reads, writes, readModifyWrites } = this.#counts;
    const counted = kind === READ ? reads : kind === WRITE ? writes : readModifyWrites;
    counted[processor]!++;
  }

  protected countHit(processor: number): void {
    this.#counts.hits[processor]!++;
  }

  /** Never asked for: no processor is parked. */
  hits(): boolean {
    return false;
  }

  countHits(): void {}

  counts(): Counts {
    return this.#counts;
  }
}
