/**
 * What callers do with a service: service.ts. An A-stack is the caller's from `claim` to `freeStack` or `giveUp`, but while it
 * is CALLED or RUNNING.
 */
import { read, write } from "../atomics";
import {
  advance,
  argumentsBlock,
  CALLED,
  CLAIMED,
  caller,
  FREE,
  length,
  nextCall,
  ORPHANED,
  phaseIn,
  procedure,
  RUNNING,
  roomIn,
  slotIn,
  take,
} from "./a-stack";
import { enterObject, leaveObject } from "./existence";
import {
  bytesOf,
  calledBits,
  find,
  free,
  freeBits,
  HOLDS_TOO_MUCH,
  IS_CLOSING,
  isOpen,
  isOwn,
  list,
  markStack,
  tell,
} from "./service";
import { forgetOwn, freeOwn, writeValues } from "./service-own";
import { inside, me, my } from "./space";

/** A shared A-stack in CLAIMED, `hint` if that is free; else as `claimOwn`. */
export function claim(V: usize, identity: u32, hint: usize): usize {
  if (!enterObject(V, identity)) return IS_CLOSING;
  const A = list(V) ? claimShared(V, hint) : HOLDS_TOO_MUCH;
  const refused = A > HOLDS_TOO_MUCH && !isOpen(V);
  if (refused) free(V, A);
  leaveObject();
  return refused ? IS_CLOSING : A;
}

function claimShared(V: usize, hint: usize): usize {
  return hint != 0 && take(hint, FREE) ? hint : find(V, freeBits(V), FREE, 0);
}

/** Where so many bytes of arguments are to be written; 0: the space is full. */
export function roomForArguments(V: usize, A: usize, size: u32): usize {
  return roomIn(A, bytesOf(V), argumentsBlock, size);
}

/** Its arguments are written. */
export function call(V: usize, A: usize, which: u32, size: u32): void {
  store<u32>(A + procedure, which);
  store<u32>(A + length, size);
  if (read(A + caller) != me) write(A + caller, me);
  const word = nextCall(read(A), me);
  write(A, word);
  markStack(calledBits(V), A);
  tell(V, A, word);
}

/** Calls, where the first four arguments are numbers, or lengths of what is in the room. */
export function callValues(V: usize, A: usize, which: u32, a: f64, b: f64, c: f64, d: f64): void {
  writeValues(A, a, b, c, d);
  call(V, A, which, 0);
}

/** The caller has its answer, or does not call. It is inside of the service: whoever closes that may free it at once. */
export function freeStack(V: usize, A: usize): void {
  if (isOwn(V, A)) freeOwn(V);
  else {
    write(my + inside, <u32>V);
    free(V, A);
    leaveObject();
  }
}

/** The caller wants no answer any more. The phase that it had: CALLED means that it was never begun. */
export function giveUp(V: usize, A: usize): u32 {
  while (true) {
    const word = read(A);
    const phase = phaseIn(word);
    if (phase == RUNNING) {
      if (!advance(A, word, ORPHANED, slotIn(word))) continue;
      if (isOwn(V, A)) forgetOwn(V);
      return phase;
    }
    if (phase != CALLED || advance(A, word, CLAIMED, me)) {
      freeStack(V, A);
      return phase;
    }
  }
}
