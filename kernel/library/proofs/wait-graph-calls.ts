/**
 * Detection of deadlocks through calls, proven. Who is told that it would wait for itself gives up; it is told of what is so: its
 * call has no answer, and the lock is another's, unless another was told, too. If nobody is told of a deadlock, the checked
 * machine finds it.
 *
 *     SCENE | told | whether there is a cycle | a Mutex | a Service: of 3 | stuck: of processor 0, two words for each slot | of 1 | ...
 *
 * The first processor calls the first service, which the others serve; the first one serves the second service.
 * In a circle each calls the next one's service, whose procedure is asynchronous: it has begun, and goes on once its server
 * does not wait.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import * as stack from "../a-stack";
import { CALLED, RUNNING } from "../a-stack";
import { FRESH, SLEPT } from "../lock-word";
import * as mutex from "../mutex";
import * as service from "../service";
import { CLOSING } from "../service";
import * as caller from "../service-caller";
import * as own from "../service-own";
import * as server from "../service-server";
import { sleep, WAIT } from "../sleep";
import { enterAs, me } from "../space";
import { beginCall, beginWait, closesCycle, endWait, isSameCycle } from "../wait-graph";
import { begin, expect, expectEqual, prepareWorkers, SCENE } from "./worker";

const told: usize = SCENE;
const isCycle: usize = SCENE + 4;
const lock: usize = SCENE + 8;
const services: usize = SCENE + 12;
const stuck: usize = SCENE + 24;
const STUCK_BYTES: usize = 56;
const SERVICES: u32 = 3;
const NONE: u32 = SERVICES;

// What a procedure does.
const NOTHING: u32 = 0;
const LOCK: u32 = 1;
const CALL: u32 = 2;

function M(): usize {
  return read(lock);
}

function V(i: u32): usize {
  return read(services + i * 4);
}

function prepare(cycle: u32): void {
  prepareWorkers();
  write(isCycle, cycle);
  write(lock, <u32>mutex.create(false));
  for (let i: u32 = 0; i < SERVICES; i++) write(services + i * 4, <u32>service.create(1, 0));
}

export function wait_graph_prove_calls_init(cycle: u32): void {
  prepare(cycle);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    expectEqual(server.join(V(p == 0 ? 1 : 0)), 0);
  }
}

/** The same, but the first processor has the lock, and has called. */
export function wait_graph_prove_called_with_lock_init(cycle: u32): void {
  wait_graph_prove_calls_init(cycle);
  enterAs(1);
  expect(lockOrGiveUp());
  expect(own.claimOwn(V(0), read(V(0))) == service.stackOf(V(0), me));
  own.callOwn(V(0), 0, 0, 0);
}

function stuckOfMine(): usize {
  return stuck + processor() * STUCK_BYTES;
}

/** Whether the wait that is written down closes a cycle. Whether another was told before, `told` says. */
function isTold(): bool {
  while (closesCycle(stuckOfMine())) {
    if (!isSameCycle(stuckOfMine())) continue;
    if (read(isCycle) == 0) fail(Failure.Torn);
    fetch_and_increment(told);
    endWait();
    return true;
  }
  return false;
}

function lockOrGiveUp(): bool {
  let result = mutex.attempt(M(), FRESH);
  while (result == WAIT) {
    beginWait(M());
    if (isTold()) {
      if (mutex.attempt(M(), SLEPT) == WAIT) mutex.giveUp(M());
      else {
        if (read(told) == 1) fail(Failure.Lost);
        unlock();
      }
      return false;
    }
    sleep(-1);
    result = mutex.attempt(M(), SLEPT);
  }
  endWait();
  return true;
}

function unlock(): void {
  mutex.unlock(M(), load<u32>(M()));
}

/** Calls a service, and serves another meanwhile, or none. */
function call(called: u32, served: u32): void {
  const A = own.claimOwn(V(called), read(V(called)));
  expect(A > service.HOLDS_TOO_MUCH);
  own.callOwn(V(called), 0, 0, 0);
  awaitAnswer(called, A, served);
}

