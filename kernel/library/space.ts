/**
 * A shared space's fixed part: what every worker that uses the space finds without asking.
 *
 *     0        header      words, named below; address 0 is NIL
 *     64 KiB   page table  a word for each page of 64 KiB that a memory can have; see pages.ts
 *     320 KiB  records     one of RECORD_BYTES for each slot, 0 to `workers` + 1: slot 0 is nobody's, the last
 *                          the guardian's
 *     then     spans       of 64 KiB, the allocator's
 *
 * A worker's slot is its identity in the space: owners of locks, sleepers and heaps are slots. Its record is written by
 * the worker alone while it lives, and by whoever repairs what it left behind after its death; only its state and where
 * it sleeps are read by others before, and so are atomic.
 *
 *     record | state | repairing | sleeping | bell | slept | redo ... | journal | ... entries |
 *            | move | held ... | pending | ... entries | heap |
 *
 * The state is one word, for a slot and its worker change hands in one instruction:
 *
 *     state         who writes it                   by                        means
 *     FREE          attach of a worker              compare_and_swap to i     nobody has the slot
 *     i, not 0      who repairs incarnation i       store of FREE             the worker of incarnation i has it
 *
 * An incarnation is the number of one use of the space by one worker: no two have the same, as long as nobody stays for
 * 2^32 of them. What a death leaves, and who mends it:
 *
 *     1. The worker takes an incarnation.                           a number that nobody uses
 *     2. It has its death watched: the guardian is told "i".        the guardian finds no slot of i
 *     3. attach: compare_and_swap of a state, FREE to i.            a slot of i
 *     4. It works, and says in COMPETING whether it is awake.       a slot of i, its record, perhaps its bit
 *     5. It ends in good order: repairs its own record (repair.ts), a slot of i, to be repaired from the beginning;
 *        clears its bit, and then writes FREE.                      or none
 *     6. It tells the guardian that it is watched no more.          as 2
 *
 * The guardian hears of an end at any time after it, also when another worker has the slot. It looks for the state i,
 * and repairs the slot if there is one. Until then nobody else writes a state i whose worker is dead: so its look stays
 * true. In browsers 2 comes after 4 has begun: see packages/library/src/platform/browser.ts.
 *
 * Invariant: a slot belongs to one live worker at a time; a record whose state is FREE holds no pending lock, no
 * journal, no move and no held object, and its bit in COMPETING is 0.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../atomics";

export const PAGE: u32 = 64 << 10;
/** Bytes of a cache line, two of 64: x86-64 and arm64 fetch them in pairs. */
export const CACHE_LINE: u32 = 128;

export const MAGIC_WORD: usize = 4;
export const WORKERS: usize = 40;
/** 1 while somebody wants to be rung when a service may be idle; see service.ts. */
export const CLOSERS: usize = 44;
/** Words that hold a random number by which the space is known in all workers. */
export const IDENTITY: usize = 16;
export const CORES: usize = 24;
/** Incarnations so far. */
export const INCARNATIONS: usize = 28;
/** The number of the thread that repairs, 0 where threads have none. */
export const GUARDIAN: usize = 36;
/** Objects made so far: their generations. */
export const GENERATION: usize = 32;
/** The word on which those sleep who wait for several objects; see doorbell.ts. On a line of its own. */
export const DOORBELL: usize = 512;
/** The word where the allocator's searches for pages begin, on a line of its own. */
export const ALLOCATOR: usize = 1024;
/**
 * Who competes for cores: bit s - 1 for the worker of slot s, 1 while it is attached and not asleep. Each change is one
 * atomic instruction on a bit of its worker's own, so that a death never makes the count wrong.
 */
export const COMPETING: usize = 2048;
/** The words of the directory of names. */
export const NAMES: usize = 16384;

/** The page table. */
export const PAGES: usize = PAGE;
export const RECORDS: usize = PAGES + 4 * 65536;

/** Of what a memory begins with that is a space, of this layout. */
const MAGIC: u32 = 0x4c535031;

