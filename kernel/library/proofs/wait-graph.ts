/**
 * Detection of deadlocks, proven. Processor p locks one mutex, then the next one; in a circle, so that all wait for each
 * other if nobody gives up; or holding them one at a time, or in the same order, so that nobody may be told to give up.
 *
 *     SCENE | way | mutex 0 | mutex 1 | ...
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { FRESH, SLEPT } from "../lock-word";
import { attempt, create, giveUp, owner, unlock } from "../mutex";
import { sleep, WAIT } from "../sleep";
import { beginWait, endWait } from "../wait-graph";
import { begin, prepareWorkers, SCENE } from "./worker";

const way: usize = SCENE;
const mutexes: usize = SCENE + 4;

const IN_CIRCLE: u32 = 0;
const ONE_AT_A_TIME: u32 = 1;

export function wait_graph_prove_init(wayOfAll: u32): void {
  prepareWorkers();
  write(way, wayOfAll);
  for (let p: u32 = 0; p < processors(); p++) write(mutexes + p * 4, <u32>create(false));
}

function mutex(i: u32): usize {
  return read(mutexes + (i % processors()) * 4);
}

export function wait_graph_prove_run(): void {
  begin();
  const how = read(way);
  const p = processor();
  const first = how == IN_CIRCLE || how == ONE_AT_A_TIME ? p : 0;
  // Holding nothing, it can close no cycle.
  if (!lock(mutex(first))) fail(Failure.Lost);
  // The last one alone holds one at a time: what all wait for comes free.
  const lets = how == ONE_AT_A_TIME && p == processors() - 1;
  if (lets) unlock(mutex(first));
  if (lock(mutex(first + 1))) unlock(mutex(first + 1));
  else if (how != IN_CIRCLE) fail(Failure.Lost);
  if (!lets) unlock(mutex(first));
}

function lock(M: usize): bool {
  let result = attempt(M, FRESH);
  if (result == WAIT && beginWait(M)) {
    endWait();
    giveUp();
    return false;
  }
  while (result == WAIT) {
    sleep(-1);
    result = attempt(M, SLEPT);
  }
  endWait();
  return true;
}

export function wait_graph_prove_end(): void {
  for (let p: u32 = 0; p < processors(); p++) if (owner(mutex(p)) != 0) fail(Failure.NotExclusive);
}