function awaitAnswer(called: u32, A: usize, served: u32): void {
  while (true) {
    if (served != NONE) server.arm(V(served));
    const number = server.arm(V(called));
    if (!isUnderWay(A)) break;
    const taken = served != NONE ? server.next(V(served)) : 0;
    if (taken != 0) {
      server.answer(V(served), taken, false, 0);
      continue;
    }
    beginCall(V(called), A);
    if (isTold()) {
      const phase = caller.giveUp(V(called), A);
      if (read(told) == 1) expect(phase == CALLED || phase == RUNNING);
      return;
    }
    server.sleep(V(called), number, -1);
    endWait();
  }
  caller.freeStack(V(called), A);
}

function isUnderWay(A: usize): bool {
  const phase = stack.phaseOf(A);
  return phase == CALLED || phase == RUNNING;
}

function serve(served: u32, procedure: u32): void {
  while (true) {
    const isClosing = service.stateOf(V(served)) == CLOSING;
    let A = server.next(V(served));
    if (A == 0 && isClosing) break;
    if (A == 0) {
      const number = server.arm(V(served));
      A = server.next(V(served));
      if (A == 0 && service.stateOf(V(served)) != CLOSING) server.sleep(V(served), number, -1);
    }
    if (A == 0) continue;
    if (procedure == LOCK && lockOrGiveUp()) unlock();
    if (procedure == CALL) call(1, NONE);
    server.answer(V(served), A, false, 0);
  }
}

export function wait_graph_prove_hold_and_call(): void {
  begin();
  if (lockOrGiveUp()) {
    call(0, NONE);
    unlock();
  }
  server.close(V(0));
}

export function wait_graph_prove_await_with_lock(): void {
  begin();
  awaitAnswer(0, service.stackOf(V(0), me), NONE);
  unlock();
  server.close(V(0));
}

export function wait_graph_prove_lock_and_serve(): void {
  begin();
  if (lockOrGiveUp()) unlock();
  serve(0, NOTHING);
}

export function wait_graph_prove_serve_and_lock(): void {
  begin();
  serve(0, LOCK);
}

export function wait_graph_prove_serve(): void {
  begin();
  serve(0, NOTHING);
}

export function wait_graph_prove_call_and_serve(): void {
  begin();
  call(0, 1);
  server.close(V(0));
}

export function wait_graph_prove_serve_and_call(): void {
  begin();
  serve(0, CALL);
}

/** Nobody waits, and no call is under way. */
export function wait_graph_prove_calls_end(): void {
  expectEqual(<u32>(read(told) != 0 && read(isCycle) == 0), 0);
  expectEqual(mutex.owner(M()), 0);
  for (let i: u32 = 0; i < SERVICES; i++) expect(server.isIdle(V(i)));
}

function next(p: u32): u32 {
  return p + 1 == processors() ? 0 : p + 1;
}

export function wait_graph_prove_circle_init(cycle: u32): void {
  prepare(cycle);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    expectEqual(server.join(V(p)), 0);
  }
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    expect(own.claimOwn(V(next(p)), read(V(next(p)))) == service.stackOf(V(next(p)), me));
    own.callOwn(V(next(p)), 0, 0, 0);
    enterAs(next(p) + 1);
    expect(server.next(V(next(p))) != 0);
  }
}

function awaitNext(): void {
  const p = processor();
  awaitAnswer(next(p), service.stackOf(V(next(p)), me), NONE);
}

/** What its predecessor has called. */
function answer(): void {
  const p = processor();
  const before = p == 0 ? processors() : p;
  server.answer(V(p), service.stackOf(V(p), before), false, 0);
}

export function wait_graph_prove_circle_await(): void {
  begin();
  awaitNext();
  answer();
}

/** As if its procedure did not wait for its call. */
export function wait_graph_prove_circle_answer(): void {
  begin();
  answer();
  awaitNext();
}
