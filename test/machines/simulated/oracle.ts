import type { Counters } from "#machines/machines/simulated/memory/bus.js";
import type { Geometry } from "#machines/machines/simulated/memory/cache.js";

/** One reference of a trace; the address is a whole number. */
export interface Reference {
  readonly processor: number;
  readonly write: boolean;
  readonly address: number;
}

interface Line {
  readonly number: number;
  state: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The protocols once more, from the textbooks' diagrams and in prose-like code, knowing nothing of the tables: lists of
 * lines, the most recently used last.
 */
export class Oracle {
  readonly counters: Mutable<Counters>[];
  /** By processor and set. */
  readonly #caches: Line[][][];

  constructor(
    readonly protocol: string,
    readonly processors: number,
    readonly geometry: Geometry,
  ) {
    const sets = geometry.size / geometry.line / geometry.ways;
    this.#caches = Array.from({ length: processors }, () => Array.from({ length: sets }, () => []));
    this.counters = Array.from({ length: processors }, () => ({
      reads: 0,
      readMisses: 0,
      writes: 0,
      writeMisses: 0,
      writeBacks: 0,
      cacheToCacheTransfers: 0,
      interventions: 0,
      invalidations: 0,
      flushes: 0,
      busReadExclusive: 0,
      busUpgrades: 0,
      busUpdates: 0,
      memoryTransactions: 0,
      dirtyEvictions: 0,
    }));
  }

  /** The state of an address in each cache. */
  states(address: number): string[] {
    return this.#caches.map((_, p) => this.#line(p, address)?.state ?? "I");
  }

  access({ processor, write, address }: Reference): void {
    const mine = this.counters[processor]!;
    if (write) mine.writes++;
    else mine.reads++;
    const line = this.#line(processor, address);
    if (line === undefined) {
      if (write) mine.writeMisses++;
      else mine.readMisses++;
      this.#miss(processor, write, address);
    } else {
      const set = this.#set(processor, address);
      set.push(set.splice(set.indexOf(line), 1)[0]!);
      if (write) this.#writeHit(processor, line, address);
    }
  }

  #set(processor: number, address: number): Line[] {
    const sets = this.#caches[processor]!;
    return sets[Math.floor(address / this.geometry.line) % sets.length]!;
  }

