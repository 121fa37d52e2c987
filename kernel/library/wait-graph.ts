/**
 * Wait graph: from a worker to the object that it waits for, and from there to the worker that owns it. Workers that are
 * debugged write down what they wait for, for ever, before they sleep; whoever does so last sees the cycle that it closes.
 *
 *     my record | waitsFor | thread | notes |
 *
 * 1. `beginWait` writes down the object, then follows the graph; 2. `endWait`, once it has the object or gave up, clears it.
 *
 * Invariant: a worker whose object belongs to another that is stuck, is stuck, and owns what it owns, for ever. So the way
 * is looked at again from its end, where this worker is the owner: each step of it was there when the next was there
 * already. A deadlock that nobody's death ends is never missed: who writes down its wait last, finds all others'.
 *
 * Source: Holt, ACM Computing Surveys 4(3), 1972 (wait-for graphs).
 */
import { read, write } from "../atomics";
import { heldCount, heldObject } from "./holdings";
import * as mutex from "./mutex";
import { Kind, kindOf } from "./objects";
import { me, my, notes, recordOf, thread, waitsFor, workers } from "./space";

/** The slot of the worker that owns an object; 0 for nobody, and for objects that do not belong to one worker at a time. */
export function ownerOf(object: usize): u32 {
  return kindOf(object) == Kind.Mutex ? mutex.owner(object) : 0;
}

/** Writes down what this worker waits for; true if it would wait for itself. */
export function beginWait(object: usize): bool {
  write(my + waitsFor, <u32>object);
  return leadsBack(object, workers());
}

function leadsBack(object: usize, steps: u32): bool {
  const owner = ownerOf(object);
  if (owner == me) return true;
  if (owner == 0 || steps == 0) return false;
  const next = waitsForOf(owner);
  return next != 0 && leadsBack(next, steps - 1) && waitsForOf(owner) == next && ownerOf(object) == owner;
}

export function endWait(): void {
  write(my + waitsFor, 0);
}

export function waitsForOf(slot: u32): u32 {
  return read(recordOf(slot) + waitsFor);
}

/** Of a dead worker's record; the notes are the slot's next worker's. */
export function forgetWait(R: usize): void {
  write(R + waitsFor, 0);
  write(R + thread, 0);
}

/** What this worker says about itself: the number of its thread, -1 to say no more, and a block that stays with its slot. */
export function describe(threadOfMine: i32, notesOfMine: usize): void {
  write(my + thread, threadOfMine + 1);
  write(my + notes, <u32>notesOfMine);
}

/** -1: the worker has not said. */
export function threadOf(slot: u32): i32 {
  return read(recordOf(slot) + thread) - 1;
}

export function notesOf(slot: u32): u32 {
  return read(recordOf(slot) + notes);
}

/** An object on a worker's list, 0 for none. For people: the worker may be changing it. */
export function heldBy(slot: u32, index: u32): usize {
  const R = recordOf(slot);
  return index < heldCount(R) ? heldObject(R, index) : 0;
}
