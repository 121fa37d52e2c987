import { allocateOwn } from "../../processor/room.js";
import type { LinkMeasures } from "../measures.js";
import type { DirectoryDescription, MemoryDescription, ReadModifyWrite } from "../presets/description.js";
import { Cache } from "./cache.js";
import { type Counts, createCounts } from "./counts.js";
import type { EventQueue } from "./events.js";
import type { Fabric } from "./fabric.js";
import { Links } from "./link.js";
import {
  type Hitting,
  type HomeOf,
  type MemorySystem,
  messageKey,
  PENDING,
  READ,
  type Reference,
  type Requesters,
  STORE_CONDITIONAL,
  WRITE,
} from "./memory-system.js";
import { type LastWrites, MissHistory } from "./miss-history.js";
import type { Size } from "./network.js";
import { type Protocol, TRANSACTIONS } from "./protocols/protocol.js";
import { compile, FLUSHES, INTERVENES, INVALID, MEMORY_TAKES, SUPPLIES, type Tables } from "./protocols/tables.js";

const READ_LINE = TRANSACTIONS.indexOf("read");
const UPGRADE = TRANSACTIONS.indexOf("upgrade");
const NOBODY = -1;

/** What the home knows of a line. */
interface Entry {
  /** Processors that may have a copy, a superset of those that do: clean lines are evicted silently. */
  readonly sharers: Set<number>;
  /** The processor that may have written the line, or NOBODY. */
  owner: number;
  /** Requests that came while one was served; undefined while none is. */
  waiting: ((now: number) => void)[] | undefined;
}

/** A reference that is pending: one a processor. */
interface Request {
  readonly processor: number;
  readonly kind: Reference;
  readonly address: number;
  readonly size: number;
  readonly line: number;
  readonly home: number;
}

/**
 * Caches kept coherent by a full-map directory at each line's home (Lenoski et al., The Stanford DASH multiprocessor,
 * IEEE Computer 25(3), 1992; Laudon & Lenoski, The SGI Origin, ISCA 1997).
 *
 * The home serves one request for a line at a time; those that come meanwhile wait there. A request that finds an owner
 * is passed to it, and a write sends invalidations to all sharers. With 3 hops the owner's data and the
 * acknowledgements go to the requester; with 4 they go to the home, which answers the requester when all are there. The
 * requester goes on then, and the home, which learns of it at once, serves the next. It learns at once of write-backs,
 * too, whose data then travels there.
 *
 * Invariant: a line is served one request at a time, and the requester's state and the values change only when all
 * other copies have: so at most one cache may write, and nobody else reads then.
 */
export class DirectoryMemory implements MemorySystem {
  readonly line: number;
  readonly notice: number;
  readonly hitting: Hitting;
  readonly networkReferences: Float64Array;
  /** The names of the states, by the numbers that the caches hold. */
  readonly states: readonly string[];
  /** By processor; only the memory system changes them. */
  readonly caches: readonly Cache[];
  readonly #counts: Counts;
  readonly #description: DirectoryDescription;
  readonly #memory: MemoryDescription;
  readonly #readModifyWrite: ReadModifyWrite;
  readonly #fabric: Fabric;
  readonly #homeOf: HomeOf;
  readonly #events: EventQueue;
  readonly #requesters: Requesters;
  readonly #tables: Tables;
  readonly #histories: MissHistory[];
  readonly #entries = new Map<number, Entry>();
  readonly #directories = new Links((home) => `directory ${home}`);
  readonly #modules = new Links((home) => `memory ${home}`);

  constructor(
    processors: number,
    description: DirectoryDescription,
    memory: MemoryDescription,
    protocol: Protocol,
    readModifyWrite: ReadModifyWrite,
    fabric: Fabric,
    homeOf: HomeOf,
    writes: LastWrites,
    events: EventQueue,
    requesters: Requesters,
    allocate = allocateOwn,
  ) {
    const { cache } = description;
    this.line = cache.line;
    this.notice = description.lookup;
    this.#counts = createCounts(processors);
    this.networkReferences = this.#counts.networkReferences;
    this.#description = description;
    this.#memory = memory;
    this.#readModifyWrite = readModifyWrite;
    this.#fabric = fabric;
    this.#homeOf = homeOf;
    this.#events = events;
    this.#requesters = requesters;
    this.#tables = compile(protocol);
    this.states = this.#tables.states;
    this.caches = Array.from({ length: processors }, () => new Cache(cache, allocate));
    this.#histories = this.caches.map((each) => new MissHistory(each, writes, allocate));
    this.hitting = {
      geometry: cache,
      caches: this.caches,
      histories: this.#histories,
      silent: this.#tables.silent,
      cycles: cache.hit,
    };
  }

