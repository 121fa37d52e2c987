/**
 * Domain caching: a processor that has nothing to do keeps the translations of a domain. A thread that is about to enter that
 * domain goes on there instead of loading its own processor with them, and its processor idles in the domain that it leaves.
 * So two processors exchange what they execute: each has its space as before.
 *
 *     place of a processor:   | 0; or 1 + the domain in which it idles | thread that is sent |        a line
 *     misses:                 by domain, how often a thread has entered it and found no processor idling there
 *
 *     0 -> 1 + domain   the processor itself: it looks for threads that are sent from then on
 *     1 + domain -> 0   by exchange, who wants to send a thread; or the processor itself, which has something to do
 *
 * Invariant: who makes a place 0 sends one thread there; unless it is the processor itself. So a processor that finds its place
 * 0 waits for a thread, which is on its way.
 *
 * An idle processor goes to the domain with most misses, once there are enough. Misses are counted without a lock, so some are
 * lost: they say where calls go, and nothing else.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, section 3.4
 */
import { fetch_and_store, read, write } from "../atomics";
import { pause, processor } from "../machine";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { Thread } from "./thread";

/** Misses after which a processor goes to a domain. */
const ENOUGH: u32 = 4;
const SENT: usize = 4;

let places: usize = 0;
let misses: usize = 0;

/** The same on every processor. */
export function reservePlaces(): void {
  places = reserve(information.processors * LINE);
  misses = reserve(information.imageCount * 4);
}

function placeOf(processor: u32): usize {
  return places + processor * LINE;
}

/** A processor that idles in a domain, and waits for a thread from now on; NONE if there is none, which is a miss. */
export function claimIdle(domain: u32): u32 {
  for (let p: u32 = 0; p < information.processors; p++) {
    if (read(placeOf(p)) != domain + 1) continue;
    // It may have gone to another domain since: then it goes back, and the thread is there all the same.
    if (fetch_and_store(placeOf(p), 0) != 0) return p;
  }
  write(misses + 4 * domain, read(misses + 4 * domain) + 1);
  return NONE;
}

/** To a processor that the caller has claimed. */
export function send(thread: Thread, to: u32): void {
  write(placeOf(to) + SENT, changetype<u32>(thread));
}

/** This processor idles in a domain, 0 for none of them, and others may send threads. */
export function idleIn(domain: u32): void {
  write(placeOf(processor()), domain + 1);
}

/** A thread that has been sent to this processor. */
export function sent(): Thread | null {
  const place = placeOf(processor());
  const thread = read(place + SENT);
  if (thread != 0) write(place + SENT, 0);
  return changetype<Thread | null>(<usize>thread);
}

/** This processor idles no more; the thread that is on its way is waited for. */
export function idleNoMore(): Thread | null {
  if (fetch_and_store(placeOf(processor()), 0) != 0) return null;
  let thread = sent();
  while (thread === null) {
    pause();
    thread = sent();
  }
  return thread;
}

/** The domain to idle in, where this processor does in `present`. */
export function busiest(present: u32): u32 {
  let most: u32 = ENOUGH - 1;
  let domain = present;
  for (let d: u32 = 1; d < information.imageCount; d++) {
    const count = read(misses + 4 * d);
    if (count <= most) continue;
    most = count;
    domain = d;
  }
  if (most >= ENOUGH) write(misses + 4 * domain, 0);
  return domain;
}
