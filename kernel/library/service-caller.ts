/**
 * What callers do with a service: service.ts. An A-stack is the caller's from `claim` to `release` or `giveUp`, but while it
 * is CALLED or RUNNING.
 */
import { read, write } from "../atomics";
import { pause } from "../machine";
import {
  advance,
  anyBit,
  argumentsBlock,
  asleepBits,
  CALLED,
  CLAIMED,
  calledBits,
  caller,
  FREE,
  fail,
  find,
  free,
  freeBits,
  HOLDS_TOO_MUCH,
  IS_CLOSING,
  isServed,
  length,
  list,
  markStack,
  OPEN,
  ORPHANED,
  phaseIn,
  phaseOf,
  procedure,
  RUNNING,
  ringServer,
  roomIn,
  slotIn,
  state,
  take,
  wordOf,
} from "./service";
import { me } from "./space";

/** An A-stack in CLAIMED, `hint` if that is free; or NONE_FREE, IS_CLOSING also if nobody serves, HOLDS_TOO_MUCH. */
export function claim(V: usize, hint: usize): usize {
  if (read(V + state) != OPEN || !isServed(V)) return IS_CLOSING;
  if (!list(V)) return HOLDS_TOO_MUCH;
  return hint != 0 && take(hint, FREE) ? hint : find(V, freeBits(V), FREE, 0);
}

/** Where so many bytes of arguments are to be written; 0: the space is full. */
export function roomForArguments(V: usize, A: usize, size: u32): usize {
  return roomIn(V, A, argumentsBlock, size);
}

/** Its arguments are written. */
export function call(V: usize, A: usize, which: u32, size: u32): void {
  store<u32>(A + procedure, which);
  store<u32>(A + length, size);
  if (read(A + caller) != me) write(A + caller, me);
  const word = wordOf(read(A), CALLED, me);
  write(A, word);
  markStack(calledBits(V), A);
  if (anyBit(asleepBits(V))) ringServer(V);
  // Whoever was the last to serve may have looked before.
  if (!isServed(V)) fail(A, word);
}

/** Looks so often whether there is an answer; the phase: CALLED or RUNNING if there is none. */
export function watchAnswer(A: usize, looks: u32): u32 {
  while (true) {
    const phase = phaseOf(A);
    if ((phase != CALLED && phase != RUNNING) || looks-- == 0) return phase;
    pause();
  }
}

export function callAndWatch(V: usize, A: usize, which: u32, size: u32, looks: u32): u32 {
  call(V, A, which, size);
  return watchAnswer(A, looks);
}

/** The caller has its answer, or does not call. */
export function freeStack(V: usize, A: usize): void {
  free(V, A);
}

/** The caller wants no answer any more. The phase that it had: CALLED means that it was never begun. */
export function giveUp(V: usize, A: usize): u32 {
  while (true) {
    const word = read(A);
    const phase = phaseIn(word);
    if (phase == RUNNING) {
      if (advance(A, word, ORPHANED, slotIn(word))) return phase;
    } else if (phase != CALLED || advance(A, word, CLAIMED, me)) {
      free(V, A);
      return phase;
    }
  }
}