  #line(processor: number, address: number): Line | undefined {
    const number = Math.floor(address / this.geometry.line);
    return this.#set(processor, address).find((line) => line.number === number);
  }

  #holders(except: number, address: number): { p: number; line: Line; counters: Mutable<Counters> }[] {
    return this.counters.flatMap((counters, p) => {
      const line = p === except ? undefined : this.#line(p, address);
      return line === undefined ? [] : [{ p, line, counters }];
    });
  }

  #invalidateOthers(processor: number, address: number): void {
    for (const { p, line, counters } of this.#holders(processor, address)) {
      counters.invalidations++;
      const set = this.#set(p, address);
      set.splice(set.indexOf(line), 1);
    }
  }

  /** Makes room and puts the line in. */
  #allocate(processor: number, address: number, state: string): void {
    const set = this.#set(processor, address);
    if (set.length === this.geometry.ways) {
      const { state } = set.shift()!;
      if (["M", "O", "D", "Sm"].includes(state)) {
        const mine = this.counters[processor]!;
        mine.dirtyEvictions++;
        mine.writeBacks++;
        mine.memoryTransactions++;
      }
    }
    set.push({ number: Math.floor(address / this.geometry.line), state });
  }

  #miss(processor: number, write: boolean, address: number): void {
    const mine = this.counters[processor]!;
    const holders = this.#holders(processor, address);
    const shared = holders.length > 0;
    const dirty = holders.find(({ line }) => ["M", "O", "D", "Sm"].includes(line.state));
    if (dirty !== undefined) dirty.counters.flushes++;
    const memoryTakesIt = ["msi", "msi-upgrade", "mesi", "mesif", "firefly"].includes(this.protocol);
    if (dirty !== undefined && memoryTakesIt) {
      dirty.counters.writeBacks++;
      dirty.counters.memoryTransactions++;
    }
    let fromCache = false;
    if (this.protocol === "mesi" || this.protocol === "firefly") fromCache = shared;
    if (["mosi", "moesi", "dragon"].includes(this.protocol)) fromCache = dirty !== undefined;
    // Of those that only share, the forwarder alone answers.
    const answers = (state: string) => state !== "S";
    if (this.protocol === "mesif" || this.protocol === "moesif")
      fromCache = holders.some(({ line }) => answers(line.state));
    if (fromCache) mine.cacheToCacheTransfers++;
    else mine.memoryTransactions++;

    const invalidating = this.protocol !== "firefly" && this.protocol !== "dragon";
    if (invalidating && write) {
      mine.busReadExclusive++;
      this.#invalidateOthers(processor, address);
      this.#allocate(processor, address, "M");
      return;
    }
    // Everything else reads the line first: an exclusive holder learns that it is no longer alone.
    for (const { line, counters } of holders) {
      if (["M", "E", "V", "D"].includes(line.state)) counters.interventions++;
      if (["mosi", "moesi", "moesif"].includes(this.protocol) && line.state === "M") line.state = "O";
      else if (this.protocol === "moesif" && line.state === "E") line.state = "F";
      else if (this.protocol === "mesif" && line.state === "F") line.state = "S";
      else if (this.protocol === "dragon" && line.state === "M") line.state = "Sm";
      else if (this.protocol === "dragon" && line.state === "E") line.state = "Sc";
      else if (["M", "E", "V", "D"].includes(line.state)) line.state = "S";
    }
    if (!write) {
      const alone = { msi: "S", "msi-upgrade": "S", mosi: "S", firefly: "V" }[this.protocol] ?? "E";
      const together = { mesif: "F", dragon: "Sc" }[this.protocol] ?? "S";
      this.#allocate(processor, address, shared ? together : alone);
      return;
    }
    if (!shared) {
      this.#allocate(processor, address, this.protocol === "dragon" ? "M" : "D");
      return;
    }
    mine.busUpdates++;
    if (this.protocol === "firefly") {
      mine.memoryTransactions++;
      this.#allocate(processor, address, "S");
    } else {
      for (const { line } of holders) line.state = "Sc";
      this.#allocate(processor, address, "Sm");
    }
  }

  #writeHit(processor: number, line: Line, address: number): void {
    const mine = this.counters[processor]!;
    const others = this.#holders(processor, address);
    switch (`${this.protocol} ${line.state}`) {
      case "msi S":
        mine.busReadExclusive++;
        mine.memoryTransactions++;
        this.#invalidateOthers(processor, address);
        line.state = "M";
        break;
      case "mesi S":
      case "moesi S":
      case "moesi O":
      case "msi-upgrade S":
      case "mosi S":
      case "mosi O":
      case "mesif S":
      case "mesif F":
      case "moesif S":
      case "moesif F":
      case "moesif O":
        mine.busUpgrades++;
        this.#invalidateOthers(processor, address);
        line.state = "M";
        break;
      case "mesi E":
      case "moesi E":
      case "mesif E":
      case "moesif E":
      case "dragon E":
        line.state = "M";
        break;
      case "firefly V":
        line.state = "D";
        break;
      case "firefly S":
        mine.busUpdates++;
        mine.memoryTransactions++;
        line.state = others.length > 0 ? "S" : "V";
        break;
      case "dragon Sc":
      case "dragon Sm":
        mine.busUpdates++;
        for (const other of others) other.line.state = "Sc";
        line.state = others.length > 0 ? "Sm" : "M";
        break;
      default:
        if (line.state !== "M" && line.state !== "D") throw new Error(`${this.protocol} ${line.state}`);
    }
  }
}
