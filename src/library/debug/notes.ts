/**
 * What a worker that is debugged says about itself, in a block of the space that its slot keeps:
 *
 *     0       bytes of the stack
 *     4       the stack of its last wait, UTF-8
 *     2048    waits: 64 entries of | object | waits | longest, µs | all, µs |
 *     3072    keepers: a word for each slot, from 0 on; kernel/library/wait-graph.ts
 *
 * Written by the slot's worker alone; all but the keepers are read by others.
 */
import type { SharedSpace } from "../space.js";

const STACK_BYTES = 2044;
const WAITS = 2048;
const ENTRY = 16;
const ENTRIES = 64;
const KEEPERS = WAITS + ENTRIES * ENTRY;

/** Their address; 0: the space is full. */
export function makeNotes({ kernel }: SharedSpace): number {
  return kernel.allocate(KEEPERS + 4 * (kernel.workers() + 1)) >>> 0;
}

export function keepersIn(notes: number): number {
  return notes + KEEPERS;
}

/** The slot of one who keeps a worker of a cycle from going on. */
export function keeperOf(space: SharedSpace, notes: number, slot: number): number {
  const keeper = KEEPERS + 4 * slot;
  return space.words(notes, keeper + 4)[(notes + keeper) >>> 2]!;
}

/** Of an object: the times that workers have blocked for it, since they are debugged. */
export interface Waits {
  readonly object: number;
  readonly waits: number;
  /** Milliseconds. */
  readonly longest: number;
  readonly total: number;
}

export function writeStack(space: SharedSpace, notes: number, stack: string): void {
  const text = new TextEncoder().encode(stack).subarray(0, STACK_BYTES);
  space.bytes(notes, KEEPERS).set(text, notes + 4);
  Atomics.store(space.words(notes, KEEPERS), notes >>> 2, text.length);
}

export function readStack(space: SharedSpace, notes: number): string {
  const length = Atomics.load(space.words(notes, KEEPERS), notes >>> 2);
  // Text decoders take no shared memory.
  return new TextDecoder().decode(space.bytes(notes, KEEPERS).slice(notes + 4, notes + 4 + length));
}

/** Counts a wait, unless 64 objects are counted already. */
export function countWait(space: SharedSpace, notes: number, object: number, milliseconds: number): void {
  const words = space.words(notes, KEEPERS);
  const microseconds = Math.round(milliseconds * 1000);
  for (let i = 0, at = (notes + WAITS) >>> 2; i < ENTRIES; i++, at += ENTRY / 4) {
    const there = Atomics.load(words, at) >>> 0;
    if (there !== 0 && there !== object) continue;
    Atomics.store(words, at + 1, words[at + 1]! + 1);
    Atomics.store(words, at + 2, Math.max(words[at + 2]! >>> 0, microseconds));
    Atomics.store(words, at + 3, words[at + 3]! + microseconds);
    Atomics.store(words, at, object);
    return;
  }
}

export function* readWaits(space: SharedSpace, notes: number): Generator<Waits> {
  const words = space.words(notes, KEEPERS);
  for (let i = 0, at = (notes + WAITS) >>> 2; i < ENTRIES; i++, at += ENTRY / 4) {
    const object = Atomics.load(words, at) >>> 0;
    if (object === 0) return;
    const [waits, longest, total] = [1, 2, 3].map((word) => Atomics.load(words, at + word) >>> 0);
    yield { object, waits: waits!, longest: longest! / 1000, total: total! / 1000 };
  }
}
