/**
 * Semaphore: a number of permits, which workers take and give back; those of a worker that dies come back by themselves.
 *
 *     S | identity | guard: 8 bytes | available | large | turn | eventcount: 8 bytes | taken: one word for each slot |
 *
 *     available    permits that nobody has
 *     large        somebody who waits may want more than one, so that waking one may be waking the wrong one
 *     turn         the slot for which permits are saved, 0 for nobody
 *     taken        the permits of the worker of a slot, from slot 0 on
 *
 * A monitor: all words are set in guarded sections. Who comes may overtake those who sleep, until one of them has looked
 * PATIENCE times in vain: it takes the turn, and nobody else gets permits before it has enough. So large requests are
 * served, too. Who waits without blocking takes no turns: its event loop may be held up by anything.
 *
 * Invariant: available and taken add up to the permits that there are; a worker lists the semaphore among the objects that it
 * holds once while it has permits, and once more while it may have the turn, sleep, or owe others a wake. So
 * repair finds all that it leaves.
 *
 * Source: Dijkstra, EWD 123, 1965; as a monitor: Hoare, CACM 17(10), 1974.
 */
import { read, write } from "../atomics";
import { announce, EVENTCOUNT_BYTES, repair as repairEventcount, wakeAll, wakeOne } from "./eventcount";
import { enter, GUARD_BYTES, leave, set } from "./guard";
import { canHold, drop, hold } from "./holdings";
import { ACQUIRED, ASYNCHRONOUS, HOLDS_TOO_MANY, NOW, SLEPT } from "./lock-word";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { me, workers } from "./space";

const guard: u32 = OBJECT_HEADER;
const available: u32 = guard + GUARD_BYTES;
const large: u32 = available + 4;
const turn: u32 = large + 4;
const changes: u32 = turn + 4;
const taken: u32 = changes + EVENTCOUNT_BYTES;

/** Looks in vain after which a sleeper takes the turn. */
const PATIENCE: u32 = 32;
const MOST_PERMITS: u32 = 0x7fffffff;
/** Result of `add`: there would be more than MOST_PERMITS available. */
export const TOO_MANY_PERMITS: u32 = 5;

export function create(permits: u32): usize {
  const S = createObject(Kind.Semaphore, taken + 4 * (workers() + 1));
  if (S != 0) write(S + available, permits);
  return S;
}

function takenBy(S: usize, slot: u32): usize {
  return S + taken + 4 * slot;
}

export function has(S: usize, slot: u32): bool {
  return read(takenBy(S, slot)) != 0;
}

export function availableIn(S: usize): u32 {
  return read(S + available);
}

/**
 * Takes permits, or says where to sleep; a caller that blocks and gives up instead of sleeping calls `giveUp`.
 *
 * @param looks attempts before this one, of the same request
 */
export function attempt(S: usize, permits: u32, as: u32, looks: u32): u32 {
  if (as != SLEPT) {
    if (!canHold()) return HOLDS_TOO_MANY;
    hold(S);
  }
  const mine = takenBy(S, me);
  enter(S + guard);
  const had = read(mine);
  const first = read(S + turn);
  let result = ACQUIRED;
  if ((first == 0 || first == me) && read(S + available) >= permits) {
    set(S + available, read(S + available) - permits);
    set(mine, had + permits);
    if (first == me) set(S + turn, 0);
  } else {
    if (permits > 1 && as != NOW) set(S + large, 1);
    if (first == 0 && looks >= PATIENCE && as == SLEPT) set(S + turn, me);
    result = announce(S + changes, as);
  }
  leave(S + guard);
  if (result == WAIT) {
    if (as == ASYNCHRONOUS) drop(S);
    return WAIT;
  }
  if (first == me) wakeAll(S + changes);
  if (had != 0) drop(S);
  return ACQUIRED;
}

/** The caller's attempt, which was not asynchronous, ended in WAIT, and it does not sleep any more. */
export function giveUp(S: usize): void {
  enter(S + guard);
  const wasFirst = read(S + turn) == me;
  if (wasFirst) set(S + turn, 0);
  leave(S + guard);
  if (wasFirst) wakeAll(S + changes);
  drop(S);
}

/** Gives permits back. False if the caller has fewer. */
export function release(S: usize, permits: u32): bool {
  return giveAway(S, permits, permits);
}

/** Gives permits away that nobody gets. False if the caller has fewer. */
export function consume(S: usize, permits: u32): bool {
  return giveAway(S, permits, 0);
}

function giveAway(S: usize, permits: u32, back: u32): bool {
  const mine = takenBy(S, me);
  const had = read(mine);
  if (had < permits) return false;
  enter(S + guard);
  set(mine, had - permits);
  if (back > 0) makeAvailable(S, back);
  leave(S + guard);
  if (had == permits) drop(S);
  return true;
}

/** Adds permits that nobody had. ACQUIRED, TOO_MANY_PERMITS or HOLDS_TOO_MANY. */
export function add(S: usize, permits: u32): u32 {
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(S);
  enter(S + guard);
  const fits = permits <= MOST_PERMITS - read(S + available);
  if (fits) makeAvailable(S, permits);
  leave(S + guard);
  drop(S);
  return fits ? ACQUIRED : TOO_MANY_PERMITS;
}

/**
 * Also wakes inside the guarded section: who comes later and wants more than there is must not be woken in the place of
 * one who slept.
 */
function makeAvailable(S: usize, permits: u32): void {
  set(S + available, read(S + available) + permits);
  const isLarge = read(S + large) != 0;
  if (isLarge) set(S + large, 0);
  if (permits > 1 || isLarge || read(S + turn) != 0) wakeAll(S + changes);
  else wakeOne(S + changes);
}

export function repair(S: usize, dead: u32): void {
  const left = takenBy(S, dead);
  enter(S + guard);
  set(S + available, read(S + available) + read(left));
  set(left, 0);
  if (read(S + turn) == dead) set(S + turn, 0);
  leave(S + guard);
  repairEventcount(S + changes);
}
