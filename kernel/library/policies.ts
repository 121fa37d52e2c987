/**
 * The scheduling policies by number: which of them a scheduler keeps to, where a program says so. kernel/tasks/scheduler.ts
 * has the contract, kernel/scheduling each policy.
 *
 * A policy decides in the middle of what its queues do, so there is one copy of that for each of them: here alone.
 */
import * as balanceSet from "../scheduling/balance-set";
import * as fcfs from "../scheduling/fcfs";
import * as fixedProcessor from "../scheduling/fixed-processor";
import * as lastProcessor from "../scheduling/last-processor";
import * as limitedMinimumIntervening from "../scheduling/limited-minimum-intervening";
import * as minimumIntervening from "../scheduling/minimum-intervening";
import * as minimumInterveningPlusQueue from "../scheduling/minimum-intervening-plus-queue";
import * as priority from "../scheduling/priority";
import * as workStealing from "../scheduling/work-stealing";
import * as centralQueue from "../tasks/central-queue";
import * as processorQueues from "../tasks/processor-queues";

/** Those with a central queue first. */
export enum PolicyNumber {
  Fcfs = 0,
  LastProcessor = 1,
  MinimumIntervening = 2,
  LimitedMinimumIntervening = 3,
  Priority = 4,
  BalanceSet = 5,
  FixedProcessor = 6,
  MinimumInterveningPlusQueue = 7,
  WorkStealing = 8,
}

/** Whether there is one queue for all. */
export function hasCentralQueue(policy: PolicyNumber): bool {
  return policy < PolicyNumber.FixedProcessor;
}

export function come(policy: PolicyNumber, S: usize, p: u32): void {
  if (hasCentralQueue(policy)) centralQueue.come(S, p);
  else processorQueues.come(S, p);
}

export function ready(policy: PolicyNumber, S: usize, task: u32, now: u32): u32 {
  switch (policy) {
    case PolicyNumber.Fcfs:
      return centralQueue.ready<fcfs.Policy>(changetype<fcfs.Policy>(S), task, now);
    case PolicyNumber.LastProcessor:
      return centralQueue.ready<lastProcessor.Policy>(changetype<lastProcessor.Policy>(S), task, now);
    case PolicyNumber.MinimumIntervening:
      return centralQueue.ready<minimumIntervening.Policy>(changetype<minimumIntervening.Policy>(S), task, now);
    case PolicyNumber.LimitedMinimumIntervening:
      return centralQueue.ready<limitedMinimumIntervening.Policy>(
        changetype<limitedMinimumIntervening.Policy>(S),
        task,
        now,
      );
    case PolicyNumber.Priority:
      return centralQueue.ready<priority.Policy>(changetype<priority.Policy>(S), task, now);
    case PolicyNumber.BalanceSet:
      return centralQueue.ready<balanceSet.Policy>(changetype<balanceSet.Policy>(S), task, now);
    case PolicyNumber.FixedProcessor:
      return processorQueues.ready<fixedProcessor.Policy>(changetype<fixedProcessor.Policy>(S), task, now);
    case PolicyNumber.MinimumInterveningPlusQueue:
      return processorQueues.ready<minimumInterveningPlusQueue.Policy>(
        changetype<minimumInterveningPlusQueue.Policy>(S),
        task,
        now,
      );
    default:
      return processorQueues.ready<workStealing.Policy>(changetype<workStealing.Policy>(S), task, now);
  }
}

export function next(policy: PolicyNumber, S: usize, p: u32, now: u32): u32 {
  switch (policy) {
    case PolicyNumber.Fcfs:
      return centralQueue.next<fcfs.Policy>(changetype<fcfs.Policy>(S), p, now);
    case PolicyNumber.LastProcessor:
      return centralQueue.next<lastProcessor.Policy>(changetype<lastProcessor.Policy>(S), p, now);
    case PolicyNumber.MinimumIntervening:
      return centralQueue.next<minimumIntervening.Policy>(changetype<minimumIntervening.Policy>(S), p, now);
    case PolicyNumber.LimitedMinimumIntervening:
      return centralQueue.next<limitedMinimumIntervening.Policy>(
        changetype<limitedMinimumIntervening.Policy>(S),
        p,
        now,
      );
    case PolicyNumber.Priority:
      return centralQueue.next<priority.Policy>(changetype<priority.Policy>(S), p, now);
    case PolicyNumber.BalanceSet:
      return centralQueue.next<balanceSet.Policy>(changetype<balanceSet.Policy>(S), p, now);
    case PolicyNumber.FixedProcessor:
      return processorQueues.next<fixedProcessor.Policy>(changetype<fixedProcessor.Policy>(S), p, now);
    case PolicyNumber.MinimumInterveningPlusQueue:
      return processorQueues.next<minimumInterveningPlusQueue.Policy>(
        changetype<minimumInterveningPlusQueue.Policy>(S),
        p,
        now,
      );
    default:
      return processorQueues.next<workStealing.Policy>(changetype<workStealing.Policy>(S), p, now);
  }
}

/** False, for the guardian only: it is to try again later. */
export function leave(policy: PolicyNumber, S: usize, p: u32): bool {
  return hasCentralQueue(policy) ? centralQueue.leave(S, p) : processorQueues.leave(S, p);
}

export function readyTasks(policy: PolicyNumber, S: usize): u32 {
  return hasCentralQueue(policy) ? centralQueue.readyTasks(S) : processorQueues.readyTasks(S);
}
