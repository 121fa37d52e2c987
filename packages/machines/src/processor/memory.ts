/** A program's memory, and the accesses to it that processors stop for. */

import { TRAPS } from "../wasm/instructions.js";
import type { DataSegment } from "../wasm/module.js";
import { type LastStop, STOP } from "./stop.js";

/** What an access is: a stop's description, or a copy of it. */
export type Access = Pick<LastStop, "address" | "size" | "operator" | "low" | "high" | "low2" | "high2">;

/** Operators of read-modify-writes by their numbers; see OPERATORS in src/wasm/memory-operators.ts. */
const ADD = 0;
const SUBTRACT = 1;
const AND = 2;
const OR = 3;
const XOR = 4;

/** Performs accesses one after the other: each is atomic, since nobody else is at the memory. */
export abstract class Accesses {
  /** The lower 32 bits that the last access found in memory, zero-extended from its size; as a signed number. */
  low = 0;
  /** The upper 32 bits. */
  high = 0;

  /** Reads 1, 2, 4 or 8 bytes, little-endian, into `low` and `high`. */
  abstract load(address: number, size: number): void;

  /** Writes 1, 2, 4 or 8 bytes, little-endian. */
  abstract store(address: number, size: number, low: number, high: number): void;

  /** Performs the load, store, readModifyWrite or compareExchange that a processor stopped for. */
  perform(kind: number, stop: Access): void {
    const { address, size } = stop;
    if (kind === STOP.store) {
      this.store(address, size, stop.low, stop.high);
      return;
    }
    this.load(address, size);
    switch (kind) {
      case STOP.readModifyWrite:
        this.#modify(stop);
        return;
      case STOP.compareExchange:
        if (this.low === stop.low && this.high === stop.high) this.store(address, size, stop.low2, stop.high2);
    }
  }

  #modify({ address, size, operator, low, high }: Access): void {
    switch (operator) {
      case ADD: {
        const sum = (this.low >>> 0) + (low >>> 0);
        this.store(address, size, sum | 0, (this.high + high + (sum > 0xffffffff ? 1 : 0)) | 0);
        return;
      }
      case SUBTRACT: {
        const difference = (this.low >>> 0) - (low >>> 0);
        this.store(address, size, difference | 0, (this.high - high - (difference < 0 ? 1 : 0)) | 0);
        return;
      }
      case AND:
        this.store(address, size, this.low & low, this.high & high);
        return;
      case OR:
        this.store(address, size, this.low | low, this.high | high);
        return;
      case XOR:
        this.store(address, size, this.low ^ low, this.high ^ high);
        return;
      default:
        this.store(address, size, low, high);
        return;
    }
  }
}

/** The platform's memory, in which a program runs. */
export class GuestMemory extends Accesses {
  readonly memory: WebAssembly.Memory;
  #words: Int32Array = new Int32Array();
  #view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));

  constructor(memory: WebAssembly.Memory) {
    super();
    this.memory = memory;
    this.refresh();
  }

  /** Bytes. */
  get size(): number {
    return this.#view.byteLength;
  }

  /** To be called when the memory may have grown. */
  refresh(): void {
    const { buffer } = this.memory;
    this.#words = new Int32Array<ArrayBufferLike>(buffer);
    this.#view = new DataView(buffer);
  }

  /** What memory.grow returns: the pages before, -1 if there cannot be so many more. */
  grow(pages: number): number {
    try {
      return this.memory.grow(pages);
    } catch {
      return -1;
    } finally {
      this.refresh();
    }
  }

  /**
   * Writes a module's active data segments, as each of its instantiations does.
   *
   * @throws {Error} if one of them is not all in the memory; those before it have been written
   */
  initialize(data: readonly DataSegment[]): void {
    for (const [i, { mode, offset, bytes }] of data.entries()) {
      if (mode !== "active") continue;
      if (offset + bytes.length > this.size) {
        throw new Error(`Cannot instantiate the module: data segment ${i}: ${TRAPS.memoryOutOfBounds}`);
      }
      new Uint8Array(this.memory.buffer).set(bytes, offset);
    }
  }

  load(address: number, size: number): void {
    this.high = 0;
    if (size === 4) {
      this.low = address & 3 ? this.#view.getInt32(address, true) : this.#words[address >>> 2]!;
    } else if (size === 8) {
      this.low = this.#view.getInt32(address, true);
      this.high = this.#view.getInt32(address + 4, true);
    } else {
      this.low = size === 1 ? this.#view.getUint8(address) : this.#view.getUint16(address, true);
    }
  }

  store(address: number, size: number, low: number, high: number): void {
    if (size === 4) {
      if (address & 3) this.#view.setInt32(address, low, true);
      else this.#words[address >>> 2] = low;
    } else if (size === 8) {
      this.#view.setInt32(address, low, true);
      this.#view.setInt32(address + 4, high, true);
    } else if (size === 1) {
      this.#view.setUint8(address, low);
    } else {
      this.#view.setUint16(address, low, true);
    }
  }
}
