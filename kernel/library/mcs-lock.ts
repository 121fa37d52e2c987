/**
 * MCS list-based queue lock: who waits spins on a word of its own. First come, first served. Survives the death of
 * owners and of those who wait: the queue is then given up and, once all have left it, made anew.
 *
 *     L      | identity | broken | abandoned | strict | forced |      written at deaths only
 *            | tail |                                                 the last in the queue, or NIL when the lock is free
 *     node   | state | next | locked |                                one for each slot, on a line of its own
 *
 *     broken       WHOLE; BROKEN: somebody died in the queue; else the slot of who is making it anew
 *     abandoned    an owner died
 *     state        OUT; IN: the worker may use tail and nodes; OWNS: and it owns the lock
 *     next         the successor's node, or NIL
 *     locked       1 until the worker is given the lock
 *
 * 1. Acquire and release are MCS's, IN all the while. Who waits, for the lock or for its successor's link, and finds it
 *    BROKEN, does without and is OUT: nothing was promised to it, or by it.
 * 2. Repair, of who died IN: BROKEN, then the dead one OUT; in this order it can be cut off and done again.
 * 3. Mend: who wants a lock that is BROKEN, and finds all OUT, claims it, looks again, and if all are OUT, empties the
 *    queue and makes it WHOLE.
 *
 * Invariant: tail and nodes are used by those alone who are IN and found it WHOLE since. From the claim on, who comes
 * IN does not find it WHOLE; so if all are OUT after the claim, nobody uses them until it is WHOLE. An owner is not OUT
 * until it has handed over, so that nobody becomes owner by mending while another is, and nothing of the old queue
 * reaches the new.
 *
 * Source: Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 5; IN before a look at `broken` against a claim before
 * a look at the states is Dekker's exclusion.
 */
import { compare_and_swap, fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { isDying } from "./existence";
import { canHold, drop, hold } from "./holdings";
import { ACQUIRED, ACQUIRED_ABANDONED, BUSY, DEADLOCK, HOLDS_TOO_MANY } from "./lock-word";
import { createObject, FREED, Kind, OBJECT_HEADER } from "./objects";
import { CACHE_LINE, me, workers } from "./space";

const broken: u32 = OBJECT_HEADER;
const abandoned: u32 = broken + 4;
/**
 * Whether to acquire it abandoned is an error, and whether to spin where there are too few cores; of use to callers
 * alone.
 */
const strict: u32 = abandoned + 4;
const forced: u32 = strict + 4;
const tail: u32 = CACHE_LINE;
const nodes: u32 = 2 * CACHE_LINE;

const WHOLE: u32 = 0;
const BROKEN: u32 = u32.MAX_VALUE;

// Offsets in a node.
const state: u32 = 0;
const next: u32 = 4;
const locked: u32 = 8;

const OUT: u32 = 0;
const IN: u32 = 1;
const OWNS: u32 = 2;

export function create(isStrict: bool, isForced: bool): usize {
  const L = createObject(Kind.McsLock, nodes + CACHE_LINE * workers());
  if (L == 0) return 0;
  write(L + strict, isStrict ? 1 : 0);
  write(L + forced, isForced ? 1 : 0);
  return L;
}

export function isStrict(L: usize): bool {
  return read(L + strict) != 0;
}

export function isForced(L: usize): bool {
  return read(L + forced) != 0;
}

function nodeOf(L: usize, slot: u32): usize {
  return L + nodes + CACHE_LINE * (slot - 1);
}

function isWhole(L: usize): bool {
  return read(L + broken) == WHOLE;
}

/** Lists it, before the worker is IN. */
function list(L: usize): u32 {
  if (read(nodeOf(L, me) + state) != OUT) return DEADLOCK;
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(L);
  return ACQUIRED;
}

/** The worker is IN, and its node new, unless the lock is broken. */
function enter(L: usize, I: usize): bool {
  write(I + state, IN);
  if (!isWhole(L)) {
    write(I + state, OUT);
    return false;
  }
  store<u32>(I + next, NIL);
  store<u32>(I + locked, 1);
  return true;
}

/** Gets in the queue, and waits for its end; false: the lock broke. */
function queue(L: usize, I: usize): bool {
  const predecessor = fetch_and_store(L + tail, <u32>I);
  if (predecessor == NIL) return true;
  write(predecessor + next, <u32>I);
  while (read(I + locked)) {
    if (!isWhole(L) || isDying(L)) {
      write(I + state, OUT);
      return false;
    }
    pause();
  }
  return true;
}

/** Of its owner. */
function acquired(L: usize, I: usize): u32 {
  write(I + state, OWNS);
  if (read(L + abandoned) == 0) return ACQUIRED;
  write(L + abandoned, 0);
  return ACQUIRED_ABANDONED;
}

/** Waits in the queue until the worker owns it. ACQUIRED, ACQUIRED_ABANDONED, DEADLOCK, HOLDS_TOO_MANY or FREED. */
export function acquire(L: usize): u32 {
  const result = list(L);
  if (result != ACQUIRED) return result;
  const I = nodeOf(L, me);
  while (!enter(L, I) || !queue(L, I)) {
    if (isDying(L)) {
      drop(L);
      return FREED;
    }
    for (mend(L); !isWhole(L) && !isDying(L); mend(L)) pause();
  }
  return acquired(L, I);
}

/** Acquires it if nobody is in the queue. */
export function tryAcquire(L: usize): u32 {
  const result = list(L);
  if (result != ACQUIRED) return result;
  const I = nodeOf(L, me);
  mend(L);
  if (read(L + tail) == NIL && enter(L, I)) {
    if (compare_and_swap(L + tail, NIL, <u32>I)) return acquired(L, I);
    write(I + state, OUT);
  }
  drop(L);
  return BUSY;
}

export function owns(L: usize, slot: u32): bool {
  return read(nodeOf(L, slot) + state) == OWNS;
}

/** False if the caller does not own it. */
export function release(L: usize): bool {
  const I = nodeOf(L, me);
  if (read(I + state) != OWNS) return false;
  handOver(L, I);
  write(I + state, OUT);
  drop(L);
  return true;
}

function handOver(L: usize, I: usize): void {
  if (read(I + next) == NIL) {
    if (compare_and_swap(L + tail, <u32>I, NIL)) return;
    while (read(I + next) == NIL) {
      if (!isWhole(L) || isDying(L)) return;
      pause();
    }
  }
  write(read(I + next) + locked, 0);
}

/**
 * Makes it whole if it is broken and all are OUT. Of one that listed it and is OUT. The first look keeps those who wait
 * for an owner from writing; only the second counts.
 */
function mend(L: usize): void {
  if (read(L + broken) != BROKEN || !areOut(L) || !compare_and_swap(L + broken, BROKEN, me)) return;
  if (areOut(L)) {
    write(L + tail, NIL);
    write(L + broken, WHOLE);
  } else {
    write(L + broken, BROKEN);
  }
}

function areOut(L: usize): bool {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (read(nodeOf(L, slot) + state) != OUT) return false;
  }
  return true;
}

/**
 * Leaves the claim of another who mends: if that one does not see the dead one IN, it came after the claim, and used
 * nothing.
 */
export function repair(L: usize, dead: u32): void {
  compare_and_swap(L + broken, dead, BROKEN);
  const I = nodeOf(L, dead);
  if (read(I + state) == OUT) return;
  if (owns(L, dead)) write(L + abandoned, 1);
  compare_and_swap(L + broken, WHOLE, BROKEN);
  write(I + state, OUT);
}
