import { EventQueue } from "#machines/machines/simulated/events.js";
import type { Cache } from "#machines/machines/simulated/memory/cache.js";
import {
  type MemorySystem,
  PENDING,
  processorKey,
  READ,
  type Reference,
  type Requesters,
} from "#machines/machines/simulated/memory/memory-system.js";
import { LastWrites } from "#machines/machines/simulated/memory/miss-history.js";
import type { Promises, Protocol } from "#machines/machines/simulated/memory/protocols/protocol.js";

/** What a processor refers to: one word. */
export interface Access {
  readonly kind: Reference;
  readonly address: number;
}

/** Called when a reference has ended, with the times of its end and of its effect. */
type Ended = (end: number, effect: number) => void;

interface Pending {
  readonly access: Access;
  readonly since: number;
  /** When it took effect; undefined before. */
  effect: number | undefined;
  readonly ended: Ended;
}

/** Bytes of a reference. */
const WORD = 4;
/** Cycles between references that are to find an idle machine. */
const IDLE = 100_000;
const HELD = 1;
const LOST = 2;

/**
 * Processors that only refer to memory. After every event it checks what a memory system promises: the protocol's
 * invariants over all caches; that each reference takes effect once and then ends once; that whoever it takes effect
 * for holds the line, and nobody else does where writes invalidate; that a processor is told before it loses a line to
 * another, and never in the part of a cycle in which processors act. Throws where one is broken.
 */
export class Driver implements Requesters {
  readonly events = new EventQueue();
  readonly writes = new LastWrites();
  readonly memory: MemorySystem;
  readonly #protocol: Protocol | undefined;
  /** By processor. */
  readonly #caches: readonly Cache[];
  /** By the numbers that caches hold: the names of states, and what they promise. */
  readonly #states: readonly string[];
  readonly #promises: readonly Promises[];
  /** By processor. */
  readonly #pending = new Map<number, Pending>();
  /** Those that were referred to. */
  readonly #lines: number[] = [];
  /** By line, in the same order, and by processor: HELD after the last event, LOST in this one, or 0. */
  readonly #held: Uint8Array[] = [];
  /** By processor: 1 if this event gave it a line. */
  readonly #gained: Uint8Array;
  /** "processor line" of those told, since the last event, that they lose one. */
  readonly #disturbed = new Set<string>();
  /** The last cycle in which a processor acted. */
  #acted = -1;

  /** @param protocol of the caches; undefined where nothing is cached */
  constructor(processors: number, protocol: Protocol | undefined, make: (driver: Driver) => MemorySystem) {
    this.#protocol = protocol;
    this.#gained = new Uint8Array(processors);
    const memory: MemorySystem & { caches?: readonly Cache[]; states?: readonly string[] } = make(this);
    this.memory = memory;
    this.#caches = memory.caches ?? [];
    this.#states = memory.states ?? [];
    this.#promises = this.#states.map((state) => protocol!.states[state]!);
  }

  /** Has a processor refer to memory at a time. */
  at(time: number, processor: number, access: Access, ended: Ended): void {
    this.events.call(time, processorKey(processor), (now) => this.#refer(processor, access, now, ended));
  }

  /** One reference on an idle machine; returns the cycles from it to its effect and to its end. */
  alone(processor: number, kind: Reference, address: number): { effect: number; end: number } {
    const begin = this.events.now + IDLE;
    let cycles = { effect: Number.NaN, end: Number.NaN };
    this.at(begin, processor, { kind, address }, (end, effect) => {
      cycles = { effect: effect - begin, end: end - begin };
    });
    this.run();
    return cycles;
  }

  /** Lets everything happen that is to come. */
  run(): void {
    for (let event = this.events.take(); event !== undefined; event = this.events.take()) {
      if (event.key >= processorKey(0)) this.#acted = event.time;
      event.happen(this.events.now);
      this.#checkCaches();
    }
    demand(this.#pending.size === 0, () => `processors ${[...this.#pending.keys()]} wait for ever`);
  }

  /** The states of a line's copies by processor, "I" where there is none. */
  statesOf(line: number): string[] {
    return this.#caches.map((cache) => {
      const slot = cache.find(0, line | 0);
      return slot < 0 ? "I" : this.#states[cache.states[slot]!]!;
    });
  }

  perform(processor: number, now: number): void {
    const pending = this.#pendingOf(processor);
    demand(pending.effect === undefined, () => `processor ${processor}'s reference takes effect twice`);
    demand(now >= pending.since, () => `processor ${processor}'s reference takes effect before it was made`);
    this.#checkMoment(now);
    pending.effect = now;
    this.#takeEffect(processor, pending.access);
  }