export const RECORD_BYTES: u32 = 4096;
/** Bytes of a record that are the allocator's. */
export const HEAP_BYTES: u32 = 1024;

export const FREE: u32 = 0;

// Offsets in a record.
/** FREE, or the incarnation that has the slot. */
export const state: u32 = 0;
/** The part of a repair that whoever has the slot is at, or was when that was cut off; see repair.ts. */
export const repairing: u32 = 4;
/** 1 if the worker wants a core while it is awake. */
export const competes: u32 = 8;
/** In browsers: the last incarnation whose end the guardian can see. */
export const watchable: u32 = 20;
/** Where it sleeps that waits for any of several things; see bell.ts. */
export const bell: u32 = 16;
/** Where the worker sleeps, 0 while it runs. */
export const sleeping: u32 = 12;
/** Where it slept last: a wake-up that it did not live to act on was there. */
export const slept: u32 = 24;
/**
 * The object that the worker waits for, and one more than the number of its thread, where it has said so; see
 * wait-graph.ts.
 */
export const waitsFor: u32 = 28;
export const thread: u32 = 32;
/** A block with what the slot's workers say about themselves for landspout/debug. */
export const notes: u32 = 36;
/** Changes that the worker is making to words of its own; see redo.ts. */
export const redo: u32 = 40;
/** Entries in the journal of the guarded section that the worker is in; see guard.ts. */
export const journal: u32 = 160;
/** The move of units that the worker is making; see ledger.ts. */
export const move: u32 = 488;
/** Waits that the slot's workers have written down; see wait-graph.ts. */
export const waitNumber: u32 = 504;
/** The epoch in which the worker entered the SharedMap that it is inside of; see map-limbo.ts. */
export const mapEpoch: u32 = 508;
/** Objects held: how many; see holdings.ts. */
export const held: u32 = 512;
/** Entries for which there is room outside of the record, and those that are promised to who waits on a Condition. */
export const extra: u32 = 516;
export const promised: u32 = 520;
/** The object that the worker is inside of, and that exists until it has left; see existence.ts. */
export const inside: u32 = 524;
/**
 * The lock word that the worker is about to take or to release, or the guard that it is inside of, and the identity of
 * the object that it is in: 64 bits; see repair.ts.
 */
export const pending: u32 = 528;
/** The object whose words `redo` is about, and its identity: 64 bits. */
export const redoOf: u32 = 536;
/** A block in which the worker writes what it looks for in maps; see map.ts. */
export const mapScratch: u32 = 544;
/** The object whose parts the worker is freeing, after it was the last to leave it; see existence.ts. */
export const clearing: u32 = 548;
/** What that object's identity was. */
export const cleared: u32 = 552;
/** The object that the worker has left last. */
export const leaving: u32 = 556;
/** Where the entries are that have no room in the record, and those that have. */
export const chunks: u32 = 560;
export const CHUNKS: u32 = 22;
/** The Service in whose A-stack of its own the worker has a call, or 0, and what became of its last call; see service.ts. */
export const calling: u32 = 648;
export const outcome: u32 = 652;
/** The A-stack of the call that the worker waits for, as `waitsFor` says; see wait-graph.ts. */
export const awaited: u32 = 656;
export const entries: u32 = 664;
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

/**
 * Makes the memory, which is zero, a space. To be called once, before anybody attaches. False: it cannot grow so far.
 */
