import type { LinkMeasures } from "../../measures.js";
import type { MemoryDescription, ReadModifyWrite } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import type { Fabric } from "../network/fabric.js";
import { Links } from "../network/link.js";
import { Message } from "../network/network.js";
import { CachelessMemory } from "./cacheless-memory.js";
import {
  type HomeOf,
  messageKey,
  PENDING,
  READ,
  READ_MODIFY_WRITE,
  type Reference,
  type Requesters,
  WRITE,
} from "./memory-system.js";

/** A reference on its way to memory and back. */
class Request extends Message {
  /** @param more cycles for which the module is occupied beyond those of a local read or write */
  constructor(
    readonly processor: number,
    readonly kind: Reference,
    readonly home: number,
    readonly remote: boolean,
    readonly more: number,
  ) {
    super(messageKey(processor));
  }
}

/**
 * Memory without caches: every reference goes to the module that has its home, takes effect there and comes back. The
 * non-coherent distributed shared memory (NCC-NUMA), and the dance hall.
 *
 * Invariant: a module serves in order of arrival, one at a time, so that references to one word take effect in the order
 * in which they are served: memory is sequentially consistent, since each processor has one reference under way.
 */
export class UncachedMemory extends CachelessMemory {
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
    super(processors);
    this.#memory = memory;
    this.#controller = controller;
    this.#readModifyWrite = readModifyWrite;
    this.#fabric = fabric;
    this.#homeOf = homeOf;
    this.#events = events;
    this.#requesters = requesters;
  }

  reference(processor: number, kind: Reference, address: number, _size: number, now: number): typeof PENDING {
    this.count(processor, kind);
    const home = this.#homeOf(address);
    const remote = this.#fabric.isRemote(processor, home);
    if (remote) this.networkReferences[processor]!++;
    const more = (remote ? this.#controller : 0) + (kind === READ_MODIFY_WRITE ? this.#readModifyWrite.occupancy : 0);
    const request = new Request(processor, kind, home, remote, more);
    this.#fabric.toHome(now, request, processor, home, kind === READ ? "control" : "word", this.#serve);
    return PENDING;
  }

  readonly #serve = (now: number, request: Request): void => {
    const { latency, occupancy } = this.#memory;
    const begin = this.#modules.at(request.home).take(now, occupancy + request.more);
    if (request.remote) this.#fabric.waits?.(request.home, begin);
    this.#events.schedule(request, begin + latency, this.#perform);
  };

  readonly #perform = (now: number, request: Request): void => {
    const { processor, kind, home } = request;
    this.#requesters.perform(processor, now);
    this.#fabric.fromHome(now, request, home, processor, kind === WRITE ? "control" : "word", this.#return);
  };

  readonly #return = (now: number, { processor }: Request): void => {
    this.#requesters.resume(processor, now);
  };

  links(): LinkMeasures[] {
    return [...this.#modules.measures(), ...this.#fabric.links()];
  }
}
