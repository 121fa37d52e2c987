/**
 * Semaphore: a number of permits, which workers take and give back; those of a worker that dies come back by themselves.
 *
 *     S | identity | guard | large | turn | eventcount: 8 bytes | initial | total | ledger: an account for each slot |
 *
 *     large        somebody who waits may want more than one, so that waking one may be waking the wrong one
 *     turn         the slot for which permits are saved, 0 for nobody
 *     total        permits that there are, available or not; more where a worker died in `add` or `consume`
 *
 * Permits are moved by one compare_and_swap. To wait, and to wake, is a monitor: `large` and `turn` are set in guarded
 * sections; who has the turn ends it outside of them. Who comes may overtake those who sleep, until one of them has looked
 * PATIENCE times in vain: it takes the turn, and nobody else gets permits before it has enough, but who looked for the turn
 * just before. So large requests are served, too. Who waits without blocking takes no turns: its event loop may be held up
 * by anything.
 *
 * Invariant: what is available and what workers have add up to the permits that there are: `total` at most, which is at
 * most MOST_PERMITS. Who announces itself looks once more before it sleeps, and who gives permits looks for announcements
 * after: one of them sees the other. A worker lists the semaphore among the objects that it holds once while it has permits,
 * and once more while it may have the turn, sleep, or owe others a wake. So repair finds all that it leaves.
 *
 * Source: Dijkstra, EWD 123, 1965; as a monitor: Hoare, CACM 17(10), 1974.
 */
import { compare_and_swap, read, write } from "../atomics";
import { announce, EVENTCOUNT_BYTES, isAnnounced, repair as repairEventcount, wakeAll, wakeOne } from "./eventcount";
import { enter, GUARD_BYTES, leave, set } from "./guard";
import { canHold, drop, hold } from "./holdings";
import { issue, ledgerBytes, spend, transfer, unitsIn, unitsOf } from "./ledger";
import { ACQUIRED, ASYNCHRONOUS, HOLDS_TOO_MANY, NOW, SLEPT } from "./lock-word";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { me, workers } from "./space";

const guard: u32 = OBJECT_HEADER;
const large: u32 = guard + GUARD_BYTES;
const turn: u32 = large + 4;
const changes: u32 = turn + 4;
/** What it was made with; never changed. */
const initial: u32 = changes + EVENTCOUNT_BYTES;
const total: u32 = initial + 4;
/** Aligned to 8. */
const ledger: u32 = (total + 4 + 7) & ~7;

/** Looks in vain after which a sleeper takes the turn. */
const PATIENCE: u32 = 32;
const MOST_PERMITS: u32 = 0x7fffffff;
/** Result of `add`: there would be more than MOST_PERMITS. */
export const TOO_MANY_PERMITS: u32 = 5;

export function create(permits: u32): usize {
  const S = createObject(Kind.Semaphore, ledger + ledgerBytes(workers()));
  if (S != 0) {
    issue(S + ledger, permits);
    store<u32>(S + initial, permits);
    store<u32>(S + total, permits);
  }
  return S;
}

export function permitsAtFirst(S: usize): u32 {
  return load<u32>(S + initial);
}

export function availableIn(S: usize): u32 {
  return unitsIn(S + ledger);
}

export function has(S: usize, slot: u32): bool {
  return unitsOf(S + ledger, slot) != 0;
}

/** Whether somebody may wait for permits. */
export function isAwaited(S: usize): bool {
  return read(S + large) != 0 || isAnnounced(S + changes);
}

/** Takes permits if there are enough: the fast path. */
export function tryAcquire(S: usize, permits: u32): bool {
  if (!canHold()) return false;
  const had = unitsOf(S + ledger, me);
  if (had == 0) hold(S);
  const taken = take(S, permits);
  if (had == 0 && !taken) drop(S);
  return taken;
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
  const had = unitsOf(S + ledger, me);
  if (!take(S, permits)) {
    if (as == NOW) return WAIT;
    enter(S, S + guard);
    if (permits > 1) set(S + large, 1);
    if (read(S + turn) == 0 && looks >= PATIENCE && as == SLEPT) set(S + turn, me);
    announce(S + changes, as);
    leave(S + guard);
    if (!take(S, permits)) {
      if (as == ASYNCHRONOUS) drop(S);
      return WAIT;
    }
  }
  endTurn(S);
  if (had != 0) drop(S);
  return ACQUIRED;
}

/** Takes permits if there are enough, and they are not saved for another. */
function take(S: usize, permits: u32): bool {
  const first = read(S + turn);
  return (first == 0 || first == me) && transfer(S + ledger, read(S), me, permits);
}

function endTurn(S: usize): void {
  if (read(S + turn) != me) return;
  // Without the guard: no section writes another worker's turn.
  write(S + turn, 0);
  wakeAll(S + changes);
}

/** The caller's attempt, which was not asynchronous, ended in WAIT, and it does not sleep any more. */
export function giveUp(S: usize): void {
  endTurn(S);
  drop(S);
}

/** Gives permits back. False if the caller has fewer. */
export function release(S: usize, permits: u32): bool {
  const had = unitsOf(S + ledger, me);
  if (had < permits) return false;
  transfer(S + ledger, read(S), me, -permits);
  wake(S, permits);
  if (had == permits) drop(S);
  return true;
}

/** Gives permits away that nobody gets. False if the caller has fewer. */
export function consume(S: usize, permits: u32): bool {
  const had = unitsOf(S + ledger, me);
  if (had < permits) return false;
  spend(S + ledger, me, permits);
  atomic.sub<u32>(S + total, permits);
  if (had == permits) drop(S);
  return true;
}

/** Adds permits that nobody had. ACQUIRED, TOO_MANY_PERMITS or HOLDS_TOO_MANY. */
export function add(S: usize, permits: u32): u32 {
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(S);
  const fits = count(S, permits);
  if (fits) {
    issue(S + ledger, permits);
    wake(S, permits);
  }
  drop(S);
  return fits ? ACQUIRED : TOO_MANY_PERMITS;
}

/** Makes room for permits: before they are there, so that what is given back always fits into a word. */
function count(S: usize, permits: u32): bool {
  for (let before = read(S + total); permits <= MOST_PERMITS - before; before = read(S + total)) {
    if (compare_and_swap(S + total, before, before + permits)) return true;
  }
  return false;
}

/**
 * Of those who wait, whom so many permits may be for. Inside the guarded section: who comes later and wants more than there
 * is must not be woken in the place of one who slept.
 */
function wake(S: usize, permits: u32): void {
  if (!isAnnounced(S + changes)) return;
  enter(S, S + guard);
  const isLarge = read(S + large) != 0;
  if (isLarge) set(S + large, 0);
  if (permits > 1 || isLarge || read(S + turn) != 0) wakeAll(S + changes);
  else wakeOne(S + changes);
  leave(S + guard);
}

/** When it was freed. */
export function wakeAllOf(S: usize): void {
  repairEventcount(S + changes);
}

export function repair(S: usize, dead: u32): void {
  transfer(S + ledger, read(S), dead, -unitsOf(S + ledger, dead));
  // Without the guard, too, whose owner may be dead and be repaired later.
  compare_and_swap(S + turn, dead, 0);
  wakeAllOf(S);
}
