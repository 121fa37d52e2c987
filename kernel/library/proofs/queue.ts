/**
 * Ready queues, proven: a list in the order of appending, whichever task is removed, and whoever dies in a section.
 *
 *     SCENE | scheduler | what processor 0 does | the task |
 */
import { NIL, read, write } from "../../atomics";
import {
  append,
  enterQueue,
  enterQueueToRepair,
  firstOf,
  insertBefore,
  lastOf,
  leaveQueue,
  lengthOf,
  remove,
} from "../../tasks/queue";
import {
  bytesOf,
  centralQueue,
  initialize,
  inQueue,
  next,
  previous,
  taskAt,
  taskOf,
  tasksOf,
} from "../../tasks/scheduler";
import { GUARD_BYTES } from "../guard";
import { owner } from "../lock-word";
import { createObject, Kind } from "../objects";
import { neverBlock } from "../sleep";
import { enterAs, me, workers } from "../space";
import { begin, expect, expectEqual, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const scheduler: usize = SCENE;
const done: usize = SCENE + 4;
const chosen: usize = SCENE + 8;

/** What is done to a task: it is appended, removed, or inserted before a task of so much less. */
const APPENDS: u32 = 0;
const REMOVES: u32 = 1;
const INSERTS: u32 = 2;

/** Tasks of the scheduler. */
const TASKS: u32 = 4;
/** In a queue, as its head draws it. */
const LAST: u32 = GUARD_BYTES + 4;

/** In the queue are the first tasks. What processor 0 does to a task. */
export function queue_prove_init(length: u32, what: u32, task: u32): void {
  prepareWorkers();
  const S = createObject(Kind.SharedBuffer, bytesOf(1, TASKS, TASKS));
  initialize(S, 1, TASKS, TASKS, 0, 0);
  write(scheduler, <u32>S);
  write(done, what);
  write(chosen, task);
  enterAs(1);
  for (let t: u32 = 0; t < length; t++) change(t, APPENDS);
}

function change(task: u32, what: u32): void {
  const S = read(scheduler);
  const Q = centralQueue(S);
  enterQueue(S, Q);
  expect(owner(Q) == me);
  if (what == APPENDS) append(Q, taskAt(S, task));
  else if (what == REMOVES) remove(Q, taskAt(S, task));
  else insertBefore(Q, taskAt(S, task), taskAt(S, what - INSERTS));
  leaveQueue(Q);
}

/** The list is the same both ways; tasks that are not in it know that. Returns the tasks' numbers, the first in 4 bits. */
function whole(): u32 {
  const S = read(scheduler);
  const Q = centralQueue(S);
  let list: u32 = 0;
  let length: u32 = 0;
  let before = NIL;
  for (let T = firstOf(Q); T != NIL; T = read(T + next)) {
    expect(length < tasksOf(S) && read(T + previous) == before && read(T + inQueue) == <u32>Q);
    list |= (taskOf(S, T) + 1) << (4 * length);
    length++;
    before = <u32>T;
  }
  expect(read(Q + LAST) == before && lastOf(Q) == before);
  expectEqual(lengthOf(Q), length);
  let members: u32 = 0;
  for (let t: u32 = 0; t < tasksOf(S); t++) if (read(taskAt(S, t) + inQueue) != NIL) members++;
  expectEqual(members, length);
  return list;
}

/** A list of which one is taken out, and the others stay in their order. */
function without(list: u32, task: u32): u32 {
  let rest: u32 = 0;
  let length: u32 = 0;
  for (let left = list; left != 0; left >>= 4) {
    if ((left & 15) == task + 1) continue;
    rest |= (left & 15) << (4 * length);
    length++;
  }
  return rest;
}

function lengthOfList(list: u32): u32 {
  return (35 - clz(list)) / 4;
}

/** Every order of removing: `which` of those that are left is next. Each is appended again, behind all others. */
export function queue_prove_alone(): void {
  begin();
  let list: u32 = 0;
  for (let t: u32 = 0; t < TASKS; t++) {
    change(t, APPENDS);
    list |= (t + 1) << (4 * t);
    expectEqual(whole(), list);
  }
  for (let order: u32 = 0; order < TASKS * 6; order++) {
    let code = order;
    for (let left = TASKS; left > 0; left--) {
      const task = ((list >> (4 * (code % left))) & 15) - 1;
      code /= left;
      change(task, REMOVES);
      list = without(list, task);
      expectEqual(whole(), list);
    }
    for (let t: u32 = 0; t < TASKS; t++) {
      change((t + order) % TASKS, APPENDS);
      list |= (((t + order) % TASKS) + 1) << (4 * lengthOfList(list));
      expectEqual(whole(), list);
    }
  }
}

/** Before every task of lists of every length. */
export function queue_prove_insertions(): void {
  begin();
  for (let length: u32 = 1; length < TASKS; length++) {
    for (let place: u32 = 0; place < length; place++) {
      let list: u32 = 0;
      for (let t: u32 = 0; t < length; t++) {
        change(t, APPENDS);
        list |= (t + 1) << (4 * t);
      }
      change(length, INSERTS + place);
      const before: u32 = (1 << (4 * place)) - 1;
      expectEqual(whole(), (list & before) | ((length + 1) << (4 * place)) | ((list & ~before) << 4));
      for (let t: u32 = 0; t <= length; t++) change(t, REMOVES);
      expectEqual(whole(), 0);
    }
  }
}

export function queue_prove_section(): void {
  begin();
  neverBlock();
  change(read(chosen), read(done));
}

/** Where nobody is in a section, the queue is whole. The guardian waits for nobody. */
export function queue_prove_visit(): void {
  begin();
  enterAs(workers() + 1);
  const S = read(scheduler);
  const Q = centralQueue(S);
  if (!enterQueueToRepair(S, Q)) return;
  whole();
  leaveQueue(Q);
}

/** What processor 0 did is done, or was not begun. */
export function queue_prove_end(before: u32, after: u32): void {
  expectNothingHeld();
  const list = whole();
  expect(list == before || list == after);
  expect(owner(centralQueue(read(scheduler))) == 0);
}
