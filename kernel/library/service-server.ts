/**
 * What servers do with a service: service.ts. An A-stack is the server's from `next` to `answer`.
 */
import { compare_and_swap, read, write } from "../atomics";
import { work } from "../machine";
import {
  ANSWERED,
  advance,
  answerBlock,
  CALLED,
  callerOf,
  FREE,
  isUnderWay,
  length,
  nextCall,
  phaseIn,
  phaseOf,
  RUNNING,
  roomIn,
  THREW,
  take,
  VALUES,
  wordOf,
} from "./a-stack";
import * as bell from "./bell";
import { leaveObject } from "./existence";
import {
  asleepBits,
  bytesOf,
  CLOSING,
  calledBits,
  expected,
  find,
  free,
  HOLDS_TOO_MUCH,
  IS_CLOSING,
  inRow,
  last,
  list,
  OPEN,
  rests,
  ringAll,
  ringClosers,
  ringServer,
  serves,
  servingBits,
  sharedOf,
  slotLine,
  stackAt,
  stackOf,
  stacksOf,
  state,
  watcher,
  watches,
} from "./service";
import { affordable } from "./service-own";
import { dropServer } from "./service-repair";
import { anyBit, clearBit, setBit } from "./slot-bits";
import { calling, inside, me, my, recordOf, workers } from "./space";

/** So often in a row a server takes the A-stack that it had last, before it looks whether there are others. */
const EAGER: u32 = 8;

/** Cycles between looks of a watch, and how many of them are at the A-stack that the server had last, before one at all. */
const BETWEEN: u32 = 20;
const AT_LAST: u32 = 8;

/** The caller serves from now on. 0, or IS_CLOSING, HOLDS_TOO_MUCH. */
export function join(V: usize): u32 {
  if (read(V + state) != OPEN) return IS_CLOSING;
  if (!list(V)) return HOLDS_TOO_MUCH;
  setBit(servingBits(V), me);
  return 0;
}

/** The caller serves no more. What it has not answered, FAILED; so has all that is CALLED, if it was the last. */
export function leave(V: usize): void {
  // Whoever closes the service frees it when nobody serves.
  write(my + inside, <u32>V);
  rouse(V, slotLine(V, me));
  store<u32>(slotLine(V, me) + last, 0);
  dropServer(V, me);
  // It may have been rung for a call that it has not taken.
  ringServer(V);
  ringClosers();
  leaveObject();
}

/** New calls are refused; who waits in the service looks. */
export function close(V: usize): void {
  write(V + state, CLOSING);
  ringAll();
}

/** Whether no call is under way, and nobody is about to begin one: of a service that is closed. */
export function isIdle(V: usize): bool {
  for (let slot: u32 = 1, end = workers(); slot <= end; slot++) {
    if (read(recordOf(slot) + calling) == <u32>V || isUnderWay(phaseOf(stackOf(V, slot)))) return false;
  }
  for (let i: u32 = 0, all = sharedOf(V); i < all; i++) if (phaseOf(stackAt(V, i)) != FREE) return false;
  return true;
}

/** A call to execute, in RUNNING; 0: there is none. */
export function next(V: usize): usize {
  const L = slotLine(V, me);
  const A = takeNext(V, L);
  if (A != 0) begins(V, L);
  return A;
}

/** The server has a call: who called before it said that it neither sleeps nor watches, has perhaps rung nobody else. */
function begins(V: usize, L: usize): void {
  rouse(V, L);
  if (anyBit(asleepBits(V)) && anyCalled(V)) ringServer(V);
}

function takeNext(V: usize, L: usize): usize {
  const known: usize = load<u32>(L + last);
  const row = load<u32>(L + inRow);
  if (known != 0 && row < EAGER && take(known, CALLED)) {
    store<u32>(L + inRow, row + 1);
    return known;
  }
  store<u32>(L + inRow, 0);
  const A = find(V, calledBits(V), CALLED, known);
  if (A != 0) {
    store<u32>(L + last, <u32>A);
    return A;
  }
  if (known == 0 || !take(known, CALLED)) return 0;
  store<u32>(L + inRow, 1);
  return known;
}

