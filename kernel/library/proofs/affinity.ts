/**
 * Affinity, proven: the list of the last processors against a plain model of it, and what is made of that.
 *
 *     SCENE | scheduler |
 */
import { read, write } from "../../atomics";
import { processor } from "../../machine";
import {
  ALL,
  anyIdle,
  done,
  fewestIntervening,
  forget,
  idleWithFewest,
  intervening,
  isCold,
  isRemembered,
  lastOf,
  NEVER,
  REMEMBERED,
  warm,
} from "../../tasks/affinity";
import { append, enterQueue, leaveQueue } from "../../tasks/queue";
import {
  becomeIdle,
  blankKey,
  bytesOf,
  centralQueue,
  count,
  endIdleness,
  initialize,
  keyAt,
  keyOf,
  last,
  NO_KEY,
  NOBODY,
  processorAt,
  processorsOf,
  running,
  seen,
  setKey,
  setPresent,
  since,
  taskAt,
} from "../../tasks/scheduler";
import { createObject, Kind } from "../objects";
import { begin, expect, expectEqual, prepareWorkers, SCENE } from "./worker";

const scheduler: usize = SCENE;
/** Times from which, of 4 processors, this one is drawn. */
const FROM_1: u32 = 4;
const FROM_2: u32 = 2;

/** A key for so many tasks each. */
export function affinity_prove_init(count: u32, tasks: u32, keys: u32, bound: u32): void {
  prepareWorkers();
  const S = createObject(Kind.SharedBuffer, bytesOf(count, tasks, keys));
  initialize(S, count, tasks, keys, 0, bound);
  write(scheduler, <u32>S);
}

function does(p: u32, task: u32): void {
  const S = read(scheduler);
  write(processorAt(S, p) + running, task + 1);
  done(S, p);
  expect(read(processorAt(S, p) + running) == 0);
}

/** Entry `at` of a list, 0 for none. */
function entry(list: u64, at: u32): u32 {
  return <u32>(list >> (8 * at)) & 0xff;
}

/** Lists of every length, and a processor that is at every place of it, or at none. */
export function affinity_prove_last(): void {
  begin();
  const S = read(scheduler);
  const K = keyOf(taskAt(S, 0));
  for (let length: u32 = 0; length <= REMEMBERED; length++) {
    for (let place: u32 = 0; place <= length; place++) {
      let list: u64 = 0;
      for (let i: u32 = 0; i < length; i++) list |= (<u64>(3 + i)) << (8 * i);
      if (place != 0) list |= 0x80;
      const p = place == length ? 0 : 2 + place;
      store<u64>(K + last, list);
      for (let i: u32 = 0; i < processorsOf(S); i++) expectRemembered(K, i, list);
      does(p, 0);
      const now = atomic.load<u64>(K + last);
      expectEqual(entry(now, 0), p + 1);
      expectEqual(lastOf(K), p + 1);
      // The others as they were, the oldest of them gone if there are too many.
      let from: u32 = 0;
      for (let i: u32 = 1; i < REMEMBERED; i++, from++) {
        if (from < length && entry(list, from) == p + 1) from++;
        expectEqual(entry(now, i), from < length ? entry(list, from) : 0);
      }
      for (let i: u32 = 0; i < processorsOf(S); i++) expectRemembered(K, i, now);
    }
  }
}

function expectRemembered(K: usize, p: u32, list: u64): void {
  expectPlace(K, p, list);
  // Another one, whose number differs in the highest bit.
  expectPlace(K, p + 128, list);
}

function expectPlace(K: usize, p: u32, list: u64): void {
  let place: u32 = REMEMBERED;
  for (let i: u32 = 0; i < REMEMBERED; i++) if (entry(list, i) == p + 1) place = i;
  for (let some: u32 = 0; some <= REMEMBERED; some++) expect(isRemembered(K, p, some) == place < some);
}

/** 4 processors; tasks 0 and 2 have key 0, tasks 1 and 3 key 1. */
export function affinity_prove_alone(): void {
  begin();
  const S = read(scheduler);
  const K = keyOf(taskAt(S, 0));
  const L = keyOf(taskAt(S, 1));
  expect(K != L && keyOf(taskAt(S, 2)) == K && keyOf(taskAt(S, 3)) == L);
  expect(intervening(S, K, 1) == NEVER && lastOf(K) == 0);
  does(1, 0);
  expect(intervening(S, K, 1) == 0 && intervening(S, K, 0) == NEVER && intervening(S, L, 1) == NEVER);
  does(1, 1);
  does(1, 3);
  does(0, 1);
  expect(intervening(S, K, 1) == 2 && intervening(S, L, 1) == 0 && intervening(S, L, 0) == 0);
  expect(read(processorAt(S, 1) + count) == 3 && read(processorAt(S, 0) + count) == 1);
  expect(read(K + seen + 4) == 1 && read(L + seen + 4) == 3 && read(L + seen) == 1);
  does(1, 2);
  expect(intervening(S, K, 1) == 0 && intervening(S, L, 1) == 1);
  expectCold();
}

