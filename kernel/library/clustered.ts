/**
 * Clustered object: one object for who uses it, and several representatives, each near the workers that it serves. Here is
 * what they share: the root's words, the words of each representative, and the history of what was broadcast to all.
 *
 *     C           | identity | a Replicated's words: version, place, guard, eventcount |
 *     C + 128     | served | root | lines | line bytes | representatives | bytes | description ... |     never changed
 *     root        | word: i64 | ...                                     on lines of their own; every worker writes them
 *     line r      | made: i32 | - | word: i64 | ...                     written by the workers that representative r serves
 *
 *     history     | bytes | - | base: u32 | snapshot bytes: u32 | snapshot, up to a multiple of 8 | record | ... |
 *     record      | bytes: u32 | - | update, up to a multiple of 8 |
 *
 *     served      workers that a representative serves, by their slots; 0: all
 *     base        the version that the snapshot is of; each record's version is 1 more than that before
 *
 * The history is the value of a Replicated, whose words the object begins with: replicated.ts has its protocol. To broadcast:
 *
 * 1. Read the place, and the lengths; look whether the place is the same: then they are the history's.
 * 2. Copy the history to a block that nobody else knows, and write the update behind it.      a death leaves that unfreed
 * 3. Replace the history, if it has the same version still; else begin again.                 done or not: replicated.ts
 *
 * Where the updates take too many bytes, the block of step 2 has a snapshot instead, by who has applied them all.
 *
 * A worker that has applied a version of a base finds the next record where the last one ended, also in a later block.
 *
 * Invariant: of two histories with the same base, the longer one begins with the shorter one. So all apply the same updates
 * in the same order. A word is read and changed whole, by one instruction. A line is its slots' for ever: who dies, or ends,
 * leaves what it has added, and the slot's next worker adds to that.
 *
 * Source: Gamsa et al., Tornado, OSDI 1999, section 3: degrees, root, representatives. Appavoo et al., ACM TOCS 25(3), 2007.
 */
import { read, write } from "../atomics";
import { enterObject, leaveObject } from "./existence";
import { FREED, Kind } from "./objects";
import { BLOCK_HEADER, createAs, isStill, lastVersion, look, room } from "./replicated";
import { CACHE_LINE, me, workers } from "./space";

export const served: u32 = CACHE_LINE;
export const root: u32 = CACHE_LINE + 4;
export const lines: u32 = CACHE_LINE + 8;
export const lineBytes: u32 = CACHE_LINE + 12;
export const representatives: u32 = CACHE_LINE + 16;
export const described: u32 = CACHE_LINE + 20;
export const description: u32 = CACHE_LINE + 24;

// Offsets in a line.
export const made: u32 = 0;
export const words: u32 = 8;

/** Of a history, before its snapshot; and of a record, before its update. */
export const HISTORY_HEADER: u32 = 8;
export const RECORD_HEADER: u32 = 8;

/** Results of `extend` that are no block, beside FREED: there is no room; the updates would take more bytes than they may. */
export const NO_ROOM: u32 = 0;
export const TOO_LONG: u32 = 1;

/** Without a snapshot, nothing broadcast, all words 0; the description is to be filled in. 0: the space is full. */
export function create(servedBy: u32, rootWords: u32, ownWords: u32, bytes: u32): usize {
  const rootAt = inLines(description + bytes);
  const linesAt = rootAt + inLines(8 * rootWords);
  const bytesEach = inLines(words + 8 * ownWords);
  const all = servedBy == 0 ? 1 : (workers() - 1) / servedBy + 1;
  const C = createAs(Kind.ClusteredObject, linesAt + all * bytesEach, HISTORY_HEADER);
  if (C == 0) return 0;
  store<u32>(C + served, servedBy);
  store<u32>(C + root, rootAt);
  store<u32>(C + lines, linesAt);
  store<u32>(C + lineBytes, bytesEach);
  store<u32>(C + representatives, all);
  store<u32>(C + described, bytes);
  return C;
}

function inLines(bytes: u32): u32 {
  return (bytes + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

function inWords(bytes: u32): u32 {
  return (bytes + 7) & ~7;
}

export function descriptionOf(C: usize): usize {
  return C + description;
}

export function describedBytes(C: usize): u32 {
  return load<u32>(C + described);
}

export function rootOf(C: usize): usize {
  return C + load<u32>(C + root);
}

export function representativesOf(C: usize): u32 {
  return load<u32>(C + representatives);
}

/** The words of a representative, by its number from 0 on; 0: no worker has used it yet. */
export function wordsOf(C: usize, representative: u32): usize {
  const line = lineOf(C, representative);
  return read(line + made) != 0 ? line + words : 0;
}

/** The words of the representative that serves this worker, which is about to use it. */
export function join(C: usize): usize {
  const each = load<u32>(C + served);
  const line = lineOf(C, each == 0 ? 0 : (me - 1) / each);
  write(line + made, 1);
  return line + words;
}

function lineOf(C: usize, representative: u32): usize {
  return C + load<u32>(C + lines) + representative * load<u32>(C + lineBytes);
}

/** Words are whole numbers that a f64 can have: 53 bits. */
export function wordLoad(word: usize): f64 {
  return <f64>atomic.load<i64>(word);
}

export function wordStore(word: usize, value: f64): void {
  atomic.store<i64>(word, <i64>value);
}

/** Returns what was there before, and so does the next. */
export function wordAdd(word: usize, value: f64): f64 {
  return <f64>atomic.add<i64>(word, <i64>value);
}

export function wordCompareExchange(word: usize, expected: f64, value: f64): f64 {
  return <f64>atomic.cmpxchg<i64>(word, <i64>expected, <i64>value);
}

/**
 * A block with the history, of the version that is `lastVersion` then, and with room for an update of so many bytes at its
 * end; if the updates take at most so many then. It replaces the history, or is released.
 */
export function extend(C: usize, identity: u32, bytes: u32, most: u32): usize {
  if (!enterObject(C, identity)) return FREED;
  const block = extended(C, bytes, most);
  leaveObject();
  return block;
}

function extended(C: usize, bytes: u32, most: u32): usize {
  const record = RECORD_HEADER + inWords(bytes);
  while (true) {
    const old = look(C);
    // It is being freed.
    if (old == 0) return FREED;
    const length = load<u32>(old);
    const snapshot = load<u32>(old + BLOCK_HEADER + 4);
    if (!isStill(C, lastVersion, old)) continue;
    if (length - HISTORY_HEADER - inWords(snapshot) + record > most) return TOO_LONG;
    const block = room(length + record);
    if (block == 0) return NO_ROOM;
    // If it is replaced meanwhile, the copy may be of anything, and the block will not take its place.
    memory.copy(block + BLOCK_HEADER, old + BLOCK_HEADER, length);
    store<u32>(block + BLOCK_HEADER + length, bytes);
    return block;
  }
}
