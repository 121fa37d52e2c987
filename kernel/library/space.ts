/**
 * A shared space's fixed part: what every worker that uses the space finds without asking.
 *
 *     0        header      words, named below; address 0 is NIL
 *     64 KiB   page table  a word for each page of 64 KiB that a memory can have; see pages.ts
 *     320 KiB  records     one of RECORD_BYTES for each slot, 0 to `workers` + 1: slot 0 is nobody's, the last the guardian's
 *     then     spans       of 64 KiB, the allocator's
 *
 * A worker's slot is its identity in the space: owners of locks, sleepers and heaps are slots. Its record is written by
 * the worker alone while it lives, and by whoever repairs what it left behind after its death; only its state and where it
 * sleeps are read by others before, and so are atomic.
 *
 *     record | state | incarnation | sleeping | pending | slept | redo ... | journal | ... entries | move | held | ... objects
 *            | heap
 *
 * Invariant: a slot belongs to one live worker at a time, who took it by compare_and_swap of the state; and a record that
 * is FREE holds no pending lock, no journal, no move and no held object.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../atomics";

export const PAGE: u32 = 64 << 10;
/** Bytes of a cache line, two of 64: x86-64 and arm64 fetch them in pairs. */
export const CACHE_LINE: u32 = 128;

const MAGIC_WORD: usize = 4;
const WORKERS: usize = 8;
/** Words that hold a random number by which the space is known in all workers. */
const IDENTITY: usize = 16;
const CORES: usize = 24;
/** Workers that compete for cores: attached, and not asleep. */
const COMPETING: usize = 28;
/** The thread that repairs, 0 while there is none. */
const GUARDIAN: usize = 36;
/** Objects made so far: their generations. */
export const GENERATION: usize = 32;
/** The word where the allocator's searches for pages begin, on a line of its own. */
export const ALLOCATOR: usize = 1024;
/** The words of the directory of names. */
export const NAMES: usize = 16384;

/** The page table. */
export const PAGES: usize = PAGE;
const RECORDS: usize = PAGES + 4 * 65536;

/** Of what a memory begins with that is a space, of this layout. */
const MAGIC: u32 = 0x4c535031;

export const RECORD_BYTES: u32 = 4096;
/** Bytes of a record that are the allocator's. */
export const HEAP_BYTES: u32 = 1024;

const FREE: u32 = 0;
const LIVE: u32 = 1;

const NEVER: u32 = 0;
const AWAKE: u32 = 1;
const ASLEEP: u32 = 2;

// Offsets in a record.
const state: u32 = 0;
/** How many workers have had the slot. */
const incarnation: u32 = 4;
/** Whether the worker competes for cores: NEVER, or AWAKE or ASLEEP, of which AWAKE counts. */
const competes: u32 = 8;
/** The last incarnation whose end the guardian can see. */
const watchable: u32 = 20;
/** Where the worker sleeps, 0 while it runs. */
export const sleeping: u32 = 12;
/** Where it slept last: a wake-up that it did not live to act on was there. */
export const slept: u32 = 24;
/** The lock word that the worker is about to take or to release, or the guard that it is inside of; see repair.ts. */
export const pending: u32 = 16;
/** The object that the worker waits for, and one more than the number of its thread, where it has said so; see wait-graph.ts. */
export const waitsFor: u32 = 28;
export const thread: u32 = 32;
/** A block with what the slot's workers say about themselves for landspout/debug. */
export const notes: u32 = 36;
/** Changes that the worker is making to words of its own; see redo.ts. */
export const redo: u32 = 40;
/** Entries in the journal of the guarded section that the worker is in; see guard.ts. */
export const journal: u32 = 128;
/** The move of units that the worker is making; see ledger.ts. */
export const move: u32 = 456;
/** Waits that the slot's workers have written down; see wait-graph.ts. */
export const waitNumber: u32 = 472;
/** Objects held, how many and which; see holdings.ts. */
export const held: u32 = 512;
export const heap: u32 = RECORD_BYTES - HEAP_BYTES;

/** Who executes this: its slot, 1 to `workers`; 0 before it attaches. */
export let me: u32 = 0;
/** The address of its record. */
export let my: usize = 0;

export function recordOf(slot: u32): usize {
  return RECORDS + slot * RECORD_BYTES;
}

