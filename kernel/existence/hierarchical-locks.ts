/**
 * Hierarchical locks: an object is kept from going away by the lock of what leads to it. A page fault holds the process's lock
 * while it takes the region's, and the region's while it takes the cached object's.
 *
 *     O   | process's lock | process |
 *     I   | process's lock | record | process | region's lock | record | region | cached object's lock | record | it |
 *
 * All processors execute one process; each refers to a region of its own. The locks are mcs.ts, whose waiters disturb
 * nobody; they wait for each other all the same.
 *
 * Invariant: who holds an object's lock, or that of what leads to it, refers to an object that is there.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 2.4: existence locks, of which a hierarchy holds the
 *   upper ones
 * @waits spinning
 */
import * as mcs from "../locks/mcs";
import { local, shared } from "../memory/placement";

const process: u32 = 8;
const region: u32 = 12;
const cached: u32 = 24;
const record: u32 = 4;
const data: u32 = 8;

/** Objects are not made and destroyed. */
export const LIVES: bool = false;

export function create(processors: u32): usize {
  const O = shared(8);
  store<u32>(O, <u32>mcs.create(processors));
  store<u32>(O + 4, <u32>shared(8));
  return O;
}

export function attach(O: usize, processor: u32): usize {
  const I = local(processor, 256);
  setLock(I, load<u32>(O), processor);
  store<u32>(I + process, load<u32>(O + 4));
  setLock(I + region, mcs.create(1), processor);
  store<u32>(I + region + data, <u32>local(processor, 8));
  setLock(I + cached, mcs.create(1), processor);
  store<u32>(I + cached + data, <u32>local(processor, 8));
  return I;
}

function setLock(word: usize, L: usize, processor: u32): void {
  store<u32>(word, <u32>L);
  store<u32>(word + record, <u32>mcs.attach(L, processor));
}

export function use(I: usize): void {
  mcs.acquire(load<u32>(I), load<u32>(I + record));
  load<u32>(<usize>load<u32>(I + process));
  mcs.acquire(load<u32>(I + region), load<u32>(I + region + record));
  mcs.release(load<u32>(I), load<u32>(I + record));
  load<u32>(<usize>load<u32>(I + region + data));
  mcs.acquire(load<u32>(I + cached), load<u32>(I + cached + record));
  mcs.release(load<u32>(I + region), load<u32>(I + region + record));
  const count: usize = load<u32>(I + cached + data);
  store<u32>(count, load<u32>(count) + 1);
  mcs.release(load<u32>(I + cached), load<u32>(I + cached + record));
}
