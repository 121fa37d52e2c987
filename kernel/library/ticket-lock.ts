/**
 * Ticket lock: take a number, wait until it is served. First come, first served; who waits spins. Survives the death of
 * owners and of those who wait, who may also leave the line.
 *
 *     T | identity | next_ticket | now_serving | abandoned | strict | forced |
 *       | claim of slot 1 | of slot 2 | ...                                      each on a line of its own
 *
 *     claim        NONE; CHOOSING: the worker may have a ticket that it has not written down;
 *                  else CLAIMED and its ticket
 *     abandoned    the last owner died
 *
 * 1. Acquire: claim CHOOSING, take a ticket, claim the ticket, wait until it is served.
 * 2. Release: serve the next, claim NONE.
 * 3. Leave the line: claim NONE. Repair does no more for who died.
 * 4. Pass over: who waits and finds that nobody claims the ticket that is served, nor is choosing, serves the next.
 *
 * Invariant: the owner is the one worker that claims the ticket that is served. A ticket that was taken is claimed, or
 * who took it is CHOOSING, from before it is taken until it has been served or its taker has left; so that one that is
 * seen to be claimed by nobody, after it was taken, is nobody's. Tickets wrap at 2^32, claims compare 30 bits of them:
 * more than there are workers.
 *
 * Source: Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 2; the claims are those of Lamport's bakery, CACM
 * 17(8), 1974.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../atomics";
import { pause } from "../machine";
import { canHold, drop, hold } from "./holdings";
import { ACQUIRED, ACQUIRED_ABANDONED, BUSY, DEADLOCK, HOLDS_TOO_MANY } from "./lock-word";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { CACHE_LINE, me, workers } from "./space";

const next_ticket: u32 = OBJECT_HEADER;
const now_serving: u32 = next_ticket + 4;
const abandoned: u32 = now_serving + 4;
/**
 * Whether to acquire it abandoned is an error, and whether to spin where there are too few cores; of use to callers
 * alone.
 */
const strict: u32 = abandoned + 4;
const forced: u32 = strict + 4;

const NONE: u32 = 0;
const CHOOSING: u32 = 1;
const CLAIMED: u32 = 2;

export function create(isStrict: bool, isForced: bool): usize {
  const T = createObject(Kind.TicketLock, CACHE_LINE * (workers() + 1));
  if (T == 0) return 0;
  write(T + strict, isStrict ? 1 : 0);
  write(T + forced, isForced ? 1 : 0);
  return T;
}

export function isStrict(T: usize): bool {
  return read(T + strict) != 0;
}

export function isForced(T: usize): bool {
  return read(T + forced) != 0;
}

function claimOf(T: usize, slot: u32): usize {
  return T + CACHE_LINE * slot;
}

function claimed(ticket: u32): u32 {
  return (ticket << 2) | CLAIMED;
}

export function owns(T: usize, slot: u32): bool {
  return read(claimOf(T, slot)) == claimed(read(T + now_serving));
}

/** Whether two workers are in line, or own it, and which first. */
export function isBefore(T: usize, first: u32, second: u32): bool {
  const one = read(claimOf(T, first));
  const serving = claimed(read(T + now_serving));
  const other = read(claimOf(T, second));
  return (one & other & CLAIMED) != 0 && one - serving < other - serving;
}

/** Of its owner. */
function acquired(T: usize): u32 {
  if (read(T + abandoned) == 0) return ACQUIRED;
  write(T + abandoned, 0);
  return ACQUIRED_ABANDONED;
}

/** Lists it and claims, before a ticket is taken. */
function choose(T: usize): u32 {
  if (read(claimOf(T, me)) != NONE) return DEADLOCK;
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(T);
  write(claimOf(T, me), CHOOSING);
  return ACQUIRED;
}

/** Takes a ticket; then `look` until it is served. WAIT, DEADLOCK or HOLDS_TOO_MANY. */
export function take(T: usize): u32 {
  const result = choose(T);
  if (result != ACQUIRED) return result;
  write(claimOf(T, me), claimed(fetch_and_increment(T + next_ticket)));
  return WAIT;
}

/** Looks, `looks` times, whether the ticket taken is served. */
export function look(T: usize, looks: u32): u32 {
  for (; looks > 0; looks--) {
    if (owns(T, me)) return acquired(T);
    pause();
  }
  passOver(T, read(T + now_serving));
  return WAIT;
}

/** Acquires it if nobody has a ticket. */
export function tryLock(T: usize): u32 {
  while (true) {
    const serving = read(T + now_serving);
    if (read(T + next_ticket) != serving) {
      if (passOver(T, serving)) continue;
      return read(claimOf(T, me)) != NONE ? DEADLOCK : BUSY;
    }
    const result = choose(T);
    if (result != ACQUIRED) return result;
    if (compare_and_swap(T + next_ticket, serving, serving + 1)) {
      write(claimOf(T, me), claimed(serving));
      return acquired(T);
    }
    leave(T);
  }
}

/** Serves the next if `serving` is a ticket that was taken, and nobody's. Whether it did. */
function passOver(T: usize, serving: u32): bool {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const claim = read(claimOf(T, slot));
    if (claim == CHOOSING || claim == claimed(serving)) return false;
  }
  return compare_and_swap(T + now_serving, serving, serving + 1);
}

function leave(T: usize): void {
  write(claimOf(T, me), NONE);
  drop(T);
}

/** The caller, who took a ticket, does not wait any more. */
export function giveUp(T: usize): void {
  if (!unlock(T)) leave(T);
}

/** False if the caller does not own it. */
export function unlock(T: usize): bool {
  if (!owns(T, me)) return false;
  write(T + now_serving, read(T + now_serving) + 1);
  leave(T);
  return true;
}

export function repair(T: usize, dead: u32): void {
  if (owns(T, dead)) write(T + abandoned, 1);
  write(claimOf(T, dead), NONE);
}