  reference(processor: number, kind: Reference, address: number, size: number, now: number): number {
    const write = kind === READ ? 0 : 1;
    const counts = this.#counts;
    const counted = kind === READ ? counts.reads : kind === WRITE ? counts.writes : counts.readModifyWrites;
    counted[processor]!++;
    const cache = this.caches[processor]!;
    const slot = cache.find(0, address | 0);
    if (slot >= 0) {
      cache.touch(slot);
      this.#histories[processor]!.used(slot);
      const state = this.#tables.silent[cache.states[slot]! * 2 + write]!;
      if (state !== INVALID) {
        counts.hits[processor]!++;
        cache.states[slot] = state;
        return this.hitting.cycles;
      }
    }
    const line = (address & -this.line) >>> 0;
    const request = { processor, kind, address, size, line, home: this.#homeOf(address) };
    const key = messageKey(processor);
    this.#fabric.toHome(now, key, processor, request.home, "control", (time) => this.#arrive(request, time));
    return PENDING;
  }

  /** The request is at the home. */
  #arrive(request: Request, now: number): void {
    const entry = this.#entryOf(request.line);
    if (entry.waiting !== undefined) {
      entry.waiting.push((time) => this.#serve(request, entry, time));
    } else {
      entry.waiting = [];
      this.#serve(request, entry, now);
    }
  }

  #entryOf(line: number): Entry {
    let entry = this.#entries.get(line);
    if (entry === undefined) {
      entry = { sharers: new Set(), owner: NOBODY, waiting: undefined };
      this.#entries.set(line, entry);
    }
    return entry;
  }

