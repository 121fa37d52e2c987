/**
 * The eventcount, proven. There are things to be taken; who waits takes one, who makes adds one and wakes one, or adds all
 * and wakes all. If a waiter sleeps while there is something to take, that is a deadlock. Waiters from `blocking` on wait
 * without blocking.
 *
 *     SCENE | where the eventcount is | things | waiters | blocking | turns | all | now | announced | eventcount: 8 bytes |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { announce, isAnnounced, repair, wakeAll, wakeOne } from "../eventcount";
import { ASYNCHRONOUS, FRESH, NOW } from "../lock-word";
import { sleep, sleepAddress, sleepValue, WAIT } from "../sleep";
import { begin, expectNothingHeld, prepareWorkers, prove_death, SCENE } from "./worker";

const eventcount: usize = SCENE;
const things: usize = SCENE + 4;
const waitersOf: usize = SCENE + 8;
const blocking: usize = SCENE + 12;
/** Things that each maker adds. */
const turns: usize = SCENE + 16;
/** Whether a maker wakes all, once it has added its things; else one for each thing. */
const all: usize = SCENE + 20;
const now: usize = SCENE + 24;
const announced: usize = SCENE + 28;

export function eventcount_prove_init(waiters: u32, blockingOnes: u32, turnsEach: u32, wakesAll: bool): void {
  prepareWorkers();
  write(eventcount, SCENE + 32);
  write(now, NOW);
  write(waitersOf, waiters);
  write(blocking, blockingOnes);
  write(turns, turnsEach);
  write(all, wakesAll ? 1 : 0);
}

export function eventcount_prove_run(): void {
  begin();
  if (processor() >= read(waitersOf)) {
    make();
    return;
  }
  const E = read(eventcount);
  const as = processor() < read(blocking) ? FRESH : ASYNCHRONOUS;
  while (!take()) {
    if (announce(E, as) != WAIT) fail(Failure.Lost);
    if (take()) return;
    sleep(-1);
  }
}

function make(): void {
  const E = read(eventcount);
  for (let left = read(turns); left > 0; left--) {
    fetch_and_increment(things);
    if (read(all) == 0) wakeOne(E);
  }
  if (read(all) != 0) wakeAll(E);
}

function take(): bool {
  for (let there = read(things); there > 0; there = read(things)) {
    if (compare_and_swap(things, there, there - 1)) return true;
  }
  return false;
}

/**
 * As one who is in an operation on an object lists it: whoever dies may have been woken, or been about to wake. What a maker
 * was to add is added.
 */
export function eventcount_prove_death(dead: u32): void {
  prove_death(dead);
  if (dead >= read(waitersOf)) atomic.add<u32>(things, read(turns));
  repair(read(eventcount));
}

/** Nothing is left by those who took all; and where nobody waits any more, wakes end up costing nothing. */
export function eventcount_prove_end(left: u32): void {
  const E = read(eventcount);
  expectNothingHeld();
  if (read(things) > left) fail(Failure.Lost);
  forgets(E);
  if (announce(E, read(now)) != WAIT || isAnnounced(E)) fail(Failure.Lost);
  for (let as = FRESH; as <= ASYNCHRONOUS; as += ASYNCHRONOUS - FRESH) {
    if (announce(E, as) != WAIT || sleepAddress != (as == FRESH ? E : E + 4) || sleepValue != read(sleepAddress))
      fail(Failure.Lost);
    write(announced, isAnnounced(E) ? 1 : 0);
    if (read(announced) != 1) fail(Failure.Lost);
    forgets(E);
  }
}

/** Nobody sleeps: the first wake forgets whoever was announced, the next leave the words alone. */
function forgets(E: usize): void {
  wakeOne(E);
  if (isAnnounced(E)) fail(Failure.Lost);
  const sequence = read(E);
  const other = read(E + 4);
  wakeOne(E);
  wakeAll(E);
  if (read(E) != sequence || read(E + 4) != other) fail(Failure.Lost);
}
