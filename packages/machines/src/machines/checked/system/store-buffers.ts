/**
 * What processors have stored and memory does not hold yet, under total store order (Owens, Sarkar & Sewell, TPHOLs 2009:
 * x86-TSO): a store goes into its processor's buffer, from which its own loads read, and leaves it, the oldest one first,
 * when its turn comes.
 */
import { STOP } from "../../../processor/stop.js";
import type { Cells } from "./cells.js";
import type { LocalState } from "./local-states.js";
import type { Sequences } from "./sequences.js";

/** Which stores wait in the buffer. */
export type Buffered = "plain" | "all";

/** A store in a buffer takes that many words: address, size, value's halves. */
const ENTRY = 4;
/** The most stores in a buffer: without an end, a loop that only stores would have states without end. */
export const STORE_BUFFER = 32;

export class StoreBuffers {
  readonly #cells: Cells;
  readonly #sequences: Sequences;
  readonly #effects: number[];
  readonly #buffered: Buffered;
  /** By processor. */
  readonly #buffers: readonly number[];

  /** @param effects where it says which words it changes */
  constructor(cells: Cells, sequences: Sequences, effects: number[], buffered: Buffered) {
    this.#cells = cells;
    this.#sequences = sequences;
    this.#effects = effects;
    this.#buffered = buffered;
    this.#buffers = Array.from({ length: cells.processors }, (_, processor) => cells.ofBuffer(processor));
  }

  /** As signed words, the oldest store first: its address, its size and the halves of its value. */
  of(processor: number): readonly number[] {
    return this.#sequences.of(this.#buffers[processor]!);
  }

  isEmpty(processor: number): boolean {
    return this.of(processor).length === 0;
  }

  isFull(processor: number): boolean {
    return this.of(processor).length === ENTRY * STORE_BUFFER;
  }

  /** Whether a processor's buffer holds bytes of a word. */
  holds(processor: number, word: number): boolean {
    const buffer = this.of(processor);
    for (let entry = 0; entry < buffer.length; entry += ENTRY) {
      const first = buffer[entry]! >>> 0;
      if (first >>> 2 <= word && word <= (first + buffer[entry + 1]! - 1) >>> 2) return true;
    }
    return false;
  }

  /** Whether what a processor is about to do happens when its buffer is empty, even to a word that is its alone. */
  drains({ kind, atomic }: LocalState): boolean {
    if (kind === STOP.store) return atomic && this.#buffered === "plain";
    return kind > STOP.store && kind <= STOP.fence;
  }

  mustDrain(processor: number, state: LocalState): boolean {
    return this.drains(state) && !this.isEmpty(processor);
  }

  /** Whether a processor in that state is about to store into its buffer. */
  takes(state: LocalState): boolean {
    return state.kind === STOP.store && !this.drains(state) && this.#cells.concernsShared(state.address, state.size);
  }

  push(processor: number, { address, size, low, high }: LocalState): void {
    this.#sequences.put(this.#buffers[processor]!, [...this.of(processor), address, size, low, high]);
  }

  /** Takes the oldest store to memory. */
  flush(processor: number): void {
    const cells = this.#cells;
    const buffer = this.of(processor);
    const address = buffer[0]! >>> 0;
    const size = buffer[1]!;
    cells.store(address, size, buffer[2]!, buffer[3]!);
    this.#sequences.put(this.#buffers[processor]!, buffer.slice(ENTRY));
    const last = (address + size - 1) >>> 2;
    for (let word = address >>> 2; word <= last; word++) this.#effects.push(2 * cells.ofWord(word) + 1);
  }

  /** Puts the bytes that a processor's buffer holds over those that a load has found in memory. */
  forward(processor: number, { address, size }: LocalState): void {
    const cells = this.#cells;
    const buffer = this.of(processor);
    for (let entry = 0; entry < buffer.length; entry += ENTRY) {
      const at = buffer[entry]! >>> 0;
      for (let i = 0; i < buffer[entry + 1]!; i++) {
        const offset = at + i - address;
        if (offset < 0 || offset >= size) continue;
        const byte = (buffer[entry + (i < 4 ? 2 : 3)]! >>> (8 * (i & 3))) & 0xff;
        const shift = 8 * (offset & 3);
        if (offset < 4) cells.low = (cells.low & ~(0xff << shift)) | (byte << shift);
        else cells.high = (cells.high & ~(0xff << shift)) | (byte << shift);
      }
    }
  }
}