/** Of key 0, the last is 1; of key 1, the last is 0, and 1 was before. */
function expectCold(): void {
  const S = read(scheduler);
  const T = taskAt(S, 0);
  const U = taskAt(S, 1);
  // Nobody is here for whom it would be warm.
  expect(!isCold(S, T, 0, REMEMBERED) && !isCold(S, T, 1, REMEMBERED));
  setPresent(S, 1, true);
  expect(isCold(S, T, 0, REMEMBERED) && !isCold(S, T, 1, REMEMBERED) && isCold(S, T, 0, 1));
  // Who is behind counts if so many do.
  expect(!isCold(S, U, 2, 1) && isCold(S, U, 2, 2) && !isCold(S, U, 0, 2));
  setPresent(S, 0, true);
  expect(isCold(S, U, 1, 1) && !isCold(S, U, 1, 2) && isCold(S, U, 3, 1));
  setPresent(S, 1, false);
  expect(isCold(S, U, 2, 2) && !isCold(S, T, 0, REMEMBERED));
}

/** What is chosen: 4 processors, 5 tasks with a key each. */
export function affinity_prove_choice(): void {
  begin();
  const S = read(scheduler);
  const Q = centralQueue(S);
  for (let p: u32 = 0; p < 4; p++) setPresent(S, p, true);
  enterQueue(S, Q);
  append(Q, taskAt(S, 3));
  append(Q, taskAt(S, 2));
  append(Q, taskAt(S, 1));
  append(Q, taskAt(S, 0));
  leaveQueue(Q);
  expectFewest(1, ALL, 3);
  does(1, 0);
  does(1, 2);
  does(2, 0);
  expectFewest(1, ALL, 2);
  expectFewest(1, 2, 2);
  expectFewest(2, ALL, 0);
  does(2, 4);
  expectFewest(2, ALL, 0);
  expectFewest(2, 1, 0);
  expectFewest(0, ALL, 3);
  does(1, 3);
  does(0, 2);
  // 2 is at 1 only with one of two that are remembered; 3 always.
  expectFewest(1, 1, 3);
  does(2, 3);
  expectFewest(1, ALL, 3);
  expectFewest(1, 1, 3);
  expectFewest(1, 2, 3);
  does(1, 1);
  does(3, 1);
  does(1, 3);
  does(3, 3);
  expectFewest(1, 1, 3);
  expectIdle();
}

function expectFewest(p: u32, some: u32, task: u32): void {
  const S = read(scheduler);
  expectEqual(<u32>fewestIntervening(S, p, some), <u32>taskAt(S, task));
}

/** Of task 1, 3 has none that intervened since it was the last but one, 1 has one, others never did it. */
function expectIdle(): void {
  const S = read(scheduler);
  const T = taskAt(S, 1);
  write(T + since, FROM_2);
  expect(idleWithFewest(S, T, ALL) == NOBODY && anyIdle(S, T) == NOBODY);
  becomeIdle(S, 0);
  expect(idleWithFewest(S, T, ALL) == 0 && anyIdle(S, T) == 0);
  becomeIdle(S, 2);
  expect(idleWithFewest(S, T, ALL) == 2 && anyIdle(S, T) == 2);
  becomeIdle(S, 1);
  expect(idleWithFewest(S, T, ALL) == 1 && idleWithFewest(S, T, 1) == 2 && anyIdle(S, T) == 2);
  becomeIdle(S, 3);
  expect(idleWithFewest(S, T, 1) == 3 && idleWithFewest(S, T, ALL) == 1);
  does(1, 2);
  write(T + since, FROM_1);
  expect(idleWithFewest(S, T, ALL) == 3);
  endIdleness(S, 1);
  expect(idleWithFewest(S, T, ALL) == 3);
  expectDrawn();
}

/** Of times one after the other, each processor is drawn for about as many. */
function expectDrawn(): void {
  const S = read(scheduler);
  const T = taskAt(S, 1);
  for (let p: u32 = 0; p < 4; p++) becomeIdle(S, p);
  for (let p: u32 = 0; p < 4; p++) {
    let times: u32 = 0;
    for (let t: u32 = 0; t < 400; t++) {
      write(T + since, t);
      if (anyIdle(S, T) == p) times++;
    }
    expect(times > 90 && times < 110);
  }
}

/** A processor that has nothing any more, from every place of lists of every length. 12 processors, 2 keys. */
export function affinity_prove_forgotten(): void {
  begin();
  const S = read(scheduler);
  for (let length: u32 = 0; length <= REMEMBERED; length++) {
    let list: u64 = 0;
    for (let i: u32 = 0; i < length; i++) list |= (<u64>(3 + i)) << (8 * i);
    // Entry `length` is none of the list, and its processor has no other place in it.
    for (let place: u32 = 0; place <= length; place++) expectForgotten(S, list, 2 + place);
  }
}

