/**
 * Doorbell: where those sleep who wait for the first of several eventcounts. A worker can sleep on one word alone, so it is
 * one word for the whole space, which each eventcount rings that somebody awaits without sleeping on it.
 *
 *     DOORBELL | sequence number |           in the space's header, on a line of its own
 *
 * 1. Wait: read the sequence number; announce at each eventcount as ASYNCHRONOUS, and look again there; sleep on the
 *    doorbell while it has that number. After a ring look at all of them again: it may have been another's.
 * 2. Wake: the eventcount takes its mark away, then rings: one more, and all who sleep on the doorbell are woken.
 *
 * Invariant: a mark that was taken away is followed by a ring, if not by who took it, by who repairs that one. The number
 * was read before the mark was made, and so before that ring: whoever made it does not sleep through it.
 *
 * What a death leaves: of who waits, marks, for which the doorbell is rung once for nothing; of who wakes, what the
 * eventcount's repair does, which rings.
 */
import { fetch_and_increment, read } from "../atomics";
import { waitAt } from "./sleep";
import { DOORBELL } from "./space";

/** The number to be read before the first announcement. */
export function heard(): u32 {
  return read(DOORBELL);
}

export function ring(): void {
  fetch_and_increment(DOORBELL);
  atomic.notify(DOORBELL, -1);
}

/** Says to sleep until it has been rung since that number was read. */
export function awaitRing(sequence: u32): u32 {
  return waitAt(DOORBELL, sequence);
}