/** The A-stack that it had last, by the word that is expected there: its line comes once, to be written. */
function takeLast(L: usize): usize {
  const known: usize = load<u32>(L + last);
  const word = load<u32>(L + expected);
  if (known == 0 || !compare_and_swap(known, word, wordOf(word, RUNNING, me))) return 0;
  store<u32>(L + inRow, load<u32>(L + inRow) + 1);
  return known;
}

function anyCalled(V: usize): bool {
  for (let i: u32 = 0, all = stacksOf(V); i < all; i++) if (phaseOf(stackAt(V, i)) == CALLED) return true;
  return false;
}

/** The server neither watches nor sleeps. */
function rouse(V: usize, L: usize): void {
  if (load<u32>(L + watches)) {
    store<u32>(L + watches, 0);
    compare_and_swap(V + watcher, me, 0);
  }
  if (load<u32>(L + rests)) {
    store<u32>(L + rests, 0);
    clearBit(asleepBits(V), me);
  }
}

/** Looks so often for a call to execute. As `next`. */
export function watch(V: usize, looks: u32): usize {
  const L = slotLine(V, me);
  const row = load<u32>(L + inRow);
  // Whoever has called several times in a row is about to do so again.
  let A = looks == 0 || row == 0 || row >= EAGER ? takeNext(V, L) : 0;
  if (A == 0 && looks > 0) {
    rouse(V, L);
    if (anyBit(asleepBits(V))) {
      store<u32>(L + watches, 1);
      write(V + watcher, me);
    }
    for (let left = affordable(looks); A == 0 && left > 0; left--) {
      work(BETWEEN);
      A = left % AT_LAST == 1 ? takeNext(V, L) : takeLast(L);
    }
  }
  if (A != 0) begins(V, L);
  if (A != 0 || !load<u32>(L + watches)) return A;
  // Nobody was rung meanwhile: it looks again.
  rouse(V, L);
  return next(V);
}

/** The caller is about to sleep with the number that this answers: to be followed by a look at all that it waits for. */
export function arm(V: usize): u32 {
  const number = bell.arm();
  if (serves(V, me)) {
    store<u32>(slotLine(V, me) + rests, 1);
    setBit(asleepBits(V), me);
  }
  return number;
}

/**
 * Sleeps as `sleepUntilRung`. Where the worker waits for several services, each of them but one is to be told by `wake`
 * afterwards.
 */
export function sleep(V: usize, number: u32, milliseconds: f64): bool {
  const inTime = bell.sleepUntilRung(number, milliseconds);
  wake(V);
  return inTime;
}

/** The worker does not sleep any more: others are rung for what it does not take. */
export function wake(V: usize): void {
  rouse(V, slotLine(V, me));
}

/** Where a worker sleeps that does not block. */
export function bellOfMine(): usize {
  return bell.bellOf(me);
}

/** Where so many bytes of an answer are to be written; 0: the space is full. */
export function roomForAnswer(V: usize, A: usize, size: u32): usize {
  return roomIn(A, bytesOf(V), answerBlock, size);
}

/** The answer, or what was thrown, is written. False: nobody wants it any more, and the A-stack is free. */
export function answer(V: usize, A: usize, threw: bool, size: u32): bool {
  store<u32>(A + length, size);
  const word = read(A);
  const its = callerOf(A);
  store<u32>(slotLine(V, me) + expected, nextCall(word, its));
  if (phaseIn(word) == RUNNING && advance(A, word, threw ? THREW : ANSWERED, its)) {
    bell.ring(its);
    return true;
  }
  free(V, A);
  return false;
}

/** An answer that is a number, or the length of what is in the room: as `answerAndWatch`. */
export function answerValue(V: usize, A: usize, value: f64, looks: u32): usize {
  store<f64>(A + VALUES, value);
  answer(V, A, false, 0);
  return looks == 0 ? 0 : watch(V, looks);
}

export function answerAndWatch(V: usize, A: usize, threw: bool, size: u32, looks: u32): usize {
  answer(V, A, threw, size);
  return watch(V, looks);
}
