/**
 * A scheduler's state, proven: where its words are, as the head of kernel/tasks/scheduler.ts draws them, who is present or
 * idle, whose bell rings, and until when a processor declines.
 *
 *     SCENE | scheduler |
 */
import { read, write } from "../../atomics";
import * as tasks from "../../tasks/scheduler";
import {
  becomeIdle,
  bellOf,
  blankKey,
  boundOf,
  bytesOf,
  declined,
  demandOf,
  endIdleness,
  endProcrastination,
  firstAbsent,
  firstIdle,
  firstPresent,
  initialize,
  isAnyIdle,
  isIdle,
  isPresent,
  isProcrastinating,
  keyOf,
  NO_BOUND,
  NO_KEY,
  NOBODY,
  parameterOf,
  processorAt,
  processorsOf,
  procrastinates,
  profile,
  ring,
  ringAll,
  setBase,
  setKey,
  setPresent,
  taskAt,
  taskOf,
  tasksOf,
  untilBound,
} from "../../tasks/scheduler";
import { createObject, Kind } from "../objects";
import { begin, expect, expectEqual, prepareWorkers, SCENE } from "./worker";

const scheduler: usize = SCENE;
const processors: usize = SCENE + 4;
const limitOf: usize = SCENE + 8;

export function scheduler_prove_init(count: u32, bound: u32): void {
  prepareWorkers();
  write(processors, count);
  write(limitOf, bound);
  make(count, 3, 3, bound);
}

function make(count: u32, all: u32, keys: u32, bound: u32): usize {
  const S = createObject(Kind.SharedBuffer, bytesOf(count, all, keys));
  initialize(S, count, all, keys, 7, bound);
  write(scheduler, <u32>S);
  return S;
}

export function scheduler_prove_layout(): void {
  begin();
  for (let count: u32 = 1; count <= 4; count++) {
    const S = make(count, 5, 2, 9);
    expect(
      processorsOf(S) == count && tasksOf(S) == 5 && parameterOf(S) == 7 && isProcrastinating(S) && boundOf(S) == 9,
    );
    expect(read(S + 4) == count && read(S + 8) == 5 && read(S + 12) == 7 && read(S + 16) == 9);
    expectEqual(<u32>tasks.centralQueue(S), <u32>S + 256);
    for (let p: u32 = 0; p < count; p++) {
      expectEqual(<u32>processorAt(S, p), <u32>S + 384 + 256 * p);
      expectEqual(<u32>bellOf(S, p), <u32>processorAt(S, p));
      expectEqual(<u32>tasks.queueOf(S, p), <u32>processorAt(S, p) + 128);
    }
    const T = S + 384 + 256 * count;
    const keys = T + 5 * 32;
    const bytes = (8 + 4 * count + 7) & ~7;
    for (let t: u32 = 0; t < 5; t++) {
      expectEqual(<u32>taskAt(S, t), <u32>T + 32 * t);
      expectEqual(taskOf(S, taskAt(S, t)), t);
      expectEqual(<u32>keyOf(taskAt(S, t)), <u32>keys + (t % 2) * bytes);
    }
    expectEqual(<u32>blankKey(S), <u32>keys + 2 * bytes);
    expectEqual(bytesOf(count, 5, 2), <u32>(keys - S) + 3 * bytes);
    // What is not drawn as anything else is 0.
    for (let at: u32 = 24; at < 384; at += 4) expectEqual(read(S + at), 0);
    expectOfTask(S, <u32>keys, bytes);
  }
}

/** What an owner says of its task changes that task's words alone. */
function expectOfTask(S: usize, keys: u32, bytes: u32): void {
  setKey(S, 3, 0);
  expectEqual(read(taskAt(S, 3) + 16), keys);
  setKey(S, 3, 1);
  expectEqual(read(taskAt(S, 3) + 16), keys + bytes);
  setKey(S, 3, NO_KEY);
  expect(read(taskAt(S, 3) + 16) == keys + 2 * bytes && keyOf(taskAt(S, 3)) == blankKey(S));
  setBase(S, 3, -2);
  expectEqual(read(taskAt(S, 3) + 20), -2);
  for (let t: u32 = 2; t <= 4; t += 2) {
    expect(keyOf(taskAt(S, t)) == keys && read(taskAt(S, t) + 20) == 0);
  }
  for (let at: u32 = 0; at < 32; at += 4) if (at != 16 && at != 20) expectEqual(read(taskAt(S, 3) + at), 0);
}