export function create(workers: u32, cores: u32, identityLow: u32, identityHigh: u32): bool {
  setWorkers(workers);
  setCores(cores);
  write(IDENTITY, identityLow);
  write(IDENTITY + 4, identityHigh);
  const missing = <i32>(firstSpan() / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  write(MAGIC_WORD, MAGIC);
  return true;
}

/** With `setCores` what of a space has to be there where locks alone are used; in zeroed memory up to `firstSpan`. */
export function setWorkers(workers: u32): void {
  write(WORKERS, workers);
}

export function cores(): u32 {
  return read(CORES);
}

export function setCores(cores: u32): void {
  write(CORES, cores);
}

export function isSpace(): bool {
  return read(MAGIC_WORD) == MAGIC;
}

export function identity(half: u32): u32 {
  return read(IDENTITY + 4 * half);
}

/** A number for one use of the space by one worker: to be watched by it, then to attach with it. */
export function nextIncarnation(): u32 {
  let incarnation: u32 = 0;
  while (incarnation == 0) incarnation = fetch_and_increment(INCARNATIONS) + 1;
  return incarnation;
}

/**
 * Takes a slot, 0 if all are taken.
 *
 * @param competing whether the worker will want a core; main threads, which mostly wait for events, do not
 */
export function attach(incarnation: u32, competing: bool): u32 {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const place = recordOf(slot) + state;
    if (read(place) != FREE || !compare_and_swap(place, FREE, incarnation)) continue;
    enterAs(slot);
    store<u32>(my + competes, competing ? 1 : 0);
    if (competing) compete(slot);
    return slot;
  }
  return 0;
}

/** The slot of an incarnation, 0 if it has none, any more or yet. */
export function slotOf(incarnation: u32): u32 {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (read(recordOf(slot) + state) == incarnation) return slot;
  }
  return 0;
}

/** The thread that repairs, 0 for none. */
export function guardian(): u32 {
  return read(GUARDIAN);
}

export function setGuardian(thread: u32): void {
  write(GUARDIAN, thread);
}

/** Makes the instance act as the worker of a slot. */
export function enterAs(slot: u32): void {
  me = slot;
  my = recordOf(slot);
}

export function isLive(slot: u32): bool {
  return incarnationOf(slot) != FREE;
}

/** 0: nobody has the slot. */
export function incarnationOf(slot: u32): u32 {
  return read(recordOf(slot) + state);
}

export function setWatchable(slot: u32): void {
  write(recordOf(slot) + watchable, incarnationOf(slot));
}

export function isWatchable(slot: u32): bool {
  return read(recordOf(slot) + watchable) == incarnationOf(slot);
}

/** Gives a slot back, whose worker is gone and left nothing. */
export function vacate(slot: u32): void {
  rest(slot);
  write(recordOf(slot) + state, FREE);
}

function compete(slot: u32): void {
  atomic.or<u32>(COMPETING + ((slot - 1) / 32) * 4, 1 << ((slot - 1) % 32));
}

function rest(slot: u32): void {
  atomic.and<u32>(COMPETING + ((slot - 1) / 32) * 4, ~(1 << ((slot - 1) % 32)));
}

/** How many workers compete for cores: attached, and not asleep. */
export function competing(): u32 {
  let count: u32 = 0;
  for (let word = COMPETING, end = COMPETING + ((workers() + 31) / 32) * 4; word < end; word += 4)
    count += popcnt(read(word));
  return count;
}

/** Whether all workers that compete can run at once: else who spins keeps others from running. */
export function enoughCores(): bool {
  return competing() <= cores();
}

/** Says where the worker sleeps; meanwhile it does not compete. */
export function fallAsleep(address: usize): void {
  write(my + sleeping, <u32>address);
  if (load<u32>(my + competes)) rest(me);
}

export function wakeUp(): void {
  if (load<u32>(my + competes)) compete(me);
  write(my + sleeping, 0);
}

/** Whether the worker, which does not block, has something to do: else it competes no more than one that sleeps. */
export function setCompeting(isNow: bool): void {
  if (!load<u32>(my + competes)) return;
  if (isNow) compete(me);
  else rest(me);
}

/** Whether the worker of a slot can be running. */
export function isAwake(slot: u32): bool {
  return read(recordOf(slot) + sleeping) == 0;
}

/** The address of the word at which the worker of a slot sleeps, or 0. */
export function sleepsAt(slot: u32): u32 {
  return read(recordOf(slot) + sleeping);
}
