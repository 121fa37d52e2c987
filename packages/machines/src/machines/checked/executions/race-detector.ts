/**
 * Which accesses of one execution nothing orders, by vector clocks (FastTrack: Flanagan & Freund, PLDI 2009): data races,
 * though the two may be far apart in this execution.
 *
 * What orders: each processor's program; from an atomic write to the atomic reads of the same bytes that find it; from a
 * wait or notify at an address to the next one there, for they lock its list of sleepers, and from a notify to those whom
 * it wakes; from a send to its receive; and from start functions and init to all (Watt, Rossberg & Pichon-Pharabod,
 * OOPSLA 2019; ECMAScript's critical sections of waiter lists).
 *
 * The first two accesses of an execution that nothing orders are neighbours in another one, without what comes before
 * neither of them: each read that is left still finds what it found, since the write it found comes before it.
 */
import { STOP } from "../../../processor/stop.js";
import { checkRace } from "../properties/races.js";
import { Violated } from "../properties/violation.js";
import type { LocalState } from "../system/local-states.js";
import type { System } from "../system/system.js";
import type { Event } from "./event.js";

interface Access {
  readonly processor: number;
  /** The state of its processor before. */
  readonly state: LocalState;
  readonly wrote: boolean;
  /** By processor: how many of its transitions come before it, or are it. */
  readonly clock: Int32Array;
}

/** A race, and what comes before the two accesses: so many transitions of each processor. */
export class Race extends Violated {
  readonly before: readonly number[];

  constructor(message: string, before: readonly number[]) {
    super("race", message);
    this.before = before;
  }
}

export class RaceDetector {
  readonly #system: System;
  /** By processor: how many transitions of each one come before its next one. */
  readonly #clocks: Int32Array[];
  /** By cell: the accesses that may race with later ones. */
  readonly #accesses: Access[][] = [];
  /** What who acquires there comes to know: by address * 16 + size of atomic accesses, size 0 for lists of sleepers. */
  readonly #released = new Map<number, Int32Array>();
  /** The same by channel, for each message under way. */
  readonly #messages = new Map<number, Int32Array[]>();

  /** For an execution that begins. */
  constructor(system: System) {
    this.#system = system;
    const { processors } = system;
    this.#clocks = Array.from({ length: processors }, () => new Int32Array(processors));
  }

  /**
   * Follows the system, which has just taken a transition. Returns how many pairs of accesses of one place might have
   * raced.
   *
   * @throws {Race} if two race
   */
  push({ transition, state, woken, effects }: Event): number {
    const system = this.#system;
    const processor = system.transitions.processorOf(transition);
    this.#clocks[processor]![processor]!++;
    if (system.transitions.isFlush(transition)) return 0;
    if (system.transitions.isTimeout(transition)) {
      this.#lock(processor, state);
      return 0;
    }
    if (system.transitions.isDeath(transition)) {
      const slept = state.kind === STOP.wait && effects.includes(2 * system.cells.ofQueue(state.address) + 1);
      if (slept) this.#lock(processor, state);
      return 0;
    }
    if (state.kind === STOP.notify) {
      this.#lock(processor, state);
      for (const sleeper of woken) this.#acquire(sleeper, 16 * state.address);
    } else if (state.kind === STOP.call) {
      this.#pass(processor, state);
    } else if (state.kind <= STOP.wait) {
      const place = 16 * state.address + state.size;
      if (state.atomic && state.kind !== STOP.store) this.#acquire(processor, place);
      const wrote = this.#wrote(state);
      const pairs = this.#access(processor, state, wrote);
      if (state.kind === STOP.wait) this.#lock(processor, state);
      if (state.atomic && wrote) this.#release(processor, place);
      return pairs;
    }
    return 0;
  }

  /** Whether the last transition, which was that access, wrote: a compare-and-swap that fails is a load. */
  #wrote({ kind, low, high }: LocalState): boolean {
    if (kind === STOP.compareExchange) return this.#system.low === low && this.#system.high === high;
    return kind === STOP.store || kind === STOP.readModifyWrite;
  }

  #access(processor: number, state: LocalState, wrote: boolean): number {
    const { cells } = this.#system;
    const access = { processor, state, wrote, clock: this.#clocks[processor]!.slice() };
    let pairs = 0;
    const last = (state.address + state.size - 1) >>> 2;
    for (let word = state.address >>> 2; word <= last; word++) {
      const kept: Access[] = [];
      for (const other of this.#accesses[cells.ofWord(word)] ?? []) {
        const ordered = other.clock[other.processor]! <= access.clock[other.processor]!;
        if (!ordered && this.#conflict(other, access)) pairs++;
        if (!ordered || !covers(access, other)) kept.push(other);
      }
      kept.push(access);
      this.#accesses[cells.ofWord(word)] = kept;
    }
    return pairs;
  }

  #conflict(first: Access, second: Access): boolean {
    if (!first.wrote && !second.wrote) return false;
    try {
      return checkRace(this.#system, first.processor, first.state, second.processor, second.state);
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      const before = Array.from(first.clock, (count, p) => Math.max(count, second.clock[p]!));
      before[first.processor]!--;
      before[second.processor]!--;
      throw new Race(error.message, before);
    }
  }

  #acquire(processor: number, place: number): void {
    const released = this.#released.get(place);
    if (released !== undefined) join(this.#clocks[processor]!, released);
  }

  #release(processor: number, place: number): void {
    this.#released.set(place, this.#clocks[processor]!.slice());
  }

  /** Enters and leaves the critical section of the sleepers at an address. */
  #lock(processor: number, { address }: LocalState): void {
    this.#acquire(processor, 16 * address);
    this.#release(processor, 16 * address);
  }

  /** A send or a receive. */
  #pass(processor: number, { effect, arguments: [peer = 0] }: LocalState): void {
    const clock = this.#clocks[processor]!;
    if (effect === "send") {
      this.#channel(processor, peer).push(clock.slice());
    } else if (effect === "receive") {
      join(clock, this.#channel(peer, processor).shift()!);
    }
  }

  #channel(from: number, to: number): Int32Array[] {
    const key = from * this.#system.processors + to;
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    const channel: Int32Array[] = [];
    this.#messages.set(key, channel);
    return channel;
  }
}

/** Whether what races with an access, and is not before the one that comes after it, races with that one. */
function covers(later: Access, earlier: Access): boolean {
  if (earlier.wrote && !later.wrote) return false;
  const [{ address, size, atomic }, other] = [later.state, earlier.state];
  if (atomic) return other.atomic && address === other.address && size === other.size;
  return address <= other.address && other.address + other.size <= address + size;
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let processor = 0; processor < clock.length; processor++) {
    if (other[processor]! > clock[processor]!) clock[processor] = other[processor]!;
  }
}