/** The first span's address. */
export function firstSpan(): usize {
  return (recordOf(read(WORKERS) + 2) + PAGE - 1) & ~(PAGE - 1);
}

export function workers(): u32 {
  return read(WORKERS);
}

/** Makes the memory, which is zero, a space. To be called once, before anybody attaches. False: it cannot grow so far. */
export function create(workers: u32, cores: u32, identityLow: u32, identityHigh: u32): bool {
  write(WORKERS, workers);
  write(CORES, cores);
  write(IDENTITY, identityLow);
  write(IDENTITY + 4, identityHigh);
  const missing = <i32>(firstSpan() / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  write(MAGIC_WORD, MAGIC);
  return true;
}

export function isSpace(): bool {
  return read(MAGIC_WORD) == MAGIC;
}

export function identity(half: u32): u32 {
  return read(IDENTITY + 4 * half);
}

/**
 * Takes a slot, 0 if all are taken.
 *
 * @param competing whether the worker will want a core; main threads, which mostly wait for events, do not
 */
export function attach(competing: bool): u32 {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (read(recordOf(slot) + state) == FREE && compare_and_swap(recordOf(slot) + state, FREE, LIVE)) {
      enterAs(slot);
      fetch_and_increment(my + incarnation);
      if (competing) atomic.add<u32>(COMPETING, 1);
      write(my + competes, competing ? AWAKE : NEVER);
      return slot;
    }
  }
  return 0;
}

/** The thread that repairs, blocks until there is one, so many milliseconds at most; 0 for none. */
export function awaitGuardian(milliseconds: f64): u32 {
  if (read(GUARDIAN) == 0) atomic.wait<u32>(GUARDIAN, 0, <i64>(milliseconds * 1e6));
  return read(GUARDIAN);
}

export function setGuardian(thread: u32): void {
  write(GUARDIAN, thread);
  atomic.notify(GUARDIAN, -1);
}

/** Makes the instance act as the worker of a slot. */
export function enterAs(slot: u32): void {
  me = slot;
  my = recordOf(slot);
}

export function isLive(slot: u32): bool {
  return read(recordOf(slot) + state) == LIVE;
}

export function incarnationOf(slot: u32): u32 {
  return read(recordOf(slot) + incarnation);
}

export function setWatchable(slot: u32): void {
  write(recordOf(slot) + watchable, incarnationOf(slot));
  atomic.notify(recordOf(slot) + watchable, -1);
}

/** Blocks until it is watchable, so many milliseconds at most. */
export function awaitWatchable(slot: u32, milliseconds: f64): void {
  const word = recordOf(slot) + watchable;
  const last = read(word);
  if (last != incarnationOf(slot)) atomic.wait<u32>(word, last, <i64>(milliseconds * 1e6));
}

export function isWatchable(slot: u32): bool {
  return read(recordOf(slot) + watchable) == incarnationOf(slot);
}

/** Gives a slot back, whose worker is gone and left nothing. */
export function vacate(slot: u32): void {
  const R = recordOf(slot);
  const competed = read(R + competes) == AWAKE;
  write(R + competes, NEVER);
  if (competed) atomic.sub<u32>(COMPETING, 1);
  write(R + state, FREE);
}

/** Whether all workers that compete can run at once: else who spins keeps others from running. */
export function enoughCores(): bool {
  return read(COMPETING) <= read(CORES);
}

/**
 * Says where the worker sleeps; meanwhile it does not compete. Who dies between the two writes counts for ever, so that others
 * spin less.
 */
export function fallAsleep(address: usize): void {
  write(my + sleeping, <u32>address);
  if (load<u32>(my + competes) != AWAKE) return;
  store<u32>(my + competes, ASLEEP);
  atomic.sub<u32>(COMPETING, 1);
}

export function wakeUp(): void {
  if (load<u32>(my + competes) == ASLEEP) {
    atomic.add<u32>(COMPETING, 1);
    store<u32>(my + competes, AWAKE);
  }
  write(my + sleeping, 0);
}

/** Whether the worker of a slot can be running. */
export function isAwake(slot: u32): bool {
  return read(recordOf(slot) + sleeping) == 0;
}

/** The address of the word at which the worker of a slot sleeps, or 0. */
export function sleepsAt(slot: u32): u32 {
  return read(recordOf(slot) + sleeping);
}
