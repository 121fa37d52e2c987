/**
 * The A-stack of a call: its word, its room, and the blocks of what has no room. service.ts says who changes the word, and when.
 *
 *     A | word | caller | procedure | length | arguments' block | answer's block | index | 4 values: 32 | ... room, from 64 on |
 *     word:   | slot 16 | sequence 12 | phase 4 |       all of it changes by one compare_and_swap, where others may change it
 */
import { compare_and_swap, fetch_and_store, read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { me } from "./space";

// An A-stack.
export const caller: u32 = 4;
export const procedure: u32 = 8;
export const length: u32 = 12;
export const argumentsBlock: u32 = 16;
export const answerBlock: u32 = 20;
export const index: u32 = 24;
/** The first arguments, and the answer, where they are numbers, or lengths of what is in the room: on the line of the word. */
export const VALUES: u32 = 32;
export const ROOM: u32 = 64;

// Phases.
export const FREE: u32 = 0;
export const CLAIMED: u32 = 1;
export const CALLED: u32 = 2;
export const RUNNING: u32 = 3;
export const ORPHANED: u32 = 4;
export const ANSWERED: u32 = 5;
export const THREW: u32 = 6;
export const FAILED: u32 = 7;

const PHASE: u32 = 15;
const SEQUENCE: u32 = 0xfff0;
const ONE: u32 = 16;

export function phaseIn(word: u32): u32 {
  return word & PHASE;
}

/** Whether a phase is one of a call that its server may still write to. */
export function isUnderWay(phase: u32): bool {
  return phase == CALLED || phase == RUNNING || phase == ORPHANED;
}

export function phaseOf(A: usize): u32 {
  return phaseIn(read(A));
}

export function slotIn(word: u32): u32 {
  return word >> 16;
}

/** The worker that has an A-stack now: its server in RUNNING and ORPHANED, else its caller; 0 for none. */
export function slotOf(A: usize): u32 {
  return slotIn(read(A));
}

/** Who called last. */
export function callerOf(A: usize): u32 {
  return read(A + caller);
}

export function procedureOf(A: usize): u32 {
  return load<u32>(A + procedure);
}

export function lengthOf(A: usize): u32 {
  return load<u32>(A + length);
}

/** The word of a slot's call, the next one after a word. */
export function nextCall(word: u32, slot: u32): u32 {
  return ((word + ONE) & SEQUENCE) | CALLED | (slot << 16);
}

export function wordOf(word: u32, phase: u32, slot: u32): u32 {
  return (word & SEQUENCE) | phase | (slot << 16);
}

/** False: it is not what `word` says any more. */
export function advance(A: usize, word: u32, phase: u32, slot: u32): bool {
  return compare_and_swap(A, word, wordOf(word, phase, slot));
}

/** Takes an A-stack that is in a phase: FREE to CLAIMED, or CALLED to RUNNING. */
export function take(A: usize, from: u32): bool {
  const word = read(A);
  if (phaseIn(word) != from) return false;
  return compare_and_swap(A, word, wordOf(word, from + 1, me));
}

export function releaseBlocks(A: usize): void {
  releaseBlock(A + argumentsBlock);
  releaseBlock(A + answerBlock);
}

/** Once, also if it is done again. */
function releaseBlock(place: usize): void {
  const block: usize = read(place) != 0 ? fetch_and_store(place, 0) : 0;
  if (block != 0) release(block);
}

/** Where so many bytes are to be written: in place if there is room, else in a block named there; 0: the space is full. */
export function roomIn(A: usize, bytes: u32, place: u32, size: u32): usize {
  releaseBlock(A + place);
  if (size <= bytes) return A + ROOM;
  const block = allocate(size);
  write(A + place, <u32>block);
  return block;
}

/** Where the arguments are, which a caller has written; where the answer is. */
export function argumentsAt(A: usize): usize {
  const block: usize = read(A + argumentsBlock);
  return block != 0 ? block : A + ROOM;
}

export function answerAt(A: usize): usize {
  const block: usize = read(A + answerBlock);
  return block != 0 ? block : A + ROOM;
}
