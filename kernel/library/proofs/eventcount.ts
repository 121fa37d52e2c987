/**
 * The eventcount, proven. There are things to be taken; who waits takes one, who makes adds one and wakes one, or adds all
 * and wakes all. If a waiter sleeps while there is something to take, that is a deadlock. Waiters from `blocking` on wait
 * without blocking. They sleep as WebAssembly does it: what a worker's record says about sleep is no part of this.
 *
 *     SCENE | where the eventcount is | things | waiters | blocking | turns | wakes | idle | answer | now |
 *       | eventcount: 8 bytes |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { announce, isAnnounced, repair, wakeAll, wakeOne } from "../eventcount";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { sleepAddress, sleepValue, WAIT } from "../sleep";
import { DOORBELL } from "../space";
import { SCENE } from "./worker";

const eventcount: usize = SCENE;
const things: usize = SCENE + 4;
const waitersOf: usize = SCENE + 8;
const blocking: usize = SCENE + 12;
/** Things that each maker adds. */
const turns: usize = SCENE + 16;
/** How a maker wakes: one for each thing; or all, once it has added its things, by `wakeAll` or by `repair`. */
const wakes: usize = SCENE + 20;
const ALL: u32 = 1;
const REPAIRS: u32 = 2;
/** Wakes of one for nothing, before a maker begins. */
const idle: usize = SCENE + 24;
/** What `isAnnounced` answered, as a value. */
const answer: usize = SCENE + 28;
const now: usize = SCENE + 32;
const place: usize = SCENE + 40;

/** In an eventcount. */
const SLEEPERS: u32 = 1;
const AWAITED: u32 = 2;

/** `idleWakes`: to begin with the mark of one who has announced itself, and will not sleep. */
export function eventcount_prove_init(
  waiters: u32,
  blockingOnes: u32,
  turnsEach: u32,
  howWoken: u32,
  idleWakes: u32,
): void {
  write(eventcount, <u32>place);
  write(now, NOW);
  write(waitersOf, waiters);
  write(blocking, blockingOnes);
  write(turns, turnsEach);
  write(wakes, howWoken);
  write(idle, idleWakes);
  if (idleWakes > 0) write(place, SLEEPERS);
}

export function eventcount_prove_run(): void {
  if (processor() >= read(waitersOf)) {
    make();
    return;
  }
  const E = read(eventcount);
  const as = processor() < read(blocking) ? FRESH : ASYNCHRONOUS;
  while (!take()) {
    if (announce(E, as) != WAIT) fail(Failure.Lost);
    if (take()) return;
    atomic.wait<u32>(sleepAddress, sleepValue, -1);
  }
}

function make(): void {
  const E = read(eventcount);
  const how = read(wakes);
  for (let left = read(idle); left > 0; left--) wakeOne(E);
  for (let left = read(turns); left > 0; left--) {
    fetch_and_increment(things);
    if (how == 0) wakeOne(E);
  }
  if (how == ALL) wakeAll(E);
  if (how == REPAIRS) repair(E);
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
  if (dead >= read(waitersOf)) atomic.add<u32>(things, read(turns));
  repair(read(eventcount));
}

/** Nothing is left by those who took all; and where nobody waits any more, wakes end up costing nothing. */
export function eventcount_prove_end(left: u32): void {
  const E = read(eventcount);
  if (read(things) > left) fail(Failure.Lost);
  wakeOne(E);
  if (isAnnounced(E)) fail(Failure.Lost);
  const sequence = read(E);
  const other = read(E + 4);
  wakeOne(E);
  wakeAll(E);
  expectWords(sequence, other, read(DOORBELL));
}

/** One operation after the other, from several sequence numbers on, the last ones included. */
export function eventcount_prove_alone(): void {
  for (let begin: u32 = 0; begin != 12; begin += 4) expectAllFrom(begin);
  for (let begin: u32 = 0xfffffff0; begin != 0; begin += 4) expectAllFrom(begin);
}

function expectAllFrom(begin: u32): void {
  const E = read(eventcount);
  write(E, begin);
  write(E + 4, begin + 1);
  const rings = read(DOORBELL);
  wakeOne(E);
  wakeAll(E);
  expectWords(begin, begin + 1, rings);
  if (announce(E, read(now)) != WAIT) fail(Failure.Lost);
  expectWords(begin, begin + 1, rings);
  // Nobody is there: one who is announced is forgotten, by a second change of the word where others may sleep on.
  expectAnnounced(FRESH, SLEEPERS);
  wakeAll(E);
  expectWords(begin + 4, begin + 1, rings);
  expectAnnounced(SLEPT, SLEEPERS);
  wakeOne(E);
  expectWords(begin + 12, begin + 1, rings);
  // Whether anybody waits without blocking, is not known: they are told.
  expectAnnounced(ASYNCHRONOUS, AWAITED);
  wakeOne(E);
  expectWords(begin + 16, begin + 2, rings + 1);
  expectAnnounced(ASYNCHRONOUS, AWAITED);
  wakeAll(E);
  expectWords(begin + 20, begin + 3, rings + 2);
  expectAnnounced(ASYNCHRONOUS, AWAITED);
  expectAnnounced(FRESH, AWAITED | SLEEPERS);
  expectAnnounced(ASYNCHRONOUS, AWAITED | SLEEPERS);
  wakeOne(E);
  expectWords(begin + 28, begin + 4, rings + 3);
  expectAnnounced(FRESH, SLEEPERS);
  expectAnnounced(ASYNCHRONOUS, AWAITED | SLEEPERS);
  wakeAll(E);
  expectWords(begin + 32, begin + 5, rings + 4);
  // Repair changes all words, whatever the marks say.
  repair(E);
  expectWords(begin + 36, begin + 6, rings + 5);
}

/** Announces one who is to sleep while nothing changes. */
function expectAnnounced(as: u32, marks: u32): void {
  const E = read(eventcount);
  const sequence = read(E) & ~(AWAITED | SLEEPERS);
  const other = read(E + 4);
  const rings = read(DOORBELL);
  if (announce(E, as) != WAIT) fail(Failure.Lost);
  expectWords(sequence | marks, other, rings);
  const where: usize = as == ASYNCHRONOUS ? E + 4 : E;
  if (sleepAddress != <u32>where || sleepValue != read(where)) fail(Failure.Lost);
}

function expectWords(sequence: u32, other: u32, rings: u32): void {
  const E = read(eventcount);
  if (read(E) != sequence || read(E + 4) != other || read(DOORBELL) != rings) fail(Failure.Lost);
  write(answer, u32(isAnnounced(E)));
  if (read(answer) != u32((sequence & (AWAITED | SLEEPERS)) != 0)) fail(Failure.Lost);
}
