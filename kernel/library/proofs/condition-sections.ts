/**
 * The condition, proven where several are in its sections, one after the other, or one dies in it: the queue is whole then,
 * and whoever sleeps is woken for good. kernel/library/proofs/condition.ts has the words.
 */
import { read, write } from "../../atomics";
import { processor } from "../../machine";
import { allocate } from "../allocator";
import { attempt, dismissAll, join, notify, repair, retire, settle, WOKEN } from "../condition";
import { freeObject } from "../free";
import { enter, enterToRepair, leave, repairGuard, rollBack, set } from "../guard";
import { ownerOf, SLEPT } from "../lock-word";
import { sleep, WAIT, waitAt } from "../sleep";
import { enterAs, me, my, pending, recordOf, workers } from "../space";
import {
  ALL,
  condition_prove_init,
  conditionOf,
  expectQueue,
  first,
  guard,
  joinAs,
  NODE_BYTES,
  NOTIFIED,
  next,
  nodes,
  notified,
  previous,
  queue,
  state,
  stateOf,
  WAITING,
  waiting,
} from "./condition";
import { begin, expect, expectNothingHeld, prove_death } from "./worker";

/** Joins, gives up, joins, is notified, and has done with it. It may die in that. */
export function condition_prove_steps(): void {
  begin();
  const C = read(conditionOf);
  const as = read(C);
  expect(settle(C, as, join(C)) == 0);
  const node = join(C);
  expect(notify(C, 1) == 1 && attempt(C, node, SLEPT) == WOKEN && settle(C, as, node) == 1);
  retire(C, as, node);
}

/** Waits from the beginning, and gives up. */
export function condition_prove_leave(): void {
  begin();
  const C = read(conditionOf);
  expect(settle(C, read(C), read(nodes + processor() * 4)) == 0);
}

/** The queue is as it was, and whoever comes can join. */
export function condition_prove_steps_end(): void {
  expectNothingHeld();
  begin();
  const C = read(conditionOf);
  expectQueue(C, 0, 0, 0, 0, 0);
  expect(settle(C, read(C), join(C)) == 0);
}

/** What is done for those who sleep. */
enum Act {
  NotifyAll = 0,
  Free = 1,
  /** Of the worker of the last slot, which has been notified. */
  Repair = 2,
}

/** `sleepers` wait from the beginning; the last processor does something. */
export function condition_prove_init_act(what: Act, sleepers: u32): void {
  condition_prove_init(sleepers, sleepers, false);
  write(state, what);
  if (what == Act.Repair) joinAs(workers());
  for (let p: u32 = 0; p < sleepers; p++) write(nodes + p * 4, <u32>joinAs(p + 1));
  if (what == Act.Repair) expect(notify(read(conditionOf), 1) == 1);
}

/** Sleeps until it is woken for good. */
export function condition_prove_sleep(): void {
  begin();
  const C = read(conditionOf);
  const node = read(nodes + processor() * 4);
  if (read(state) == Act.Free) {
    waitAt(node + stateOf, WAITING);
    while (read(node + stateOf) == WAITING) sleep(-1);
    return;
  }
  for (let result = attempt(C, node, SLEPT); result == WAIT; result = attempt(C, node, SLEPT)) sleep(-1);
  expect(read(node + stateOf) == NOTIFIED);
}

export function condition_prove_act(): void {
  begin();
  act(read(conditionOf));
}

function act(C: usize): void {
  switch (<Act>read(state)) {
    case Act.NotifyAll:
      notify(C, ALL);
      break;
    case Act.Free:
      freeObject(C, read(C));
      break;
    case Act.Repair:
      enterAs(workers() + 1);
      while (!repair(C, workers())) {}
  }
}

/** Nobody waits. */
export function condition_prove_act_end(): void {
  const C = read(conditionOf);
  expect(read(C + waiting) == 0 && read(C + first) == C + queue);
}

/** Who dies before it has notified anybody, has an heir that does it. */
export function condition_prove_act_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  act(read(conditionOf));
}

