import { allocateOwn } from "../../../processor/allocation.js";
import type { LinkMeasures } from "../../measures.js";
import type { BusArchitecture, ReadModifyWrite } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import { ArbitratedLink, Link } from "../network/link.js";
import { EVICTED, FETCHED, FLUSHED, SnoopingBus, SUPPLIED, UPDATED } from "./bus.js";
import type { Cache } from "./cache.js";
import { type Counts, createCounts } from "./counts.js";
import {
  type Hitting,
  LINK_KEY,
  type MemorySystem,
  messageKey,
  PENDING,
  READ,
  READ_MODIFY_WRITE,
  type Reference,
  type Requesters,
  STORE_CONDITIONAL,
} from "./memory-system.js";
import { type LastWrites, MissHistory } from "./miss-history.js";
import type { Protocol } from "./protocols/protocol.js";
import { SharedCache } from "./shared-cache.js";

/** A reference that is pending: one a processor. */
interface Request {
  readonly processor: number;
  readonly kind: Reference;
  readonly address: number;
  readonly size: number;
  readonly line: number;
}

/** A line of which transactions are under way on the split bus. */
interface BusyLine {
  /** Those that are under way, or have their turn on the bus next: only reads, or one of another kind. */
  readonly admitted: Request[];
  /** Those that come after them, in order of arrival. */
  readonly waiting: Request[];
  /** When the data that was fetched last can go over the bus: no cache supplies it earlier. */
  ready: number;
}

function conflicts({ kind }: Request, { admitted: [first] }: BusyLine): boolean {
  return first !== undefined && (kind !== READ || first.kind !== READ);
}

/** Whether others of the line come before it: a read overtakes no write. */
function mustWait(request: Request, busy: BusyLine): boolean {
  return busy.waiting.length > 0 || conflicts(request, busy);
}

/**
 * Caches that watch one bus. A transaction's effects on all caches take place in one moment, when the bus is granted
 * for its address; what the requester wrote or read takes effect when its data is there. The line that it evicts is
 * written back after that.
 *
 * Invariant: nothing is written to a line between the two. The atomic bus is held; on the split bus, a line with
 * transactions under way takes no other that conflicts with them (Culler & Singh, section 6.4, the SGI Challenge's table
 * of requests): who asks for it waits, and asks for the bus in its turn. Reads do not conflict with each other: they
 * overlap, each with a transaction of its own. So references to one line take effect as in the order of their grants.
 */
export class SnoopingMemory implements MemorySystem {
  readonly line: number;
  readonly notice = 0;
  readonly hitting: Hitting;
  readonly networkReferences: Float64Array;
  /** The names of the states, by the numbers that the caches hold. */
  readonly states: readonly string[];
  readonly #counts: Counts;
  readonly #architecture: BusArchitecture;
  readonly #readModifyWrite: ReadModifyWrite;
  readonly #updatesMemory: boolean;
  readonly #events: EventQueue;
  readonly #requesters: Requesters;
  readonly #caches: SnoopingBus;
  readonly #histories: MissHistory[];
  readonly #bus: ArbitratedLink;
  readonly #banks: Link[];
  readonly #sharedCache: SharedCache | undefined;
  readonly #sharedCacheLink = new Link("shared cache");
  readonly #busyLines = new Map<number, BusyLine>();
  /** The line that was evicted last. */
  #evicted = 0;