/** 70 processors: three words of bits. */
export function scheduler_prove_bits(): void {
  begin();
  const S = read(scheduler);
  const P = read(processors);
  expect(firstPresent(S, 5) == NOBODY && firstAbsent(S, 0) == 0 && firstAbsent(S, P - 1) == P - 1);
  expect(firstAbsent(S, P) == NOBODY && !isAnyIdle(S) && firstIdle(S, 3) == NOBODY);
  for (let p: u32 = 0; p < P; p++) if (isAtBorder(p)) expectOne(p);
  for (let p: u32 = 0; p < P; p++) setPresent(S, p, true);
  for (let p: u32 = 0; p < P; p++) if (isAtBorder(p)) expectOther(p);
  expectRings();
}

/** The first and the last of a word of bits, and one beside. */
function isAtBorder(p: u32): bool {
  return (p + 1) % 32 <= 2 || p + 1 == read(processors);
}

/** p alone is present, and idle. */
function expectOne(p: u32): void {
  const S = read(scheduler);
  const P = read(processors);
  expect(!isPresent(S, p) && !isIdle(S, p) && !endIdleness(S, p));
  setPresent(S, p, true);
  becomeIdle(S, p);
  expect(read(S + 32 + (p >> 5) * 4) == 1 << (p & 31) && read(S + 128 + (p >> 5) * 4) == 1 << (p & 31));
  expect(isPresent(S, p) && isIdle(S, p) && isAnyIdle(S));
  for (let from: u32 = 0; from < P; from++) {
    expectEqual(firstPresent(S, from), p);
    expectEqual(firstIdle(S, from), p);
    expect(from == p || (!isPresent(S, from) && !isIdle(S, from)));
  }
  becomeIdle(S, (p + 2) % P);
  expect(firstIdle(S, p) == p && firstIdle(S, (p + 1) % P) == (p + 2) % P);
  expect(endIdleness(S, (p + 2) % P) && endIdleness(S, p) && !endIdleness(S, p) && !isAnyIdle(S));
  setPresent(S, p, false);
}

/** p alone is absent. */
function expectOther(p: u32): void {
  const S = read(scheduler);
  const P = read(processors);
  expectEqual(firstAbsent(S, 0), NOBODY);
  setPresent(S, p, false);
  for (let from: u32 = 0; from < P; from++) expectEqual(firstAbsent(S, from), from <= p ? p : NOBODY);
  expectEqual(firstPresent(S, p), (p + 1) % P);
  setPresent(S, p, true);
}

function expectRings(): void {
  const S = read(scheduler);
  const P = read(processors);
  setPresent(S, 1, false);
  ringAll(S);
  ring(S, 2);
  for (let p: u32 = 0; p < P; p++) expectEqual(read(bellOf(S, p)), p == 1 ? 0 : p == 2 ? 2 : 1);
}

/** From every time on, those near the end of 32 bits among them, the bound is over when it is, or one unit sooner. */
export function scheduler_prove_procrastination(): void {
  begin();
  const S = read(scheduler);
  const limit = read(limitOf);
  for (let start: u32 = -6; start != 6; start++) {
    endProcrastination(S, 1);
    expectEqual(read(processorAt(S, 1) + declined), 0);
    const last = start % 2 == 0 ? limit - 1 : limit;
    for (let spent: u32 = 0; spent <= limit + 3; spent++) {
      const declines = procrastinates(S, 1, start + spent);
      expect(declines == spent < last && read(processorAt(S, 1) + declined) == ((start - 1) | 1));
      // Who waits so long is through.
      expectEqual(untilBound(S, 1, start + spent), declines ? last - spent : 0);
    }
  }
  expectEqual(read(processorAt(S, 0) + declined), 0);
}

/** Without a bound nobody declines; with one that is never over, for ever. */
export function scheduler_prove_bounds(): void {
  begin();
  const S = make(2, 1, 1, 0);
  expect(!isProcrastinating(S) && !procrastinates(S, 1, 5) && read(processorAt(S, 1) + declined) == 0);
  expectEqual(untilBound(S, 1, 5), 0);
  const U = make(2, 1, 1, NO_BOUND);
  expect(isProcrastinating(U) && procrastinates(U, 1, 5) && procrastinates(U, 1, 4) && procrastinates(U, 1, 5000));
  expectEqual(untilBound(U, 1, 6), NO_BOUND);
  profile(U, 0, 6);
  expect(demandOf(taskAt(U, 0)) == 6 && read(taskAt(U, 0) + 24) == 6);
}
