import { allocateOwn } from "../../../processor/allocation.js";
import type { LinkMeasures } from "../../measures.js";
import type { DirectoryDescription, MemoryDescription, ReadModifyWrite } from "../../presets/description.js";
import type { EventQueue, Step } from "../events.js";
import type { Fabric } from "../network/fabric.js";
import { Links } from "../network/link.js";
import { Message, type Size } from "../network/network.js";
import { Cache } from "./cache.js";
import { type Counts, createCounts } from "./counts.js";
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
import { type Protocol, TRANSACTIONS } from "./protocols/protocol.js";
import { compile, FLUSHES, INTERVENES, INVALID, MEMORY_TAKES, SUPPLIES, type Tables } from "./protocols/tables.js";
import { type CoherenceMessage, Entry, NOBODY, Request } from "./requests.js";

const READ_LINE = TRANSACTIONS.indexOf("read");
const UPGRADE = TRANSACTIONS.indexOf("upgrade");

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
  /** By processor: requests that are over. */
  readonly #idle: Request[][];
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
    this.#idle = this.caches.map(() => []);
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
    const home = this.#homeOf(address);
    const entry = this.#entryOf(line);
    const request = this.#idle[processor]!.pop() ?? new Request(processor, entry);
    request.begin(kind, address, size, line, home, entry);
    this.#fabric.toHome(now, request.own, processor, home, "control", this.#arrive);
    return PENDING;
  }

  #entryOf(line: number): Entry {
    let entry = this.#entries.get(line);
    if (entry === undefined) {
      entry = new Entry();
      this.#entries.set(line, entry);
    }
    return entry;
  }

  /** The request is at the home. */
  readonly #arrive = (now: number, message: CoherenceMessage): void => {
    const { entry } = message.request;
    if (entry.busy) entry.waiting.push(message);
    else this.#serve(now, message);
  };

  #serve(now: number, message: CoherenceMessage): void {
    const { entry, home } = message.request;
    entry.busy = true;
    const begin = this.#directories.at(home).take(now, this.#description.occupancy);
    this.#events.schedule(message, begin, this.#lookUp);
  }

  /** The home looks the line up, and reads memory meanwhile. The requester's own copy may have gone since it asked. */
  readonly #lookUp = (now: number, message: CoherenceMessage): void => {
    const { request } = message;
    const { processor, kind, home, line, entry } = request;
    const { occupancy } = this.#description;
    const cache = this.caches[processor]!;
    const slot = cache.find(0, line | 0);
    let remote = this.#fabric.isRemote(processor, home);
    if (kind === STORE_CONDITIONAL && slot < 0) {
      if (remote) this.networkReferences[processor]!++;
      this.#counts.readModifyWrites[processor]!--;
      this.#events.schedule(message, now + occupancy, this.#refuse);
      return;
    }
    request.step = (slot < 0 ? INVALID : cache.states[slot]!) * 2 + (kind === READ ? 0 : 1);
    request.transaction = this.#tables.bus[request.step]! - 1;
    const owner = entry.owner === processor ? NOBODY : entry.owner;
    for (const sharer of entry.sharers) {
      if (sharer === processor) continue;
      request.shared = true;
      if (request.transaction === READ_LINE && sharer !== owner) continue;
      request.ask(sharer);
      remote ||= this.#fabric.isRemote(sharer, home);
    }
    if (remote) this.networkReferences[processor]!++;
    request.supplier = request.transaction === UPGRADE ? NOBODY : owner;
    request.replies = request.asked + (request.supplier === NOBODY ? 1 : 0);
    if (request.transaction !== UPGRADE && request.supplier === NOBODY) this.#read(now, request.fetched);
    if (request.transaction === UPGRADE || request.asked > 0) {
      this.#events.schedule(message, now + occupancy, this.#pass);
    }
  };

  /** The home has found out whom to ask; an upgrade it answers itself. */
  readonly #pass = (now: number, message: CoherenceMessage): void => {
    const { request } = message;
    if (request.transaction === UPGRADE) this.#answer(now, message);
    for (let i = 0; i < request.asked; i++) {
      const passed = request.passed[i]!;
      this.#fabric.fromHome(now, passed, request.home, passed.holder, "control", this.#passed);
    }
  };

  /** Memory fetches the line. */
  readonly #read = (now: number, message: CoherenceMessage): void => {
    const { latency, occupancy } = this.#memory;
    const begin = this.#modules.at(message.request.home).take(now, occupancy);
    this.#events.schedule(message, begin + latency, this.#answer);
  };

  /** The home's own reply is ready. */
  readonly #answer = (now: number, message: CoherenceMessage): void => {
    if (this.#description.hops === 4) this.#replied(now, message);
    else this.#toRequester(now, message, this.#replied);
  };

  #toRequester(now: number, message: CoherenceMessage, arrived: Step<CoherenceMessage>): void {
    const { processor, home, transaction } = message.request;
    const size = transaction === UPGRADE ? "control" : "line";
    this.#fabric.fromHome(now, message, home, processor, size, arrived);
  }

  /** A reply is there: at the requester with 3 hops, at the home with 4. */
  readonly #replied = (now: number, message: CoherenceMessage): void => {
    if (--message.request.replies > 0) return;
    if (this.#description.hops === 3) this.#complete(now, message);
    else this.#toRequester(now, message, this.#complete);
  };

  /** A holder has the request. */
  readonly #passed = (now: number, message: CoherenceMessage): void => {
    this.#events.disturb(message, now + this.#description.lookup, this.#giveUp);
  };

  /** A holder gives up or shares its copy, and supplies it if asked to. */
  readonly #giveUp = (now: number, message: CoherenceMessage): void => {
    const { request, holder } = message;
    const { processor, home } = request;
    const effects = this.#snoop(request, holder, now);
    if (holder !== request.supplier) {
      this.#answerFrom(now, message, "control", false);
    } else if (effects & (SUPPLIES | FLUSHES)) {
      const writeBack = (effects & MEMORY_TAKES) !== 0;
      this.#counts.cacheToCacheTransfers[processor]!++;
      if (writeBack) this.#counts.writeBacks[holder]!++;
      this.#answerFrom(now, message, "line", writeBack);
    } else {
      // The owner's copy was clean, or has gone: memory is current.
      this.#fabric.toHome(now, message, holder, home, "control", this.#read);
    }
  };

  /** A holder's reply; the home's memory takes it, too, if it is to be written back. */
  #answerFrom(now: number, message: CoherenceMessage, size: Size, writeBack: boolean): void {
    const { holder, key } = message;
    const { processor, home } = message.request;
    if (this.#description.hops === 3) {
      this.#fabric.between!(now, message, holder, processor, size, this.#replied);
      // In the requester's name, so that it does not go before the reply.
      if (writeBack) this.#writeBack(key, holder, home, now);
    } else {
      this.#fabric.toHome(now, message, holder, home, size, writeBack ? this.#repliedToMemory : this.#replied);
    }
  }

  readonly #repliedToMemory = (now: number, message: CoherenceMessage): void => {
    this.#modules.at(message.request.home).take(now, this.#memory.occupancy);
    this.#replied(now, message);
  };

  /** A holder's state changes; returns the effects of its table, 0 if it has the line no more. */
  #snoop({ line, transaction }: Request, holder: number, now: number): number {
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
    this.#fabric.toHome(now, new Message(key), from, home, "line", (time) => {
      this.#modules.at(home).take(time, this.#memory.occupancy);
    });
  }

  /** Data and acknowledgements are there. */
  readonly #complete = (now: number, message: CoherenceMessage): void => {
    const { request } = message;
    const { processor, kind, line, entry, step } = request;
    const { exclusive, owner } = this.#tables;
    const state = request.shared ? this.#tables.shared[step]! : this.#tables.alone[step]!;
    this.#put(request, state, now);
    if (kind !== READ) entry.sharers.length = 0;
    entry.share(processor);
    if (exclusive[state] || owner[state]) entry.owner = processor;
    else if (entry.owner !== NOBODY && !this.#owns(entry.owner, line)) entry.owner = NOBODY;
    this.#requesters.perform(processor, now);
    this.#requesters.resume(processor, now);
    const held = kind === READ || kind === WRITE ? 0 : this.#readModifyWrite.occupancy;
    this.#events.schedule(message, now + held, this.#release);
  };

  readonly #release = (now: number, { request }: CoherenceMessage): void => {
    this.#serveNext(now, request.entry);
    this.#end(request);
  };

  /** A store-conditional comes too late. */
  readonly #refuse = (now: number, message: CoherenceMessage): void => {
    const { processor, home, entry } = message.request;
    this.#fabric.fromHome(now, message, home, processor, "control", this.#refused);
    this.#serveNext(now, entry);
  };

  readonly #refused = (now: number, { request }: CoherenceMessage): void => {
    this.#end(request);
    this.#requesters.resume(request.processor, now);
  };

  /** The home serves the next request for the line. */
  #serveNext(now: number, entry: Entry): void {
    entry.busy = false;
    const next = entry.waiting.shift();
    if (next !== undefined) this.#serve(now, next);
  }

  #end(request: Request): void {
    request.end();
    this.#idle[request.processor]!.push(request);
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
        entry.unshare(processor);
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
