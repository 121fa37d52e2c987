/**
 * Jobs: the records of a pool, each for one task at a time, from its submission to the moment at which its submitter knows
 * its outcome.
 *
 *     J | state: 64 bits | executor | flags | begun | submitted | arguments: bytes, block | result: bytes, block, how |
 *     J + 64    arguments in place: 192 bytes     J + 256   the result in place: 128 bytes
 *
 *     state:    | generation 32 | owner: a slot 24 | state 8 |           all of it changes by one compare_and_swap
 *
 *     state       means                                     next, and by whom
 *     FREE        nobody's                                  FILLING: whoever submits
 *     FILLING     its owner writes the arguments            QUEUED: the owner, who then makes it ready, or mails it
 *     QUEUED      it waits                                  RUNNING: an executor. FILLING: the owner, who takes it back
 *     RUNNING     an executor executes it                   DONE: the executor. DIED: the maker, if the executor is dead
 *     ASKED       so, and it waits for values by a port     RUNNING: the executor, once it has them. DIED
 *     DONE, DIED  there is an outcome                       FREE: the owner. FILLING: the owner, who submits it again
 *
 * An owner that is dead is 0. What would be told to it is not: whoever would tell it makes the record FREE.
 *
 * Invariant: a record has one owner and one state at a time, and who may change it is in the table. A block belongs to
 * the record that names it, and goes with it: a death between its allocation and its naming leaves that one block unfreed.
 */
import { fetch_and_store, read, write } from "../atomics";
import { allocate, release } from "./allocator";

export enum State {
  Free = 0,
  Filling = 1,
  Queued = 2,
  Running = 3,
  Asked = 4,
  Done = 5,
  Died = 6,
}

// Flags.
/** It is for one executor, told by mail, and in no queue. */
export const PINNED: u32 = 1;
/** Its submitter wants it to end. */
export const STOP: u32 = 2;
/** It DIED before it was begun. */
export const UNBEGUN: u32 = 4;
/** It is executed where its key is warm; where it is cold. Neither if it has none. */
export const WARM: u32 = 8;
export const COLD: u32 = 16;
/** It is to stop, and did not: its executor is to be ended. */
export const DOOMED: u32 = 32;
/** It was in another executor's queue. */
export const STOLEN: u32 = 64;

// Offsets in a record, which packages/library reads.
export const STATE: u32 = 0;
export const GENERATION: u32 = 4;
export const EXECUTOR: u32 = 8;
export const FLAGS: u32 = 12;
export const BEGUN: u32 = 16;
export const SUBMITTED: u32 = 20;
export const ARGUMENTS_BYTES: u32 = 24;
export const ARGUMENTS_BLOCK: u32 = 28;
export const RESULT_BYTES: u32 = 32;
export const RESULT_BLOCK: u32 = 36;
export const HOW: u32 = 40;
export const ARGUMENTS: u32 = 64;
export const RESULT: u32 = 256;
export const JOB_BYTES: u32 = 384;

const MOST_ARGUMENTS: u32 = RESULT - ARGUMENTS;
const MOST_RESULT: u32 = JOB_BYTES - RESULT;

export function wordOf(J: usize): u64 {
  return atomic.load<u64>(J);
}

export function stateOf(word: u64): State {
  return <State>(word & 0xff);
}

/** The slot, 0 if it is dead. */
export function ownerOf(word: u64): u32 {
  return <u32>((word >> 8) & 0xffffff);
}

/** The same generation's, of another state. */
function withState(word: u64, state: State): u64 {
  return (word & ~(<u64>0xff)) | <u64>state;
}

function replace(J: usize, word: u64, by: u64): bool {
  return atomic.cmpxchg<u64>(J, word, by) == word;
}

/** False: it is not what `word` says any more. */
export function advance(J: usize, word: u64, state: State): bool {
  return replace(J, word, withState(word, state));
}

/** Takes a FREE record for a slot. */
export function begin(J: usize, slot: u32): bool {
  const word = wordOf(J);
  return stateOf(word) == State.Free && replace(J, word, word | ((<u64>slot) << 8) | State.Filling);
}

/** From FILLING to QUEUED, by its owner: a generation of its own, so that what was read of an earlier one changes nothing. */
export function enqueue(J: usize): void {
  atomic.store<u64>(J, withState(wordOf(J) + ((<u64>1) << 32), State.Queued));
}

/** Its owner is dead. */
export function disown(J: usize, word: u64): bool {
  return replace(J, word, word & ~((<u64>0xffffff) << 8));
}

/** Of a record that is the caller's alone: its blocks, then itself. */
export function free(J: usize): void {
  releaseBlocks(J);
  atomic.store<u64>(J, (wordOf(J) >> 32) << 32);
}

/** Once, also if it is done again. */
function releaseBlock(place: usize): void {
  const block = fetch_and_store(place, 0);
  if (block != 0) release(block);
}

export function releaseBlocks(J: usize): void {
  releaseBlock(J + ARGUMENTS_BLOCK);
  releaseBlock(J + RESULT_BLOCK);
}

export function releaseResult(J: usize): void {
  releaseBlock(J + RESULT_BLOCK);
}

/** Where so many bytes of arguments are to be written; 0: there is no room. Once, in FILLING. */
export function roomForArguments(J: usize, bytes: u32): usize {
  return room(J + ARGUMENTS_BYTES, J + ARGUMENTS, bytes, MOST_ARGUMENTS);
}

/** The same of its result, in RUNNING. */
export function roomForResult(J: usize, bytes: u32): usize {
  return room(J + RESULT_BYTES, J + RESULT, bytes, MOST_RESULT);
}

/** `place`: of the number of bytes, before that of the block's address. */
function room(place: usize, inPlace: usize, bytes: u32, most: u32): usize {
  releaseBlock(place + 4);
  write(place, bytes);
  if (bytes <= most) return inPlace;
  const block = allocate(bytes);
  write(place + 4, <u32>block);
  return block;
}

export function executorOf(J: usize): u32 {
  return read(J + EXECUTOR);
}

export function has(J: usize, flag: u32): bool {
  return (read(J + FLAGS) & flag) != 0;
}

export function setFlag(J: usize, flag: u32): void {
  atomic.or<u32>(J + FLAGS, flag);
}
