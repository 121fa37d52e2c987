import { type Allocate, type Allocation, bytesIn, doublesIn, wordsIn } from "../../../processor/allocation.js";
import type { GuestMemory } from "../../../processor/memory.js";
import { guestBytes, sharedGuestBytes } from "../../../processor/modules.js";
import type { Processors } from "../../../processor/processors.js";
import type { Stacks } from "../../../processor/stacks.js";
import type { MemorySystem } from "../memory/memory-system.js";
import type { LastWrites } from "../memory/miss-history.js";
import { privilegedRunnerBytes, runnerBytes } from "./modules.js";
import { RECORD } from "./record.js";

/** The exports of src/machines/simulated/processors/runner/runner.ts. */
interface Exports {
  setRecords(address: number): void;
  setDue(size: number, times: number, processors: number, winners: number): void;
  setWrites(last: number, pages: number): void;
  setCaches(line: number, ways: number, sets: number, silent: number): void;
  setTiming(instruction: number, hit: number, parks: number, notice: number): void;
  schedule(processor: number, time: number): void;
  advance(processor: number): number;
  spins(processor: number): number;
  go(until: number, ahead: number, end: number, most: number): number;
  /** With a kernel mode. */
  setPageBits(bits: number): void;
  translate(processor: number, record: number, write: number): number;
}

/** What became of a processor whose access was due. Its numbers are the runner's. */
export const TURN = {
  /** The access is to take place. */
  left: 1,
  /** It is a load, to take place in a loop that spins. */
  spins: 2,
  /** It is over, and the processor has stopped for what it does at once. */
  stopped: 3,
} as const;

/** Returned by `Runner.go`: nobody is to be looked after. */
export const NOBODY = -1;

const runnerModule = new WebAssembly.Module(runnerBytes);
let privilegedRunnerModule: WebAssembly.Module | undefined;
const guestModules = {
  shared: new WebAssembly.Module(sharedGuestBytes),
  unshared: new WebAssembly.Module(guestBytes),
};

/**
 * Runs processors in the order of simulated time, in WebAssembly as long as their references hit; what it keeps of them
 * is in the interpreter's memory.
 */
export class Runner {
  /** Allocation beside the processors' state. */
  readonly allocate: Allocate;
  /** The runner's copy of the table in Hitting. */
  silent: Uint8Array = new Uint8Array();
  readonly #exports: Exports;
  readonly #processors: number;
  readonly #records: Allocation;
  readonly #nextDue: Float64Array;

  /**
   * @param ranks by processor: its turn among those that act in the same cycle
   * @param pageBits with a kernel mode: the logarithm of a page's bytes
   */
  constructor(contexts: Processors | Stacks, guest: GuestMemory, ranks: readonly number[], pageBits?: number) {
    this.allocate = (bytes) => contexts.extend(bytes);
    const { memory } = guest;
    // Pages that are not isolated have no name for shared buffers.
    const shared = !(memory.buffer instanceof ArrayBuffer);
    const values = new WebAssembly.Instance(guestModules[shared ? "shared" : "unshared"], { env: { memory } });
    if (pageBits !== undefined) privilegedRunnerModule ??= new WebAssembly.Module(privilegedRunnerBytes);
    const instance = new WebAssembly.Instance(pageBits === undefined ? runnerModule : privilegedRunnerModule!, {
      env: { memory: contexts.exports.memory! },
      processor: contexts.exports,
      guest: values.exports,
    });
    this.#exports = instance.exports as unknown as Exports;
    this.#processors = ranks.length;
    this.#records = this.allocate(RECORD.bytes * ranks.length);
    this.#exports.setRecords(this.#records.address);
    if (pageBits !== undefined) this.#exports.setPageBits(pageBits);
    this.#nextDue = this.#makeDue(ranks);
  }

  /** Makes the order of what is due; where the first time of it is. */
  #makeDue(ranks: readonly number[]): Float64Array {
    const size = 2 ** Math.ceil(Math.log2(ranks.length));
    const times = doublesIn(this.allocate, size + 1);
    const processors = wordsIn(this.allocate, size);
    const winners = this.allocate(8 * size);
    for (const [processor, rank] of ranks.entries()) processors[rank] = processor;
    this.#exports.setDue(size, times.byteOffset, processors.byteOffset, winners.address);
    return times.subarray(size);
  }

  /** To be called once, before anything is due. */
  connect(writes: LastWrites, { hitting, notice }: MemorySystem, cyclesPerInstruction: number, parking: boolean): void {
    this.#exports.setWrites(writes.number.byteOffset, writes.places.byteOffset);
    this.#exports.setTiming(cyclesPerInstruction, hitting?.cycles ?? 0, Number(parking), notice);
    if (hitting === undefined) return;
    const { geometry, silent } = hitting;
    const { line, ways, size } = geometry;
    this.silent = bytesIn(this.allocate, silent.length);
    this.silent.set(silent);
    this.#exports.setCaches(line, ways, size / line / ways, this.silent.byteOffset);
    // There may be one more, which is no processor's.
    hitting.caches.slice(0, this.#processors).forEach((cache, processor) => {
      const { buffer, address } = this.recordOf(processor);
      const words = new Int32Array(buffer, address, RECORD.bytes / 4);
      words[RECORD.states / 4] = cache.states.byteOffset;
      words[RECORD.tags / 4] = cache.low.byteOffset;
      words[RECORD.used / 4] = cache.used.byteOffset;
      words[RECORD.guesses / 4] = cache.guesses.byteOffset;
      words[RECORD.tally / 4] = cache.tally.byteOffset;
      words[RECORD.dropped / 4] = hitting.histories[processor]!.dropped.byteOffset;
    });
  }

  /** Where the runner keeps what it needs of a processor. */
  recordOf(processor: number): Allocation {
    const { buffer, address } = this.#records;
    return { buffer, address: address + RECORD.bytes * processor };
  }

  /** When the first access is due; Infinity if none is. */
  get nextDue(): number {
    return this.#nextDue[0]!;
  }

  /** The processor's access is due at a time. */
  schedule(processor: number, time: number): void {
    this.#exports.schedule(processor, time);
  }

  /** The processor computes up to its next stop; which that is. */
  advance(processor: number): number {
    return this.#exports.advance(processor);
  }

  /**
   * With a kernel mode: whether the processor's access is now to a physical address, because its page is one of those that
   * are looked up quickly.
   */
  translate(processor: number, write: boolean): boolean {
    return this.#exports.translate(processor, this.recordOf(processor).address, Number(write)) !== 0;
  }

  /** With a kernel mode: nothing is due of the processor any more. */
  withdraw(processor: number): void {
    this.#exports.schedule(processor, Number.POSITIVE_INFINITY);
  }

  /** The processor is about to load, and did nothing but that since the last reset; whether it spins. */
  spins(processor: number): boolean {
    return this.#exports.spins(processor) !== 0;
  }

  /**
   * Lets processors go on, until one comes to what is not the runner's, in the order in which they are due; or all that
   * are due before `until` have had their turns, and those that hit before `ahead`; or `most` turns are over. Nobody has
   * one after `end`. Nothing is due of the processor that it comes to.
   *
   * @returns its number times 4, and which turn it had; or NOBODY
   */
  go(until: number, ahead: number, end: number, most: number): number {
    return this.#exports.go(until, ahead, end, most);
  }
}
