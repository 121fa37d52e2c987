/**
 * Affinity: where tasks of a key were executed, and how many others since.
 *
 *     K | last: 8 of 8 bits | seen: a word for each processor |
 *
 * `last` has the processors on which the key's tasks were done last, each one more than its number, the latest in the
 * lowest bits, each once; 0 for none. `seen` of a processor is how many tasks it had done when one of the key was done
 * there last, that one included; 0 if none ever was. So the tasks that have intervened on p since then are count(p) - seen(p).
 * The blank key of tasks that have none is never written: nothing of it is remembered.
 *
 * All is updated when a task is done, not when it begins. Processor p writes `seen` of p alone. `last` is written by
 * whoever is done: two tasks of one key that end at the same time can lose one of the two. It is a hint, and a processor that
 * dies before it was updated leaves it as it was. A processor with an old number that has nothing of what was done there, such
 * as a new thread, calls `forget`.
 *
 * Source: Squillante & Lazowska, IEEE TPDS 4(2), 1993, section 2: intervening tasks.
 */
import { NIL, read, write } from "../atomics";
import { firstOf } from "./queue";
import {
  blankKey,
  centralQueue,
  count,
  firstIdle,
  isIdle,
  isPresent,
  keyAt,
  keyOf,
  last,
  NOBODY,
  next,
  processorAt,
  processorsOf,
  running,
  seen,
  since,
  taskAt,
} from "./scheduler";

/** Processors that a key remembers at most. */
export const REMEMBERED: u32 = 8;
/** A 1 in each of 8 bytes. */
const EACH: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
/** Intervening tasks where the key was never executed. */
export const NEVER: u32 = u32.MAX_VALUE;

/**
 * The task that p executes is done: to be called by p. The task is its owner's again; a death before the last step
 * leaves it named by `running`.
 */
export function done(S: usize, p: u32): void {
  const P = processorAt(S, p);
  const K = keyOf(taskAt(S, read(P + running) - 1));
  const all = read(P + count) + 1;
  write(P + count, all);
  if (K != blankKey(S)) remember(K, p, all);
  write(P + running, 0);
}

function remember(K: usize, p: u32, all: u32): void {
  write(K + seen + p * 4, all);
  atomic.store<u64>(K + last, withFirst(atomic.load<u64>(K + last), p + 1));
}

/**
 * p has the cache contents of key k, as if it had done a task of k just now: to be called by p. No task is counted, so that
 * what p executes meanwhile intervenes once it is done; before p has done any task at all, `intervening` is still NEVER.
 */
export function warm(S: usize, p: u32, k: u32): void {
  remember(keyAt(S, k), p, max(read(processorAt(S, p) + count), 1));
}

/**
 * p has nothing of any key: to be called by p before it comes, or by who brings it. Where a task of the same key ends on
 * another processor at once, p can stay in that key's list: a hint.
 */
export function forget(S: usize, p: u32): void {
  const end = blankKey(S);
  const bytes = keyAt(S, 1) - keyAt(S, 0);
  for (let K = keyAt(S, 0); K != end; K += bytes) {
    write(K + seen + p * 4, 0);
    let list = atomic.load<u64>(K + last);
    while (isIn(list, p + 1, REMEMBERED)) {
      const found = atomic.cmpxchg<u64>(K + last, list, without(list, p + 1));
      if (found == list) break;
      list = found;
    }
  }
}

/** The list with an entry at its head, and nowhere else. */
function withFirst(list: u64, entry: u64): u64 {
  let place: u64 = 0;
  while (place < 64 && ((list >> place) & 0xff) != entry) place += 8;
  // What was behind the entry stays where it is; if it was nowhere, the oldest falls out.
  const kept: u64 = place >= 56 ? 0 : list & (~(<u64>0) << (place + 8));
  const moved: u64 = (list << 8) & (place >= 56 ? ~(<u64>0) : ~(~(<u64>0) << (place + 8)));
  return kept | (moved & ~(<u64>0xff)) | entry;
}