  constructor(
    processors: number,
    architecture: BusArchitecture,
    protocol: Protocol,
    readModifyWrite: ReadModifyWrite,
    writes: LastWrites,
    events: EventQueue,
    requesters: Requesters,
    allocate = allocateOwn,
  ) {
    const { cache, memory } = architecture;
    this.line = cache.line;
    this.#counts = createCounts(processors);
    this.networkReferences = this.#counts.networkReferences;
    this.#architecture = architecture;
    this.#readModifyWrite = readModifyWrite;
    this.#updatesMemory = protocol.updatesMemory ?? false;
    this.#events = events;
    this.#requesters = requesters;
    const onLoss = (processor: number, low: number, evicted: boolean) => {
      const line = low >>> 0;
      if (evicted) this.#evicted = line;
      else requesters.disturb(processor, line, events.now);
      this.#histories[processor]!.lost(line, evicted);
    };
    this.#caches = new SnoopingBus(protocol, processors, cache, onLoss, allocate);
    const { caches, silent } = this.#caches;
    this.#histories = caches.map((each) => new MissHistory(each, writes, allocate));
    this.hitting = { geometry: cache, caches, histories: this.#histories, silent, cycles: cache.hit };
    this.states = this.#caches.states;
    this.#bus = new ArbitratedLink("bus", (time, run) => events.call(time, LINK_KEY, run));
    if (memory.cache !== undefined) this.#sharedCache = new SharedCache(memory.cache, cache.line);
    this.#banks = Array.from({ length: memory.banks }, (_, bank) => new Link(`memory bank ${bank}`));
  }

  /** By processor; only the memory system changes them. */
  get caches(): readonly Cache[] {
    return this.#caches.caches;
  }

  reference(processor: number, kind: Reference, address: number, size: number, now: number): number {
    const { cache, bus } = this.#architecture;
    const slot = this.#caches.hit(processor, kind === READ ? 0 : 1, 0, address | 0);
    if (slot >= 0) {
      if (kind >= READ_MODIFY_WRITE) this.#counts.readModifyWrites[processor]!++;
      this.#histories[processor]!.used(slot);
      return cache.hit;
    }
    this.networkReferences[processor]!++;
    const request = { processor, kind, address, size, line: (address & -this.line) >>> 0 };
    this.#events.call(now + bus.arbitration, messageKey(processor), (time) => {
      const busy = this.#busyLines.get(request.line);
      if (busy !== undefined && mustWait(request, busy)) busy.waiting.push(request);
      else this.#ask(request, time);
    });
    return PENDING;
  }

  #ask(request: Request, now: number): void {
    const { mode } = this.#architecture.bus;
    this.#bus.request(now, (time) => (mode === "atomic" ? this.#hold(request, time) : this.#address(request, time)));
  }

  /** The atomic bus is the request's until it is over; returns for how long. */
  #hold(request: Request, now: number): number {
    const { bus } = this.#architecture;
    if (this.#refuses(request, now)) return bus.address;
    const did = this.#transact(request);
    const asked = now + bus.address;
    const fetched = did & FETCHED ? this.#fetch(request, did, asked) + bus.line : asked;
    const end = fetched + this.#update(request.line, did, fetched);
    // As a link's event, it comes before the next grant of the same cycle.
    this.#events.call(end, LINK_KEY, (time) => this.#complete(request, time));
    let free = end + this.#locked(request);
    if (this.#writesApart(request, did)) free += this.#writeBack(request.line, free);
    if (did & EVICTED) free += this.#writeBack(this.#evicted, free);
    return free - now;
  }

  /** The split bus is the request's for its address; returns for how long. */
  #address(request: Request, now: number): number {
    const { bus } = this.#architecture;
    const { processor, line } = request;
    const busy = this.#busyLines.get(line) ?? { admitted: [], waiting: [], ready: 0 };
    if (!busy.admitted.includes(request)) {
      if (mustWait(request, busy)) {
        // Another came first while both asked for the bus: this one's turn is wasted.
        busy.waiting.push(request);
        return bus.address;
      }
      busy.admitted.push(request);
      this.#busyLines.set(line, busy);
    }
    const key = messageKey(processor);
    if (this.#refuses(request, now)) {
      this.#events.call(now + bus.address, key, (free) => this.#release(request, free));
      return bus.address;
    }
    const did = this.#transact(request);
    const asked = now + bus.address;
    const end = (time: number) => {
      this.#complete(request, time);
      this.#events.call(time + this.#locked(request), key, (free) => this.#release(request, free));
    };
    if (did & EVICTED) this.#writeBackFrom(asked, key, this.#evicted);
    if ((did & FETCHED) === 0) {
      const updated = this.#update(line, did, asked);
      this.#events.call(asked + updated, key, end);
      return bus.address + updated;
    }
    busy.ready = Math.max(busy.ready, this.#fetch(request, did, asked));
    this.#events.call(busy.ready, key, (ready) =>
      this.#bus.request(ready, (granted) => {
        const held = bus.line + this.#update(line, did, granted + bus.line);
        this.#events.call(granted + held, key, end);
        if (this.#writesApart(request, did)) this.#writeBackFrom(granted + held, key, line);
        return held;
      }),
    );
    return bus.address;
  }

  /** Whether the request is a store-conditional that comes too late; then its processor goes on after the address. */
  #refuses({ processor, kind, line }: Request, now: number): boolean {
    if (kind !== STORE_CONDITIONAL || this.caches[processor]!.find(0, line | 0) >= 0) return false;
    const { address } = this.#architecture.bus;
    this.#events.call(now + address, LINK_KEY, (time) => this.#requesters.resume(processor, time));
    return true;
  }

  /** When the line's data, asked for by an address, can go over the bus. */
  #fetch({ line, processor }: Request, did: number, asked: number): number {
    const { bus } = this.#architecture;
    if ((did & (SUPPLIED | FLUSHED)) === 0) return this.#read(line, processor, asked);
    const ready = asked + bus.cacheToCache;
    if (did & FLUSHED && !bus.separateWriteBack) this.#write(line, ready);
    return ready;
  }

  /** When the shared cache, or memory, has the data of a line that was asked for. */
  #read(line: number, processor: number, asked: number): number {
    const { memory } = this.#architecture;
    const found = this.#lookUp(line, false, asked);
    if (found === undefined) return this.#bankOf(line).take(asked, memory.occupancy) + memory.latency;
    if (found.isHit) return found.ready;
    this.#counts.sharedMisses[processor]!++;
    return this.#bankOf(line).take(found.ready, memory.occupancy) + memory.latency;
  }

  /** A line that a cache wrote goes to the shared cache, or to memory. */
  #write(line: number, now: number): void {
    if (this.#lookUp(line, true, now) !== undefined) return;
    this.#bankOf(line).take(now, this.#architecture.memory.occupancy);
  }

  /** Looks into the shared cache, and puts the line there; undefined if there is none. */
  #lookUp(line: number, isWrite: boolean, now: number) {
    const { cache, occupancy } = this.#architecture.memory;
    if (cache === undefined || this.#sharedCache === undefined) return undefined;
    const ready = this.#sharedCacheLink.take(now, cache.occupancy) + cache.latency;
    const answer = this.#sharedCache.access(line, isWrite);
    // What is replaced goes to the bank where it lies, which is that of some other line: one like this one's.
    if (answer === "write back") this.#bankOf(line).take(ready, occupancy);
    return { isHit: answer === "hit", ready };
  }

  /** How long an update takes after the address or, as a transaction of its own, after the line that it is for. */
  #update(line: number, did: number, now: number): number {
    if ((did & UPDATED) === 0) return 0;
    const { bus } = this.#architecture;
    const address = did & FETCHED ? bus.address : 0;
    if (this.#updatesMemory) this.#write(line, now + address);
    return address + bus.word;
  }

  /** Whether the line that was supplied goes to memory after it; who writes it next owns it, so that nobody needs it there. */
  #writesApart({ kind }: Request, did: number): boolean {
    return kind === READ && (did & FLUSHED) !== 0 && this.#architecture.bus.separateWriteBack === true;
  }

  /** Asks for the split bus at a later time, to write a line back. */
  #writeBackFrom(from: number, key: number, line: number): void {
    this.#events.call(from, key, (time) => this.#bus.request(time, (granted) => this.#writeBack(line, granted)));
  }

  /** How long it takes to write a line back. */
  #writeBack(line: number, now: number): number {
    const { bus } = this.#architecture;
    this.#write(line, now + bus.address);
    return bus.address + bus.line;
  }

  #bankOf(line: number): Link {
    return this.#banks[(line / this.line) % this.#banks.length]!;
  }

  /** For how long its line serves nobody else after it. */
  #locked({ kind }: Request): number {
    return kind >= READ_MODIFY_WRITE ? this.#readModifyWrite.occupancy : 0;
  }

  /** The request is over: if none of its line is under way any more, it is the turn of those that wait. */
  #release(request: Request, now: number): void {
    const busy = this.#busyLines.get(request.line)!;
    const { admitted, waiting } = busy;
    admitted.splice(admitted.indexOf(request), 1);
    if (admitted.length === 0 && waiting.length === 0) this.#busyLines.delete(request.line);
    while (waiting.length > 0 && !conflicts(waiting[0]!, busy)) {
      const next = waiting.shift()!;
      admitted.push(next);
      this.#ask(next, now);
    }
  }

  /** The states of all caches change; returns what the transaction did, in bits. */
  #transact({ processor, kind, address, size, line }: Request): number {
    const cache = this.caches[processor]!;
    const history = this.#histories[processor]!;
    const write = kind === READ ? 0 : 1;
    if (kind >= READ_MODIFY_WRITE) this.#counts.readModifyWrites[processor]!++;
    const slot = cache.find(0, address | 0);
    if (slot < 0) this.#counts[history.causeOf(line, address, size)][processor]!++;
    const did = this.#caches.access(processor, write, 0, address | 0);
    if (slot < 0) history.filled(line, cache.find(0, address | 0));
    else history.used(slot);
    return did;
  }

  #complete({ processor }: Request, now: number): void {
    this.#requesters.perform(processor, now);
    this.#requesters.resume(processor, now);
  }

  hits(processor: number, kind: Reference, address: number): boolean {
    return this.#caches.hits(processor, kind === READ ? 0 : 1, 0, address | 0);
  }

  countHits(processor: number, loads: number): void {
    this.caches[processor]!.countHits(loads);
  }

  counts(): Counts {
    const counts = this.#counts;
    this.#caches.counters().forEach((counted, processor) => {
      const { reads, writes, readMisses, writeMisses, invalidations, interventions, writeBacks } = counted;
      const { readHits, writeHits } = this.caches[processor]!;
      counts.reads[processor] = reads + readHits;
      counts.writes[processor] = writes + writeHits - counts.readModifyWrites[processor]!;
      counts.readMisses[processor] = readMisses;
      counts.writeMisses[processor] = writeMisses;
      counts.hits[processor] = readHits + reads + writeHits + writes - readMisses - writeMisses;
      counts.invalidations[processor] = invalidations;
      counts.interventions[processor] = interventions;
      counts.writeBacks[processor] = writeBacks;
      counts.updates[processor] = counted.busUpdates;
      counts.cacheToCacheTransfers[processor] = counted.cacheToCacheTransfers;
    });
    return counts;
  }

  links(): LinkMeasures[] {
    const shared = this.#sharedCache ? [this.#sharedCacheLink] : [];
    return [this.#bus, ...shared, ...this.#banks].map((link) => link.measures());
  }
}