  #serve(request: Request, entry: Entry, now: number): void {
    const begin = this.#directories.at(request.home).take(now, this.#description.occupancy);
    this.#events.call(begin, messageKey(request.processor), (time) => this.#lookUp(request, entry, time));
  }

  /** The home looks the line up, and reads memory meanwhile. The requester's own copy may have gone since it asked. */
  #lookUp(request: Request, entry: Entry, now: number): void {
    const { processor, kind, home, line } = request;
    const cache = this.caches[processor]!;
    const slot = cache.find(0, line | 0);
    if (kind === STORE_CONDITIONAL && slot < 0) {
      this.#refuse(request, entry, now);
      return;
    }
    const step = (slot < 0 ? INVALID : cache.states[slot]!) * 2 + (kind === READ ? 0 : 1);
    const transaction = this.#tables.bus[step]! - 1;
    const owner = entry.owner === processor ? NOBODY : entry.owner;
    const shared = entry.sharers.size > (entry.sharers.has(processor) ? 1 : 0);
    const asked: number[] = [];
    for (const sharer of entry.sharers) {
      if (sharer !== processor && (transaction !== READ_LINE || sharer === owner)) asked.push(sharer);
    }
    if (this.#fabric.isRemote(processor, home) || asked.some((holder) => this.#fabric.isRemote(holder, home))) {
      this.networkReferences[processor]!++;
    }
    const supplier = transaction === UPGRADE ? NOBODY : owner;
    const parts = supplier === NOBODY ? asked.length + 1 : asked.length;
    const size = transaction === UPGRADE ? "control" : "line";
    const complete = (time: number) => this.#complete(request, entry, step, shared, time);
    const reply =
      this.#description.hops === 3
        ? new Reply(parts, complete)
        : new Reply(parts, (time) => this.#toRequester(request, size, time, complete));
    if (transaction !== UPGRADE && supplier === NOBODY) this.#fromMemory(request, reply, now);
    this.#events.call(now + this.#description.occupancy, messageKey(processor), (time) => {
      if (transaction === UPGRADE) this.#answer(request, size, reply, time);
      for (const holder of asked) this.#ask(request, holder, transaction, holder === supplier, reply, time);
    });
  }

  /** Memory has the line. */
  #fromMemory(request: Request, reply: Reply, now: number): void {
    const { latency, occupancy } = this.#memory;
    const begin = this.#modules.at(request.home).take(now, occupancy);
    this.#events.call(begin + latency, messageKey(request.processor), (time) =>
      this.#answer(request, "line", reply, time),
    );
  }

  /** The home's own part of the reply is ready. */
  #answer(request: Request, size: Size, reply: Reply, now: number): void {
    if (this.#description.hops === 4) reply.arrive(now);
    else this.#toRequester(request, size, now, (time) => reply.arrive(time));
  }

  #toRequester({ processor, home }: Request, size: Size, now: number, arrived: (now: number) => void): void {
    this.#fabric.fromHome(now, messageKey(processor), home, processor, size, arrived);
  }

  /** The home passes the transaction to a holder, which gives up or shares its copy, and supplies it if asked to. */
  #ask(request: Request, holder: number, transaction: number, supply: boolean, reply: Reply, now: number): void {
    const { processor, home } = request;
    const key = messageKey(processor);
    this.#fabric.fromHome(now, key, home, holder, "control", (time) =>
      this.#events.disturb(time + this.#description.lookup, key, (answered) => {
        const effects = this.#snoop(request, holder, transaction, answered);
        if (!supply) {
          this.#answerFrom(request, holder, "control", reply, answered);
        } else if (effects & (SUPPLIES | FLUSHES)) {
          this.#counts.cacheToCacheTransfers[processor]!++;
          if (effects & MEMORY_TAKES) this.#counts.writeBacks[holder]!++;
          this.#answerFrom(request, holder, "line", reply, answered, (effects & MEMORY_TAKES) !== 0);
        } else {
          // The owner's copy was clean, or has gone: memory is current.
          this.#fabric.toHome(answered, key, holder, home, "control", (back) => this.#fromMemory(request, reply, back));
        }
      }),
    );
  }

  /** A holder's part of the reply; the home's memory takes it, too, if it is to be written back. */
  #answerFrom(request: Request, holder: number, size: Size, reply: Reply, now: number, writeBack = false): void {
    const { processor, home } = request;
    const key = messageKey(processor);
    if (this.#description.hops === 3) {
      this.#fabric.between!(now, key, holder, processor, size, (time) => reply.arrive(time));
      // In the requester's name, so that it does not go before the reply.
      if (writeBack) this.#writeBack(key, holder, home, now);
    } else {
      this.#fabric.toHome(now, key, holder, home, size, (time) => {
        if (writeBack) this.#modules.at(home).take(time, this.#memory.occupancy);
        reply.arrive(time);
      });
    }
  }

  /** A holder's state changes; returns the effects of its table, 0 if it has the line no more. */
  #snoop({ line }: Request, holder: number, transaction: number, now: number): number {
    const cache = this.caches[holder]!;
    const slot = cache.find(0, line | 0);
    if (slot < 0) return 0;
    const entry = cache.states[slot]! * TRANSACTIONS.length + transaction;
    const next = this.#tables.answer[entry]!;
    if (next === INVALID) {
      this.#requesters.disturb(holder, line, now);
      this.#histories[holder]!.lost(line, false);
      this.#counts.invalidations[holder]!++;
    }
    cache.states[slot] = next;
    const effects = this.#tables.effects[entry]!;
    if (effects & INTERVENES) this.#counts.interventions[holder]!++;
    return effects;
  }

  /** A line's data goes to its home's memory, where nobody waits for it. */
  #writeBack(key: number, from: number, home: number, now: number): void {
    this.#fabric.toHome(now, key, from, home, "line", (time) => {
      this.#modules.at(home).take(time, this.#memory.occupancy);
    });
  }

  /** Data and acknowledgements are there. */
  #complete(request: Request, entry: Entry, step: number, shared: boolean, now: number): void {
    const { processor, kind, line } = request;
    const { exclusive, owner } = this.#tables;
    const state = shared ? this.#tables.shared[step]! : this.#tables.alone[step]!;
    this.#put(request, state, now);
    if (kind !== READ) entry.sharers.clear();
    entry.sharers.add(processor);
    if (exclusive[state] || owner[state]) entry.owner = processor;
    else if (entry.owner !== NOBODY && !this.#owns(entry.owner, line)) entry.owner = NOBODY;
    this.#requesters.perform(processor, now);
    this.#requesters.resume(processor, now);
    const held = kind === READ || kind === WRITE ? 0 : this.#readModifyWrite.occupancy;
    this.#events.call(now + held, messageKey(processor), (time) => this.#release(entry, time));
  }

  /** A store-conditional comes too late. */
  #refuse({ processor, home }: Request, entry: Entry, now: number): void {
    const key = messageKey(processor);
    if (this.#fabric.isRemote(processor, home)) this.networkReferences[processor]!++;
    this.#counts.readModifyWrites[processor]!--;
    this.#events.call(now + this.#description.occupancy, key, (time) => {
      this.#fabric.fromHome(time, key, home, processor, "control", (back) => this.#requesters.resume(processor, back));
      this.#release(entry, time);
    });
  }

  /** The home serves the next request for the line. */
  #release(entry: Entry, now: number): void {
    const next = entry.waiting!.shift();
    if (next === undefined) entry.waiting = undefined;
    else next(now);
  }

  #owns(processor: number, line: number): boolean {
    const cache = this.caches[processor]!;
    const slot = cache.find(0, line | 0);
    return slot >= 0 && this.#tables.owner[cache.states[slot]!] === 1;
  }

  /** Puts the line into the requester's cache, in place of another where there is no room. */
  #put({ processor, kind, address, size, line }: Request, state: number, now: number): void {
    const cache = this.caches[processor]!;
    const history = this.#histories[processor]!;
    let slot = cache.find(0, line | 0);
    if (slot >= 0) {
      this.#counts.hits[processor]!++;
      cache.states[slot] = state;
      return;
    }
    this.#counts[kind === READ ? "readMisses" : "writeMisses"][processor]!++;
    this.#counts[history.causeOf(line, address, size)][processor]!++;
    slot = cache.victim(line | 0);
    const victim = cache.states[slot]!;
    if (victim !== INVALID) {
      const old = cache.low[slot]! >>> 0;
      history.lost(old, true);
      if (this.#tables.owner[victim]) {
        const entry = this.#entryOf(old);
        entry.sharers.delete(processor);
        entry.owner = NOBODY;
        this.#counts.writeBacks[processor]!++;
        this.#writeBack(messageKey(processor), processor, this.#homeOf(old), now);
      }
    }
    cache.fill(slot, 0, line | 0, state);
    history.filled(line, slot);
  }

  hits(processor: number, kind: Reference, address: number): boolean {
    const cache = this.caches[processor]!;
    const slot = cache.find(0, address | 0);
    return slot >= 0 && this.#tables.silent[cache.states[slot]! * 2 + (kind === READ ? 0 : 1)] !== INVALID;
  }

  countHits(processor: number, loads: number): void {
    this.caches[processor]!.countHits(loads);
  }

  counts(): Counts {
    const { reads, writes, hits } = this.#counts;
    const of = (processor: number) => this.caches[processor]!;
    return {
      ...this.#counts,
      reads: reads.map((count, processor) => count + of(processor).readHits),
      writes: writes.map((count, processor) => count + of(processor).writeHits),
      hits: hits.map((count, processor) => count + of(processor).readHits + of(processor).writeHits),
    };
  }

  links(): LinkMeasures[] {
    return [...this.#directories.measures(), ...this.#modules.measures(), ...this.#fabric.links()];
  }
}

/** What a requester waits for: data, and acknowledgements. */
class Reply {
  readonly #whole: (now: number) => void;

  /** @param parts messages that are still to come */
  constructor(
    public parts: number,
    whole: (now: number) => void,
  ) {
    this.#whole = whole;
  }

  arrive(now: number): void {
    if (--this.parts === 0) this.#whole(now);
  }
}