  resume(processor: number, now: number): void {
    const { effect, ended } = this.#pendingOf(processor);
    demand(effect !== undefined && effect <= now, () => `processor ${processor} goes on before its reference's effect`);
    this.#checkMoment(now);
    this.#pending.delete(processor);
    ended(now, effect!);
  }

  disturb(processor: number, line: number, now: number): void {
    demand(this.memory.hits(processor, READ, line), () => `processor ${processor} is told to lose what it has not got`);
    this.#checkMoment(now);
    this.#disturbed.add(`${processor} ${line}`);
  }

  #refer(processor: number, access: Access, now: number, ended: Ended): void {
    if (this.memory.line > 0) this.#follow(this.#lineOf(access));
    const cycles = this.memory.reference(processor, access.kind, access.address, WORD, now);
    if (cycles === PENDING) {
      demand(!this.#pending.has(processor), () => `processor ${processor} has a reference under way`);
      this.#pending.set(processor, { access, since: now, effect: undefined, ended });
    } else {
      this.#takeEffect(processor, access);
      ended(now + cycles, now);
    }
  }

  #follow(line: number): void {
    if (this.#lines.includes(line)) return;
    this.#lines.push(line);
    this.#held.push(new Uint8Array(this.#caches.length));
  }

  #takeEffect(processor: number, access: Access): void {
    const { kind, address } = access;
    if (this.memory.line > 0) {
      const line = this.#lineOf(access);
      demand(
        this.memory.hits(processor, READ, line),
        () => `processor ${processor} refers to a line that it has not got`,
      );
      if (kind !== READ && this.#invalidates()) {
        const others = this.statesOf(line).filter((state, other) => other !== processor && state !== "I");
        demand(others.length === 0, () => `processor ${processor} writes what others hold: ${others}`);
      }
    }
    if (kind !== READ) this.writes.write(address, WORD);
  }

  #invalidates(): boolean {
    return Object.values(this.#protocol!.processor).every(({ write }) => write.bus !== "update");
  }

  /** Everything that others do to a processor comes before what processors do in the same cycle. */
  #checkMoment(now: number): void {
    demand(now === this.events.now, () => `it is ${this.events.now}: received ${now}`);
    demand(this.#acted < now, () => "something happens to a processor while processors act");
  }

  /**
   * The protocol's invariants over all caches; and who lost a line was told to, or made room for another of its own. It
   * looks at every line in every cache after every event, so nothing is allocated here.
   */
  #checkCaches(): void {
    const caches = this.#caches;
    this.#gained.fill(0);
    let lost = 0;
    this.#lines.forEach((line, index) => {
      const held = this.#held[index]!;
      let holders = 0;
      let owners = 0;
      let exclusive = false;
      for (let processor = 0; processor < caches.length; processor++) {
        const cache = caches[processor]!;
        const slot = cache.find(0, line | 0);
        if (slot < 0) {
          if (held[processor] === HELD) {
            held[processor] = LOST;
            lost++;
          }
          continue;
        }
        const promises = this.#promises[cache.states[slot]!]!;
        holders++;
        if (promises.owner) owners++;
        if (promises.exclusive) exclusive = true;
        if (held[processor] !== HELD) {
          held[processor] = HELD;
          this.#gained[processor] = 1;
        }
      }
      if (exclusive && holders > 1) broken(`line ${line} is exclusive, and shared: ${this.statesOf(line)}`);
      if (owners > 1) broken(`line ${line} has several owners: ${this.statesOf(line)}`);
    });
    if (lost > 0) this.#checkLosses();
    demand(this.#disturbed.size === 0, () => `told to lose a line, but has it: ${[...this.#disturbed]}`);
  }

  #checkLosses(): void {
    for (const [index, line] of this.#lines.entries()) {
      for (const [processor, held] of this.#held[index]!.entries()) {
        if (held !== LOST) continue;
        this.#held[index]![processor] = 0;
        const told = this.#disturbed.delete(`${processor} ${line}`);
        demand(told || this.#gained[processor] === 1, () => `processor ${processor} loses line ${line} untold`);
      }
    }
  }

  #pendingOf(processor: number): Pending {
    const pending = this.#pending.get(processor);
    demand(pending !== undefined, () => `processor ${processor} has no reference under way`);
    return pending!;
  }

  #lineOf({ address }: Access): number {
    return (address & -this.memory.line) >>> 0;
  }
}

function demand(holds: boolean, otherwise: () => string): void {
  if (!holds) broken(otherwise());
}

function broken(what: string): never {
  throw new Error(`Broken: ${what}`);
}
