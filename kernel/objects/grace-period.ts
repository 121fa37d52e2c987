/**
 * Grace period: the time after which no operation is under way any more that was under way at its begin, on any of some
 * processors. What was taken away from all that could lead to it before is referred to by nobody behind it. So existence
 * needs no lock: an object that an operation has found stays until the operation is over, whoever destroys it.
 *
 * Who uses objects says where operations begin and end. Each processor looks now and then; it is called by its bell. A
 * grace period goes on for as long as one of those that are waited for does not end an operation, or does not look.
 *
 * There are two ways to know, one file each: token.ts and epochs.ts.
 */
import { write } from "../atomics";
import * as epochs from "./epochs";
import { bytesOfSet, Form, formOf, heard, managerOf, processorsOf, rung } from "./manager";
import * as token from "./token";

export function usesToken(R: usize): bool {
  return formOf(managerOf(R)) == Form.Token;
}

/** Bytes that a record needs for it: tables with words, and a set. */
export function graceBytes(processors: u32): u32 {
  return 3 * processors * 4 + bytesOfSet(processors);
}

/** `tables`: those bytes, zeroed. */
export function createGrace(R: usize, tables: usize): void {
  const P = processorsOf(managerOf(R));
  token.createToken(R, tables);
  epochs.createEpochs(R, tables + 2 * P * 4);
  store<u32>(R + token.visits, <u32>tables + 3 * P * 4);
}

/** An operation begins; what is returned is for its end. */
export function begin(R: usize): u32 {
  if (usesToken(R)) {
    token.begin(R);
    return 0;
  }
  return epochs.begin(R);
}

/** True if the processor should look. */
export function end(R: usize, begun: u32): bool {
  if (usesToken(R)) token.end(R);
  else epochs.end(R, begun);
  return isCalled(R);
}

export function isCalled(R: usize): bool {
  return rung(R) != load<u32>(R + heard) || (!usesToken(R) && epochs.isBehind(R));
}

/** Of a processor that comes. */
export function forget(R: usize): void {
  token.forget(R);
  epochs.forget(R);
  store<u32>(R + heard, rung(R) - 1);
}

/** Answers the bell. False if an operation that is under way keeps others waiting. */
export function look(R: usize): bool {
  const now = rung(R);
  if (usesToken(R)) {
    if (!token.isQuiet(R)) return false;
    if (now != load<u32>(R + heard)) token.visit(R);
    store<u32>(R + heard, now);
    return true;
  }
  if (now != load<u32>(R + heard)) epochs.hear(R);
  store<u32>(R + heard, now);
  return epochs.visit(R);
}

/** Passes on what a processor has that is not present any more: by anybody, also twice. */
export function passOn(R: usize): void {
  token.visit(R);
}

/** The set of those that the next period waits for: empty, to be filled before it starts. */
export function newVisits(R: usize): usize {
  const set: usize = load<u32>(R + token.visits);
  for (let word: u32 = 0, all = bytesOfSet(processorsOf(managerOf(R))); word < all; word += 4) write(set + word, 0);
  return set;
}

/** One at a time. */
export function start(R: usize): void {
  if (usesToken(R)) token.start(R);
  else epochs.start(R);
}

export function isOver(R: usize): bool {
  return usesToken(R) ? token.isOver(R) && token.isQuiet(R) : epochs.isOver(R);
}

/** While it is not over: a processor on which it waits. */
export function holdsUp(R: usize): u32 {
  return usesToken(R) ? token.holdsUp(R) : epochs.holdsUp(R);
}