/** What processor 0 does, which may die in a section, while processor 1 is in one, too. */
enum Section {
  Join = 0,
  GiveUp = 1,
  /** When it was notified. */
  Retire = 2,
  /** As one that ends in good order. */
  Repair = 3,
  /** For who was notified, when it was freed. */
  Dismiss = 4,
}

/** A node that processor 1 puts into the queue, as one that was notified. */
const guest: usize = nodes + 8;

export function condition_prove_init_sections(what: Section): void {
  condition_prove_init(0, 0, false);
  write(state, what);
  if (what != Section.Join) write(nodes, <u32>joinAs(what == Section.Dismiss ? 3 : 1));
  if (what == Section.Retire || what == Section.Dismiss) expect(notify(read(conditionOf), 1) == 1);
  write(guest, <u32>allocate(NODE_BYTES));
  store<u32>(read(guest) + stateOf, NOTIFIED);
}

export function condition_prove_section(): void {
  begin();
  const C = read(conditionOf);
  switch (<Section>read(state)) {
    case Section.Join:
      join(C);
      break;
    case Section.GiveUp:
      settle(C, read(C), read(nodes));
      break;
    case Section.Retire:
      retire(C, read(C), read(nodes));
      break;
    case Section.Repair:
      repair(C, me);
      break;
    case Section.Dismiss:
      dismissAll(C);
  }
}

/** Where nobody is in a section, the queue is whole. The guardian waits for nobody, which makes fewer states. */
export function condition_prove_visit(): void {
  begin();
  enterAs(workers() + 1);
  const C = read(conditionOf);
  if (!enterToRepair(C, C + guard)) return;
  expectWhole(C);
  const Q = C + queue;
  const node = read(guest);
  const after = read(Q + next);
  store<u32>(node + next, after);
  store<u32>(node + previous, <u32>Q);
  set(Q + next, node);
  set(after + previous, node);
  leave(C + guard);
}

/** Of who died in a section, no more than that is repaired. */
export function condition_prove_section_death(dead: u32): void {
  const R = recordOf(dead + 1);
  if (load<u32>(R + pending) == 0) return;
  rollBack(R);
  repairGuard(read(conditionOf) + guard, dead + 1);
  store<u64>(R + pending, 0);
}

export function condition_prove_section_end(): void {
  const C = read(conditionOf);
  expectWhole(C);
  expect(ownerOf(read(C + guard)) == 0);
  for (let slot: u32 = 1; slot <= workers() + 1; slot++) expect(load<u32>(recordOf(slot) + pending) == 0);
}

/** The ring of all nodes, three at most, the first that waits, and how many do. */
function expectWhole(C: usize): void {
  const Q = C + queue;
  let before = Q;
  let firstWaiter = Q;
  let waiters: u32 = 0;
  let all: u32 = 0;
  for (let node: usize = read(Q + next); node != Q; node = read(node + next)) {
    expect(++all <= 3 && read(node + previous) == before);
    // Who is dismissed is in the queue no more.
    if (read(node + stateOf) != NOTIFIED && waiters++ == 0) firstWaiter = node;
    before = node;
  }
  expect(read(Q + previous) == before && read(C + first) == firstWaiter && read(C + waiting) == waiters);
}

/** Of those who notify the one who waits, one does. */
export function condition_prove_notify(): void {
  begin();
  atomic.add<u32>(notified, notify(read(conditionOf), ALL));
}

export function condition_prove_notify_end(): void {
  condition_prove_section_end();
  expect(read(notified) == 1 && read(read(conditionOf) + waiting) == 0);
}

/** Processor 1 notifies processor 0 in a section that is undone, and then in one that is not. */
export function condition_prove_undone(): void {
  begin();
  const C = read(conditionOf);
  const node = read(nodes);
  enter(C, C + guard);
  set(node + stateOf, NOTIFIED);
  rollBack(my);
  leave(C + guard);
  expect(notify(C, 1) == 1);
}
