/** Where processors stop, as the interpreter describes it in its memory. See src/processor/interpreter/stop.ts. */
import { ACCESS } from "../wasm/instructions.js";

/** Why a processor stopped. Its numbers are the interpreter's. */
export const STOP = {
  load: 0,
  store: 1,
  readModifyWrite: 2,
  compareExchange: 3,
  /** memory.atomic.wait32 or wait64, by `size`; its result is 0 for woken, 1 for not equal, 2 for timed out. */
  wait: 4,
  /** memory.atomic.notify; its result is how many were woken. */
  notify: 5,
  fence: 6,
  /** Its result is the memory's size in pages. */
  memorySize: 7,
  /** `low` is by how many pages; its result is the size before, or 2^32 - 1. */
  memoryGrow: 8,
  /** An imported function. */
  call: 9,
  /** From its entry point. */
  returned: 10,
  trap: 11,
  /** It has executed as many instructions as it may at a time. */
  budget: 12,
  /** With a kernel mode: a page of code, `address` by its number, is looked up: a function is entered, or returned to. */
  fetch: 13,
  /** With a kernel mode: the last byte of a bulk operation's destination, `address`, and of its source, `low`; `size` says which. */
  probe: 14,
} as const;

const WORD = {
  address: 0,
  access: 1,
  low: 2,
  high: 3,
  low2: 4,
  high2: 5,
  pc: 6,
  instructions: 7,
  import: 10,
  arguments: 11,
  trap: 12,
};
const DELAY = 4;

/**
 * The stop that `Processors.run` returned from last, or a copy of its words. Each field is of the kinds of stops it is
 * said of, else undefined.
 */
export class LastStop {
  #words: Int32Array = new Int32Array();
  #doubles: Float64Array = new Float64Array();

  /** Where it is: at the begin of the interpreter's memory, or a copy at another address. */
  view(buffer: ArrayBufferLike, address = 0): void {
    this.#words = new Int32Array(buffer, address, 16);
    this.#doubles = new Float64Array(buffer, address, 8);
  }

  /** Accesses, wait and notify: the address, checked for bounds and, if atomic, alignment. */
  get address(): number {
    return this.#words[WORD.address]! >>> 0;
  }

  /** Accesses and wait: bytes, 1, 2, 4 or 8. */
  get size(): number {
    return this.#words[WORD.access]! & ACCESS.size;
  }

  get atomic(): boolean {
    return (this.#words[WORD.access]! & ACCESS.atomic) !== 0;
  }

  /** Whether the program looks at the result of an access that has one. */
  get resultUsed(): boolean {
    return (this.#words[WORD.access]! & ACCESS.resultUsed) !== 0;
  }

  /** Read-modify-writes: which one, an index of OPERATORS in src/wasm/memory-operators.ts. */
  get operator(): number {
    return (this.#words[WORD.access]! >> ACCESS.operatorShift) & 7;
  }

  /** The lower 32 bits of the value to store, the operand, what is expected, or the count; as a signed number. */
  get low(): number {
    return this.#words[WORD.low]!;
  }

  /** The upper 32 bits of the same, 0 where it has no more than 32. */
  get high(): number {
    return this.#words[WORD.high]!;
  }

  /** compareExchange: the lower 32 bits of the replacement. wait: those of the timeout in nanoseconds. */
  get low2(): number {
    return this.#words[WORD.low2]!;
  }

  get high2(): number {
    return this.#words[WORD.high2]!;
  }

  /** Of the instruction that stopped; see Locations. */
  get pc(): number {
    return this.#words[WORD.pc]!;
  }

  /** Instructions executed since the processor's stop before, this one included. */
  get instructions(): number {
    return this.#words[WORD.instructions]! >>> 0;
  }

  /** Cycles that imports bound as delays took since the processor's stop before. */
  get delay(): number {
    return this.#doubles[DELAY]!;
  }

  /** call: the imported function's number. */
  get import(): number {
    return this.#words[WORD.import]!;
  }

  /** call: where the interpreter's memory has the arguments, 8 bytes each. */
  get argumentsAt(): number {
    return this.#words[WORD.arguments]!;
  }

  /** trap: why, an index of the keys of TRAPS. */
  get trap(): number {
    return this.#words[WORD.trap]!;
  }
}
