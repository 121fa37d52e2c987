/**
 * What a service's dead leave, and what is done when it is freed: service.ts. Each step may be done twice.
 */
import { compare_and_swap, fetch_and_store, read, write } from "../atomics";
import {
  advance,
  CALLED,
  CLAIMED,
  callerOf,
  FREE,
  isUnderWay,
  ORPHANED,
  phaseIn,
  phaseOf,
  RUNNING,
  releaseBlocks,
  slotIn,
} from "./a-stack";
import { release } from "./allocator";
import {
  asleepBits,
  calledBits,
  described,
  fail,
  failCalled,
  free,
  freeBits,
  inRow,
  isOwn,
  isServed,
  last,
  listing,
  markStack,
  ownWord,
  position,
  rests,
  ringAll,
  servingBits,
  slotLine,
  stackAt,
  stackOf,
  stacksOf,
  wants,
  watcher,
  watches,
} from "./service";
import { clearBit } from "./slot-bits";

/** Of one that is freed: whoever sleeps looks. */
export function bury(V: usize): void {
  ringAll();
  for (let i: u32 = 0, all = stacksOf(V); i < all; i++) releaseBlocks(stackAt(V, i));
  const block: usize = fetch_and_store(V + described, 0);
  if (block != 0) release(block);
}

/** The worker of a slot serves no more: it leaves, or is dead. */
export function dropServer(V: usize, slot: u32): void {
  clearBit(servingBits(V), slot);
  for (let i: u32 = 0, all = stacksOf(V); i < all; i++) {
    const A = stackAt(V, i);
    // Its caller may give up meanwhile.
    for (let word = read(A); slotIn(word) == slot; word = read(A)) {
      if (phaseIn(word) == RUNNING) fail(A, word);
      else if (phaseIn(word) == ORPHANED) free(V, A);
      else break;
    }
  }
  if (!isServed(V)) failCalled(V);
}

export function repair(V: usize, dead: u32): void {
  const L = slotLine(V, dead);
  dropServer(V, dead);
  clearBit(asleepBits(V), dead);
  compare_and_swap(V + watcher, dead, 0);
  for (let i: u32 = 0, all = stacksOf(V); i < all; i++) {
    const A = stackAt(V, i);
    dropCaller(V, A, dead);
    if (A == stackOf(V, dead) && !isUnderWay(phaseOf(A))) releaseBlocks(A);
    // A hint that it cleared, or did not live to set.
    const phase = phaseIn(read(A));
    if (phase == CALLED) markStack(calledBits(V), A);
    if (phase == FREE && !isOwn(V, A)) markStack(freeBits(V), A);
  }
  store<u32>(L + rests, 0);
  store<u32>(L + watches, 0);
  store<u32>(L + last, 0);
  store<u32>(L + inRow, 0);
  store<u32>(L + position, 0);
  store<u32>(L + ownWord, 0);
  write(L + wants, 0);
  write(L + listing, 0);
  // It may have been about to ring any of them, or been rung in their place; the services' words say what is there.
  ringAll();
}

/** An A-stack that may be a dead caller's. */
function dropCaller(V: usize, A: usize, dead: u32): void {
  while (true) {
    const word = read(A);
    const phase = phaseIn(word);
    if (phase == RUNNING) {
      if (callerOf(A) != dead || advance(A, word, ORPHANED, slotIn(word))) return;
    } else {
      // An ORPHANED one has no caller; what the dead one had as a server, it has no more.
      if (slotIn(word) != dead) return;
      if (phase == CALLED && !advance(A, word, CLAIMED, dead)) continue;
      free(V, A);
      return;
    }
  }
}
