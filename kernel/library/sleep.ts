/**
 * Sleeping. An attempt at an operation that has to wait says where to sleep and while which value is there; then the
 * caller sleeps and attempts again. Blocking callers sleep in WebAssembly, others in `Atomics.waitAsync` on another
 * word.
 *
 * Why another word: a blocked thread that is woken runs, but the event loop of one that waits without blocking may be
 * held up by anything, even by a thread that sleeps on the same word. So whoever wakes one sleeper wakes a blocked one,
 * and all who wait without blocking besides.
 *
 * A worker that sleeps says so in its record, and where it slept last is left there until it sleeps again. If it dies,
 * nobody knows whether a wake-up was meant for it: repair wakes all who sleep on that word, and they look again.
 */
import { read } from "../atomics";
import { isDying } from "./existence";
import { fallAsleep, inside, my, slept, wakeUp } from "./space";

/** An attempt's result when its caller has to wait, at `sleepAddress`, while `sleepValue` is there. */
export const WAIT: u32 = 0xffffffff;

/** Whether this thread may sleep: a browser's main thread may not, WebAssembly's wait traps there. */
export let mayBlock: bool = true;

export function neverBlock(): void {
  mayBlock = false;
}

/** Whether somebody woke this worker where it slept last. */
export let woken: bool = false;

export let sleepAddress: u32 = 0;
export let sleepValue: u32 = 0;

export function waitAt(address: usize, value: u32): u32 {
  sleepAddress = <u32>address;
  sleepValue = value;
  return WAIT;
}

/**
 * Sleeps where the last attempt said, until it is woken or the value is gone; at once in the latter case.
 *
 * @param milliseconds the longest time, below 0 for ever
 * @returns false: the time is over
 */
export function sleep(milliseconds: f64): bool {
  return sleepOn(sleepAddress, sleepValue, milliseconds < 0 ? -1 : <i64>(milliseconds * 1e6));
}

/**
 * Whether somebody woke this worker where it slept last; else the value was gone, or the time over. To be asked once.
 */
export function wasWoken(): bool {
  const was = woken;
  woken = false;
  return was;
}

/**
 * Before a wake-up that others count on: if the caller does not live to make it, repair does, of all who sleep there.
 */
export function mustWake(address: usize): void {
  store<u32>(my + slept, <u32>address);
}

export function sleepOn(address: usize, value: u32, nanoseconds: i64): bool {
  store<u32>(my + slept, <u32>address);
  fallAsleep(address);
  // Of an object that was freed: its waiters have been woken, or are about to be, or may never be again.
  const object: usize = read(my + inside);
  if (object != 0 && isDying(object)) {
    wakeUp();
    return true;
  }
  const result = atomic.wait<u32>(address, value, nanoseconds);
  wakeUp();
  woken = result == 0;
  return result != 2;
}
