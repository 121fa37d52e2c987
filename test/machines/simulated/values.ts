import type { SnoopingBus } from "#machines/machines/simulated/memory/bus.js";
import type { Protocol, Transaction } from "#machines/machines/simulated/memory/protocols/protocol.js";
import type { Reference } from "./oracle.js";

/** The states of one address in the caches of a bus, by processor. */
export function statesOf(bus: SnoopingBus, address: number): string[] {
  const high = Math.floor(address / 2 ** 32) | 0;
  return bus.caches.map((cache) => {
    const slot = cache.find(high, address | 0);
    return slot < 0 ? "I" : bus.states[cache.states[slot]!]!;
  });
}

/**
 * Follows the data that a protocol's table moves beside a bus that has only states: the value of a line is the number
 * of the last write to it. Throws where a processor would see a stale value or an invariant is broken.
 */
export class Values {
  readonly #memory = new Map<number, number>();
  readonly #latest = new Map<number, number>();
  readonly #copies: Map<number, number>[];
  #writes = 0;

  constructor(
    readonly protocol: Protocol,
    readonly bus: SnoopingBus,
    readonly line: number,
  ) {
    this.#copies = bus.caches.map(() => new Map());
  }

  /** Does one reference on the bus and with the values. */
  access({ processor, write, address }: Reference): void {
    const number = Math.floor(address / this.line);
    const held = this.#snapshot();
    const before = statesOf(this.bus, address);
    this.bus.access(processor, write ? 1 : 0, Math.floor(address / 2 ** 32) | 0, address | 0);
    this.#evict(processor, held, number);

    const mine = this.#copies[processor]!;
    const step = this.protocol.processor[before[processor]!]![write ? "write" : "read"];
    if (step.bus !== undefined) this.#transact(step.bus, processor, number, before);
    this.#demand(mine.get(number) === (this.#latest.get(number) ?? 0), `processor ${processor} sees a stale value`);
    if (write) {
      mine.set(number, ++this.#writes);
      this.#latest.set(number, this.#writes);
      const others = this.#copies.filter((copies, p) => p !== processor && copies.has(number));
      const updates = step.bus === "update" || (step.ifShared === "update" && others.length > 0);
      if (updates) for (const copies of others) copies.set(number, this.#writes);
      if (updates && this.protocol.updatesMemory) this.#memory.set(number, this.#writes);
    }
    for (const line of this.#lines()) this.#check(line);
  }

  #transact(transaction: Transaction, requester: number, number: number, before: readonly string[]): void {
    let fetched: number | undefined;
    for (const [p, state] of before.entries()) {
      if (p === requester || state === "I") continue;
      const answer = this.protocol.snoop[state]![transaction]!;
      const copy = this.#copies[p]!.get(number)!;
      if (answer.flush === "to memory") this.#memory.set(number, copy);
      if (answer.supplies) fetched = copy;
      if (answer.next === "I") this.#copies[p]!.delete(number);
    }
    if (transaction === "read" || transaction === "readExclusive") {
      this.#copies[requester]!.set(number, fetched ?? this.#memory.get(number) ?? 0);
    }
  }

  #lines(): number[] {
    return [...new Set(this.#copies.flatMap((copies) => [...copies.keys()]))];
  }

  #snapshot(): { lines: number[]; states: Map<number, string>[] } {
    const lines = this.#lines();
    const states = this.#copies.map(() => new Map<number, string>());
    for (const line of lines) {
      for (const [p, state] of statesOf(this.bus, line * this.line).entries()) states[p]!.set(line, state);
    }
    return { lines, states };
  }

  /** Lines that the requester no longer has made room: a dirty one goes to memory. */
  #evict(processor: number, held: { lines: number[]; states: Map<number, string>[] }, number: number): void {
    for (const line of held.lines) {
      const copies = this.#copies[processor]!;
      if (line === number || !copies.has(line)) continue;
      if (statesOf(this.bus, line * this.line)[processor] !== "I") continue;
      const state = held.states[processor]!.get(line)!;
      if (this.protocol.states[state]!.owner) this.#memory.set(line, copies.get(line)!);
      copies.delete(line);
    }
  }

  #check(line: number): void {
    const states = statesOf(this.bus, line * this.line);
    const holders = states.filter((state) => state !== "I");
    const owners = holders.filter((state) => this.protocol.states[state]!.owner);
    const said = `line ${line}: ${states}`;
    // At most one of M, E, D, V and then no other copy, written with the letters, not with the table's promises.
    if (holders.some((state) => ["M", "E", "D", "V"].includes(state))) this.#demand(holders.length === 1, said);
    this.#demand(holders.filter((state) => ["M", "O", "D", "Sm"].includes(state)).length === owners.length, said);
    this.#demand(owners.length <= 1, `${said}: owners`);
    for (const [p, state] of states.entries()) {
      const copy = this.#copies[p]!.get(line);
      this.#demand((copy === undefined) === (state === "I"), `${said}: copy of ${p}`);
      if (copy !== undefined)
        this.#demand(copy === this.#latest.get(line) || !this.#latest.has(line), `${said}: equal`);
    }
    const current = (this.#memory.get(line) ?? 0) === (this.#latest.get(line) ?? 0);
    if (owners.length === 0) this.#demand(current, `${said}: memory current unless owned`);
    if (this.protocol.name === "firefly" && holders.length > 1) this.#demand(current, `${said}: current where shared`);
  }

  #demand(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${this.protocol.name}: ${what}`);
  }
}