/** The list without an entry that is in it. */
function without(list: u64, entry: u32): u64 {
  let place: u64 = 0;
  while (((list >> place) & 0xff) != entry) place += 8;
  const before = list & ~(~(<u64>0) << place);
  return before | (((list >> 8) >> place) << place);
}

/** The processor on which one of the key was done last, and one more; 0 for none. */
export function lastOf(K: usize): u32 {
  return <u32>(atomic.load<u64>(K + last) & 0xff);
}

/** Whether p is among the last `some` processors of the key; `some` at most REMEMBERED. */
export function isRemembered(K: usize, p: u32, some: u32): bool {
  return isIn(atomic.load<u64>(K + last), p + 1, some);
}

function isIn(list: u64, entry: u32, some: u32): bool {
  // All at once, for a choice looks at many: a byte is 0 where the list has it, and the subtraction borrows there first.
  const others = list ^ (EACH * entry);
  const there = (others - EACH) & ~others & (EACH << 7);
  return there != 0 && <u32>ctz(there) < 8 * some;
}

/** Tasks that p has done since one of the key was done there; NEVER. */
export function intervening(S: usize, K: usize, p: u32): u32 {
  const then = read(K + seen + p * 4);
  return then == 0 ? NEVER : read(processorAt(S, p) + count) - then;
}

/**
 * Whether a task is cold for p: p is not among the last `some` processors of its key, and one of those is here. What was
 * never executed, or only where nobody is any more, has nothing to lose and is cold for nobody; nor has what has no key.
 */
export function isCold(S: usize, T: usize, p: u32, some: u32): bool {
  const list = atomic.load<u64>(keyOf(T) + last);
  let isSomebodyWarm = false;
  for (let i: u32 = 0; i < some; i++) {
    const entry = <u32>((list >> (8 * i)) & 0xff);
    if (entry == 0) break;
    if (entry == p + 1) return false;
    if (isPresent(S, entry - 1)) isSomebodyWarm = true;
  }
  return isSomebodyWarm;
}

/** For `fewestIntervening`: every processor counts that has executed it. */
export const ALL: u32 = u32.MAX_VALUE;

/** Of the tasks in the central queue, which is not empty, that with the fewest intervening tasks at p; of equals, the oldest. */
export function fewestIntervening(S: usize, p: u32, some: u32): usize {
  let best = firstOf(centralQueue(S));
  let fewest = NEVER;
  for (let T = best; T != NIL; T = read(T + next)) {
    const these = interveningWithin(S, keyOf(T), p, some);
    if (these >= fewest) continue;
    best = T;
    fewest = these;
  }
  return best;
}

/**
 * An idle processor, for a task that has affinity to none of them; NOBODY if none is idle. It is drawn by the time at which
 * the task became ready: a choice by its number would be an affinity, too.
 */
export function anyIdle(S: usize, T: usize): u32 {
  const drawn: u32 = read(T + since) * 0x9e3779b9;
  return firstIdle(S, (drawn >> 16) % processorsOf(S));
}

/** Of the idle processors, that with the fewest intervening tasks; NOBODY if none is idle. */
export function idleWithFewest(S: usize, T: usize, some: u32): u32 {
  const P = processorsOf(S);
  let best = anyIdle(S, T);
  let fewest = NEVER;
  if (best == NOBODY) return best;
  for (let p: u32 = 0; p < P; p++) {
    if (!isIdle(S, p)) continue;
    const these = interveningWithin(S, keyOf(T), p, some);
    if (these >= fewest) continue;
    best = p;
    fewest = these;
  }
  return best;
}

/** NEVER also if p is not among the last `some` processors; ALL of them count if `some` says so. */
function interveningWithin(S: usize, K: usize, p: u32, some: u32): u32 {
  return some == ALL || isRemembered(K, p, some) ? intervening(S, K, p) : NEVER;
}