function expectForgotten(S: usize, list: u64, p: u32): void {
  for (let k: u32 = 0; k < 2; k++) {
    store<u64>(keyAt(S, k) + last, list);
    for (let i: u32 = 0; i < processorsOf(S); i++) write(keyAt(S, k) + seen + i * 4, 5 + i);
  }
  forget(S, p);
  for (let k: u32 = 0; k < 2; k++) {
    const now = atomic.load<u64>(keyAt(S, k) + last);
    let from: u32 = 0;
    for (let i: u32 = 0; i < REMEMBERED; i++, from++) {
      if (from < REMEMBERED && entry(list, from) == p + 1) from++;
      expectEqual(entry(now, i), from < REMEMBERED ? entry(list, from) : 0);
    }
    for (let i: u32 = 0; i < processorsOf(S); i++) {
      expectEqual(read(keyAt(S, k) + seen + i * 4), i == p ? 0 : 5 + i);
    }
  }
  expectBlank(S);
}

function expectBlank(S: usize): void {
  const K = blankKey(S);
  expect(atomic.load<u64>(K + last) == 0);
  for (let p: u32 = 0; p < processorsOf(S); p++) expectEqual(read(K + seen + p * 4), 0);
}

/** 4 processors; task 0 has key 0, task 1 key 1, task 2 none. */
export function affinity_prove_without_key(): void {
  begin();
  const S = read(scheduler);
  const T = taskAt(S, 2);
  const K = keyAt(S, 0);
  for (let p: u32 = 0; p < 4; p++) setPresent(S, p, true);
  setKey(S, 2, NO_KEY);
  does(1, 0);
  does(1, 2);
  does(1, 2);
  expectBlank(S);
  expect(read(processorAt(S, 1) + count) == 3 && intervening(S, K, 1) == 2);
  expect(lastOf(keyOf(T)) == 0 && intervening(S, keyOf(T), 1) == NEVER);
  for (let p: u32 = 0; p < 4; p++) expect(!isCold(S, T, p, REMEMBERED) && !isRemembered(keyOf(T), p, REMEMBERED));
  // What is warm where nobody has done it: no task is counted.
  warm(S, 2, 0);
  expect(lastOf(K) == 3 && isRemembered(K, 1, 2) && intervening(S, K, 2) == NEVER);
  expectEqual(read(processorAt(S, 2) + count), 0);
  does(2, 2);
  expectEqual(intervening(S, K, 2), 0);
  does(2, 1);
  expectEqual(intervening(S, K, 2), 1);
  warm(S, 2, 0);
  expect(intervening(S, K, 2) == 0 && intervening(S, keyAt(S, 1), 2) == 0 && intervening(S, K, 1) == 2);
  expectEqual(read(processorAt(S, 2) + count), 2);
  forget(S, 2);
  expect(intervening(S, K, 2) == NEVER && lastOf(K) == 2 && lastOf(keyAt(S, 1)) == 0);
  expectBlank(S);
}

/** Processor 0 has nothing any more; at once a task of the key ends on the other. */
export function affinity_prove_forget(): void {
  begin();
  forget(read(scheduler), 0);
}

export function affinity_prove_end_beside(): void {
  begin();
  does(1, 1);
}

/** Processor 0 and 2 have done it last. */
export function affinity_prove_forget_init(): void {
  affinity_prove_init(3, 2, 1, 0);
  does(0, 0);
  does(2, 0);
}

/** Who forgets can stay in the list; nobody else is lost. */
export function affinity_prove_forget_end(): void {
  const S = read(scheduler);
  const K = keyAt(S, 0);
  expect(lastOf(K) == 2 && isRemembered(K, 2, 2) && intervening(S, K, 1) == 0 && intervening(S, K, 2) == 0);
  expectEqual(intervening(S, K, 0), NEVER);
  const behind = entry(atomic.load<u64>(K + last), 2);
  expect((behind == 0 || behind == 1) && atomic.load<u64>(K + last) >> 24 == 0);
}

/** Two tasks of one key end at once. */
export function affinity_prove_together(): void {
  begin();
  does(processor(), processor());
}

/** One of the two may be lost; none is there twice. Each processor's own words are right. */
export function affinity_prove_together_end(): void {
  const S = read(scheduler);
  const K = keyOf(taskAt(S, 0));
  const list = atomic.load<u64>(K + last);
  const one = entry(list, 0);
  const other = entry(list, 1);
  expect((one == 1 || one == 2) && list >> 16 == 0 && (other == 0 || other == 3 - one));
  for (let p: u32 = 0; p < 2; p++) expect(intervening(S, K, p) == 0 && read(processorAt(S, p) + count) == 1);
}
