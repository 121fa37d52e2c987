/**
 * Eventcount: where those sleep who wait for something to become true that others make true. It has nothing of its own to
 * test: whoever waits looks, announces itself, looks again or has looked under the guard, and sleeps; whoever makes
 * it true then wakes.
 *
 *     E | sequence: 30, awaited: 1, sleepers: 1 | asynchronous |
 *
 *     SLEEPERS    somebody may sleep on E: waking goes through the engine's list
 *     AWAITED     somebody may wait without blocking, on `asynchronous`, a sequence number, or for several eventcounts,
 *                 on the doorbell: all are woken each time
 *
 * Invariant: an announcement that is followed by no wake is followed by no change of what is waited for. A wake changes E,
 * so that who has announced itself before, and does not sleep yet, does not go to sleep.
 *
 * Source: Reed & Kanodia, CACM 22(2), 1979 (eventcounts); Vyukov's eventcount for the announcement.
 */
import { compare_and_swap, fetch_and_increment, read } from "../atomics";
import { ring } from "./doorbell";
import { ASYNCHRONOUS, NOW } from "./lock-word";
import { WAIT, waitAt } from "./sleep";

export const EVENTCOUNT_BYTES: u32 = 8;
const asynchronous: u32 = 4;

const SLEEPERS: u32 = 1;
const AWAITED: u32 = 2;
const ONE: u32 = 4;

/**
 * Announces a sleeper, unless it is about NOW, and says where to sleep. Look again after it, or be in the guarded section that
 * changes are made in.
 */
export function announce(E: usize, as: u32): u32 {
  if (as == NOW) return WAIT;
  const mark = as == ASYNCHRONOUS ? AWAITED : SLEEPERS;
  // Before the mark is seen: a wake that saw it changes what was read here.
  const sequence = read(E + asynchronous);
  let word = read(E);
  while (!(word & mark)) {
    if (compare_and_swap(E, word, word | mark)) word |= mark;
    else word = read(E);
  }
  return as == ASYNCHRONOUS ? waitAt(E + asynchronous, sequence) : waitAt(E, word);
}

/** Whether a wake would do anything: somebody may wait. */
export function isAnnounced(E: usize): bool {
  return (read(E) & (SLEEPERS | AWAITED)) != 0;
}

/** Wakes one who sleeps, and all who wait without blocking. */
export function wakeOne(E: usize): void {
  wake(E, 1);
}

export function wakeAll(E: usize): void {
  wake(E, -1);
}

function wake(E: usize, most: i32): void {
  for (;;) {
    const word = read(E);
    if (!(word & (SLEEPERS | AWAITED))) return;
    // Where one is woken, others may sleep on.
    const kept = most == 1 ? word & SLEEPERS : 0;
    if (!compare_and_swap(E, word, ((word & ~(SLEEPERS | AWAITED)) + ONE) | kept)) continue;
    if (word & SLEEPERS && atomic.notify(E, most) == 0 && kept != 0) forgetSleepers(E);
    if (word & AWAITED) {
      fetch_and_increment(E + asynchronous);
      atomic.notify(E + asynchronous, -1);
      ring();
    }
    return;
  }
}

/** After the death of one who may have taken the marks away and not woken: whatever they say, all look again. */
export function repair(E: usize): void {
  atomic.add<u32>(E, ONE);
  atomic.notify(E, -1);
  fetch_and_increment(E + asynchronous);
  atomic.notify(E + asynchronous, -1);
  ring();
}

/** When nobody was there to wake: so that the next wakes cost nothing. */
function forgetSleepers(E: usize): void {
  const word = read(E);
  // Who has gone to sleep since, is woken.
  if (compare_and_swap(E, word, (word & ~SLEEPERS) + ONE)) atomic.notify(E, -1);
}
