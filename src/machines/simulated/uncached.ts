import type { LinkMeasures } from "../measures.js";
import type { MemoryDescription, ReadModifyWrite } from "../presets/description.js";
import { type Counts, createCounts } from "./counts.js";
import type { EventQueue } from "./events.js";
import type { Fabric } from "./fabric.js";
import { Links } from "./link.js";
import {
  type HomeOf,
  type MemorySystem,
  messageKey,
  PENDING,
  READ,
  READ_MODIFY_WRITE,
  type Reference,
  type Requesters,
  WRITE,
} from "./memory-system.js";

/**
 * Memory without caches: every reference goes to the module that has its home, takes effect there and comes back. The
 * non-coherent distributed shared memory (NCC-NUMA), and the dance hall.
 *
 * Invariant: a module serves in order of arrival, one at a time, so that references to one word take effect in the order
 * in which they are served: memory is sequentially consistent, since each processor has one reference under way.
 */
export class UncachedMemory implements MemorySystem {
  readonly line = 0;
  readonly notice = 0;
  readonly networkReferences: Float64Array;
  readonly #counts: Counts;
  readonly #events: EventQueue;
  readonly #fabric: Fabric;
  readonly #homeOf: HomeOf;
  readonly #memory: MemoryDescription;
  readonly #readModifyWrite: ReadModifyWrite;
  readonly #requesters: Requesters;
  /** Cycles that a reference from another node occupies a module longer than a local one. */
  readonly #controller: number;
  readonly #modules = new Links((home) => `memory ${home}`);

  constructor(
    processors: number,
    memory: MemoryDescription,
    controller: number,
    readModifyWrite: ReadModifyWrite,
    fabric: Fabric,
    homeOf: HomeOf,
    events: EventQueue,
    requesters: Requesters,
  ) {
    this.#counts = createCounts(processors);
    this.networkReferences = this.#counts.networkReferences;
    this.#memory = memory;
    this.#controller = controller;
    this.#readModifyWrite = readModifyWrite;
    this.#fabric = fabric;
    this.#homeOf = homeOf;
    this.#events = events;
    this.#requesters = requesters;
  }

  reference(processor: number, kind: Reference, address: number, _size: number, now: number): typeof PENDING {
    const { reads, writes, readModifyWrites } = this.#counts;
    const counted = kind === READ ? reads : kind === WRITE ? writes : readModifyWrites;
    counted[processor]!++;
    const home = this.#homeOf(address);
    const key = messageKey(processor);
    if (this.#fabric.isRemote(processor, home)) this.networkReferences[processor]!++;
    const arrived = (time: number) => this.#serve(processor, kind, home, time);
    this.#fabric.toHome(now, key, processor, home, kind === READ ? "control" : "word", arrived);
    return PENDING;
  }

  #serve(processor: number, kind: Reference, home: number, now: number): void {
    const { latency, occupancy } = this.#memory;
    const remote = this.#fabric.isRemote(processor, home);
    const more = (remote ? this.#controller : 0) + (kind === READ_MODIFY_WRITE ? this.#readModifyWrite.occupancy : 0);
    const begin = this.#modules.at(home).take(now, occupancy + more);
    if (remote) this.#fabric.waits?.(home, begin);
    const key = messageKey(processor);
    this.#events.call(begin + latency, key, (time) => {
      this.#requesters.perform(processor, time);
      this.#fabric.fromHome(time, key, home, processor, kind === WRITE ? "control" : "word", (back) =>
        this.#requesters.resume(processor, back),
      );
    });
  }

  hits(): boolean {
    return false;
  }

  countHits(): void {}

  counts(): Counts {
    return this.#counts;
  }

  links(): LinkMeasures[] {
    return [...this.#modules.measures(), ...this.#fabric.links()];
  }
}
