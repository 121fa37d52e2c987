/**
 * The A-stack of a slot's own in a service, for a call of the worker that blocks: service.ts. A call there changes the word twice,
 * and moves one cache line to the server and back; all else that the caller needs is on lines of its own, which nobody takes away.
 *
 *     my record     calling    the service, from `claimOwn` to `freeOwn` or `forgetOwn`; so the worker is in one such call at a time
 *     my line       ownWord    what the word was when the last call was over; 0: it is not known, and perhaps a server's still
 *                   ownBlocks  whether the A-stack names blocks
 *                   delay      cycles from the call to the first look at the answer
 *
 * A look that comes while the server executes takes the line from it, which it needs once more for the answer. So the first look
 * comes when the answer is about to be there: later by GROWTH where it came too early, else a little earlier.
 *
 * The server, which watches that A-stack alone for a while, expects the word of the next call, and takes it by a compare_and_swap
 * that it does not look before: it gets the line once, to write. See service-server.ts.
 *
 * To claim: 1. `calling`. 2. The state: the service is open. 3. The identity: it is not freed. Whoever closes it looks in the
 * other order, and frees it when nobody is `calling` (Dekker).
 */
import { read, write } from "../atomics";
import { work } from "../machine";
import {
  ANSWERED,
  answerBlock,
  argumentsBlock,
  isUnderWay,
  length,
  nextCall,
  phaseIn,
  phaseOf,
  procedure,
  releaseBlocks,
  VALUES,
} from "./a-stack";
import { isObject } from "./existence";
import {
  calledBits,
  delay,
  HOLDS_TOO_MUCH,
  IS_CLOSING,
  isOpen,
  list,
  mark,
  NONE_FREE,
  ownBlocks,
  ownWord,
  ringClosers,
  sharedOf,
  slotLine,
  stackOf,
  tell,
} from "./service";
import { calling, enoughCores, me, my, outcome } from "./space";

/** Cycles between looks at an answer. */
const BETWEEN: u32 = 20;
/** The looks of the longest watch where threads exceed cores: whoever is watched may be waiting for the watcher's core. */
const CROWDED: u32 = 512;

const GROWTH: u32 = 16;
const LONGEST: u32 = 1024;

/** The A-stack of one's own; NONE_FREE: it is in use, IS_CLOSING also if nobody serves or it was freed, HOLDS_TOO_MUCH. */
export function claimOwn(V: usize, identity: u32): usize {
  if (load<u32>(my + calling) != 0) return NONE_FREE;
  write(my + calling, <u32>V);
  const A = ownIn(V, identity);
  if (A <= HOLDS_TOO_MUCH) {
    write(my + calling, 0);
    ringClosers();
  }
  return A;
}

function ownIn(V: usize, identity: u32): usize {
  if (!isOpen(V) || !isObject(V, identity)) return IS_CLOSING;
  if (!list(V)) return HOLDS_TOO_MUCH;
  const A = stackOf(V, me);
  const L = slotLine(V, me);
  if (load<u32>(L + ownWord) == 0) {
    const word = read(A);
    // One that was given up is its server's still.
    if (isUnderWay(phaseIn(word))) return NONE_FREE;
    store<u32>(L + ownWord, word);
  }
  store<u32>(L + ownBlocks, 1);
  return A;
}

/** Calls in the A-stack of one's own, and watches so long; the phase. */
export function callOwn(V: usize, which: u32, size: u32, looks: u32): u32 {
  const A = stackOf(V, me);
  const L = slotLine(V, me);
  store<u32>(A + procedure, which);
  store<u32>(A + length, size);
  const word = nextCall(load<u32>(L + ownWord), me);
  store<u32>(L + ownWord, word);
  write(A, word);
  mark(calledBits(V), sharedOf(V) + me - 1);
  tell(V, A, word);
  const phase = looks == 0 ? phaseOf(A) : watchOwn(A, L, looks);
  if (!isUnderWay(phase)) store<u32>(L + ownBlocks, read(A + argumentsBlock) | read(A + answerBlock));
  return phase;
}

function watchOwn(A: usize, L: usize, looks: u32): u32 {
  const cycles = load<u32>(L + delay);
  work(cycles);
  const phase = phaseOf(A);
  if (!isUnderWay(phase)) {
    if (cycles > 0) store<u32>(L + delay, cycles - 1);
    return phase;
  }
  if (cycles < LONGEST) store<u32>(L + delay, cycles + GROWTH);
  return watchAnswer(A, looks);
}

/**
 * As `callOwn`, where the first four arguments are numbers, or lengths of what is in the room: the answer, if that is such a one.
 * The worker's `outcome` is the phase.
 */
export function callOwnValues(V: usize, which: u32, a: f64, b: f64, c: f64, d: f64, looks: u32): f64 {
  const A = stackOf(V, me);
  writeValues(A, a, b, c, d);
  const phase = callOwn(V, which, 0, looks);
  store<u32>(my + outcome, phase);
  return phase == ANSWERED ? load<f64>(A + VALUES) : 0;
}

/**
 * Claims, and calls where all arguments are such ones, and the answer is a number; and frees the A-stack if that is there. Else
 * the outcome may be what `claimOwn` has answered, negated.
 */
export function callNumbers(V: usize, identity: u32, which: u32, a: f64, b: f64, c: f64, d: f64, looks: u32): f64 {
  const A = claimOwn(V, identity);
  if (A <= HOLDS_TOO_MUCH) {
    store<u32>(my + outcome, -A);
    return 0;
  }
  const answer = callOwnValues(V, which, a, b, c, d, looks);
  if (load<u32>(my + outcome) == ANSWERED) freeOwn(V);
  return answer;
}

export function writeValues(A: usize, a: f64, b: f64, c: f64, d: f64): void {
  store<f64>(A + VALUES, a);
  store<f64>(A + VALUES + 8, b);
  store<f64>(A + VALUES + 16, c);
  store<f64>(A + VALUES + 24, d);
}

/** Of so many looks, those that a watch may take. */
export function affordable(looks: u32): u32 {
  return looks <= CROWDED || enoughCores() ? looks : CROWDED;
}

/** Looks so often whether there is an answer; the phase: CALLED or RUNNING if there is none. */
export function watchAnswer(A: usize, looks: u32): u32 {
  let left = affordable(looks);
  while (true) {
    const phase = phaseOf(A);
    if (!isUnderWay(phase) || left-- == 0) return phase;
    work(BETWEEN);
  }
}

/** Where the outcome is. */
export function outcomePlace(): usize {
  return my + outcome;
}

/** The caller has its answer, or does not call. */
export function freeOwn(V: usize): void {
  if (load<u32>(slotLine(V, me) + ownBlocks) != 0) releaseBlocks(stackOf(V, me));
  write(my + calling, 0);
  ringClosers();
}

/** The caller has given it up: it is its server's. */
export function forgetOwn(V: usize): void {
  store<u32>(slotLine(V, me) + ownWord, 0);
  write(my + calling, 0);
  ringClosers();
}
