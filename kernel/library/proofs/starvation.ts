/**
 * Starvation, proven to be impossible, or shown: each of two processors has a task that comes back to it again and again. A
 * third task is ready before them. How often is it overtaken in its queue?
 *
 *     SCENE | scheduler | policy | ... |            as scheduling.ts
 *     game  | overtakings that are allowed | the time: turns that were executed, where that matters | turns left of each task |
 *
 * Where a base is worth something, those that come back have a base of 1, and the one that waits has none.
 *
 * A task is overtaken by another that became ready after it, and was taken before it, where both were in one queue.
 */
import { fetch_and_increment, NIL, read, write } from "../../atomics";
import { processor } from "../../machine";
import { done } from "../../tasks/affinity";
import {
  bellOf,
  inQueue,
  LATER,
  parameterOf,
  processorAt,
  profile,
  queueOf,
  ringAll,
  running,
  setBase,
  taskAt,
} from "../../tasks/scheduler";
import { hasCentralQueue, next, PolicyNumber, ready } from "../policies";
import { neverBlock } from "../sleep";
import { CACHE_LINE } from "../space";
import { policyOf, scheduler, scheduling_prove_init } from "./scheduling";
import { begin, expect, SCENE } from "./worker";

const allowed: usize = SCENE + 4 * CACHE_LINE;
const time: usize = allowed + 4;
const overtaken: usize = allowed + 8;
const left: usize = allowed + 12;

const PROCESSORS: u32 = 2;
/** The task that waits. */
const WAITING: u32 = PROCESSORS;

/** Each processor has executed its own task, and the waiting one is ready; `turns` of the processors' own. */
export function starvation_prove_init(policy: PolicyNumber, turns: u32, parameter: u32, bound: u32, most: u32): void {
  scheduling_prove_init(policy, PROCESSORS, PROCESSORS, PROCESSORS + 1, 0, parameter, bound);
  write(allowed, most);
  const S = read(scheduler);
  for (let p: u32 = 0; p < PROCESSORS; p++) {
    write(processorAt(S, p) + running, p + 1);
    done(S, p);
    write(left + p * 4, turns);
    if (hasBases()) setBase(S, p, 1);
  }
  write(left + WAITING * 4, 1);
  // More than fits beside anything, where that is asked.
  profile(S, WAITING, u32.MAX_VALUE / 4);
  ready(policy, S, WAITING, 0);
  for (let p: u32 = 0; p < PROCESSORS; p++) ready(policy, S, p, 0);
}

export function starvation_prove_run(): void {
  begin();
  neverBlock();
  const S = read(scheduler);
  const p = processor();
  // The task that this processor made ready after the one that waits.
  let after: u32 = LATER;
  while (true) {
    const heard = read(bellOf(S, p));
    const task = next(read(policyOf), S, p, read(time));
    if (task >= LATER) {
      if (isOver()) return;
      atomic.wait<u32>(bellOf(S, p), heard, -1);
      continue;
    }
    if (task == after && waitsIn(S, p)) expect(fetch_and_increment(overtaken) < read(allowed));
    if (hasTime()) fetch_and_increment(time);
    const turns = read(left + task * 4) - 1;
    write(left + task * 4, turns);
    after = turns != 0 && waitsIn(S, p) ? task : LATER;
    done(S, p);
    if (turns != 0) ready(read(policyOf), S, task, read(time));
    else if (isOver()) ringAll(S);
  }
}

/** Whether the task waits in the queue from which this processor takes its own. */
function waitsIn(S: usize, p: u32): bool {
  const where = read(taskAt(S, WAITING) + inQueue);
  return where != NIL && (hasCentralQueue(read(policyOf)) || where == queueOf(S, p));
}

/** Whether the policy asks for the time; else there is none, which makes fewer states. */
function hasTime(): bool {
  return read(policyOf) == PolicyNumber.Priority || read(policyOf) == PolicyNumber.BalanceSet || hasBases();
}

/** Whether a base is worth something in the processors' queues. */
function hasBases(): bool {
  const policy = read(policyOf);
  const isOrdered = policy == PolicyNumber.WorkStealing || policy == PolicyNumber.FixedProcessor;
  return isOrdered && parameterOf(read(scheduler)) != 0;
}

function isOver(): bool {
  let sum: u32 = 0;
  for (let t: u32 = 0; t <= WAITING; t++) sum |= read(left + t * 4);
  return sum == 0;
}
