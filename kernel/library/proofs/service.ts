/**
 * The service, proven: some call, some serve, and each may die at any instruction. Whoever calls waits for its answer, or gives up;
 * who ends last closes the service. Who is told of nothing sleeps.
 *
 *     SCENE   | service | callers | calls of each | manners | ended: a bit for each caller | identity | reused |
 *     calls   | how often it was begun | its outcome |     of each call
 *
 * Failures: a call that two servers execute, or that is executed though it was taken back; an answer that is another call's; an
 * A-stack that is nobody's and not FREE. Lost calls and lost answers are deadlocks.
 */
import { fetch_and_increment, fetch_and_store, read, write } from "../../atomics";
import { processor } from "../../machine";
import * as stack from "../a-stack";
import { ANSWERED, CALLED, FAILED, RUNNING } from "../a-stack";
import { freeObject } from "../free";
import { GENERATIONS } from "../objects";
import * as service from "../service";
import { CLOSING, HOLDS_TOO_MUCH, NONE_FREE } from "../service";
import * as caller from "../service-caller";
import * as own from "../service-own";
import * as server from "../service-server";
import { CACHE_LINE, enterAs, me, pending, recordOf, workers } from "../space";
import { begin, expect, expectEqual, prepareWorkers, prove_death, SCENE } from "./worker";

const place: usize = SCENE;
const callersOf: usize = SCENE + 4;
const callsEach: usize = SCENE + 8;
const manners: usize = SCENE + 12;
const ended: usize = SCENE + 16;
const made: usize = SCENE + 20;
const reused: usize = SCENE + 24;
const calls: usize = SCENE + CACHE_LINE;

// Manners.
/** Callers want no answer as soon as they have called. */
const GIVES_UP: u32 = 1;
/** Arguments and answers have no room in an A-stack. */
const IS_LARGE: u32 = 2;
/** Servers watch before they sleep. */
const WATCHES: u32 = 4;
/** Callers call by the A-stacks of their own, if they can. */
const OWN: u32 = 8;

// Outcomes.
const ANSWER: u32 = 1;
const NO_SERVER: u32 = 2;
const REFUSED: u32 = 3;
const GIVEN_UP: u32 = 4;
const NEVER_BEGUN: u32 = 5;

const PROCEDURE: u32 = 3;
const BYTES: u32 = 96;
const LARGE: u32 = 200;

function V(): usize {
  return read(place);
}

function identity(): u32 {
  return read(made);
}

function behaves(so: u32): bool {
  return (read(manners) & so) != 0;
}

function size(): u32 {
  return behaves(IS_LARGE) ? LARGE : 4;
}

function begunOf(call: u32): usize {
  return calls + call * 8;
}

function outcomeOf(call: u32): usize {
  return calls + call * 8 + 4;
}

/** Of the processors, the first ones call; so many from there on serve. */
export function service_prove_init(callers: u32, servers: u32, callsOfEach: u32, stacks: u32, how: u32): void {
  prepareWorkers();
  write(place, <u32>service.create(stacks, BYTES));
  write(made, read(V()));
  write(callersOf, callers);
  write(callsEach, callsOfEach);
  write(manners, how);
  for (let p = callers; p < callers + servers; p++) {
    enterAs(p + 1);
    expectEqual(server.join(V()), 0);
  }
}

/** One calls, once; the third of the slots serves, which is no processor's. */
export function service_prove_init_served(how: u32): void {
  service_prove_init(1, 0, 1, 1, how);
  enterAs(3);
  expectEqual(server.join(V()), 0);
}

export function service_prove_call(): void {
  begin();
  const p = processor();
  let hint: usize = 0;
  for (let i: u32 = 0, all = read(callsEach); i < all; i++) hint = callOnce(p * all + i, hint);
  endCaller(p);
}

function callOnce(call: u32, hint: usize): usize {
  const its = behaves(OWN) ? own.claimOwn(V(), identity()) : NONE_FREE;
  const A = its == NONE_FREE ? claim(hint) : its;
  if (A == service.IS_CLOSING) {
    end(call, REFUSED);
    return 0;
  }
  exists();
  write(caller.roomForArguments(V(), A, size()), call);
  if (its == A) own.callOwn(V(), PROCEDURE, size(), behaves(WATCHES) ? 1 : 0);
  else caller.call(V(), A, PROCEDURE, size());
  if (behaves(GIVES_UP)) giveUp(A, call);
  else awaitAnswer(A, call);
  return its == A ? 0 : A;
}

/** While anybody has an A-stack, the service is not freed. */
function exists(): void {
  expectEqual(read(V()), identity());
}

function claim(hint: usize): usize {
  while (true) {
    let A = caller.claim(V(), identity(), hint);
    expect(A != HOLDS_TOO_MUCH);
    if (A != NONE_FREE) return A;
    service.want(V());
    const number = server.arm(V());
    A = caller.claim(V(), identity(), hint);
    if (A != NONE_FREE) return A;
    server.sleep(V(), number, -1);
  }
}

function awaitAnswer(A: usize, call: u32): void {
  let phase = own.watchAnswer(A, 0);
  while (phase == CALLED || phase == RUNNING) {
    const number = server.arm(V());
    phase = stack.phaseOf(A);
    if (phase != CALLED && phase != RUNNING) break;
    server.sleep(V(), number, -1);
    phase = stack.phaseOf(A);
  }
  expectEqual(stack.slotOf(A), me);
  expect(phase == ANSWERED || phase == FAILED);
  if (phase == ANSWERED) expect(read(stack.answerAt(A)) == call + 100 && stack.lengthOf(A) == size());
  exists();
  caller.freeStack(V(), A);
  end(call, phase == ANSWERED ? ANSWER : NO_SERVER);
}

function giveUp(A: usize, call: u32): void {
  exists();
  const phase = caller.giveUp(V(), A);
  end(call, phase == CALLED ? NEVER_BEGUN : phase == RUNNING ? GIVEN_UP : phase == ANSWERED ? ANSWER : NO_SERVER);
}

/** A call has its outcome: its only one. */
function end(call: u32, outcome: u32): void {
  expectEqual(fetch_and_store(outcomeOf(call), outcome), 0);
  if (outcome == NEVER_BEGUN || outcome == REFUSED) expectEqual(read(begunOf(call)), 0);
}

/** The last one of those who call closes the service. */
function endCaller(p: u32): void {
  const all = atomic.or<u32>(ended, 1 << p) | (1 << p);
  if (all == (1 << read(callersOf)) - 1) server.close(V());
}

/** Executes what there is, until the service is closed. */
export function service_prove_serve(): void {
  begin();
  while (true) {
    const isClosing = service.stateOf(V()) == CLOSING;
    let A = server.next(V());
    if (A == 0 && isClosing) break;
    if (A == 0 && behaves(WATCHES)) A = server.watch(V(), 2);
    if (A == 0) {
      const number = server.arm(V());
      A = server.next(V());
      if (A == 0 && service.stateOf(V()) != CLOSING) server.sleep(V(), number, -1);
    }
    if (A != 0) execute(A);
  }
  server.leave(V());
}

function execute(A: usize): void {
  expectEqual(stack.slotOf(A), me);
  expect(stack.procedureOf(A) == PROCEDURE && stack.lengthOf(A) == size());
  const call = read(stack.argumentsAt(A));
  expectEqual(fetch_and_increment(begunOf(call)), 0);
  expect(read(outcomeOf(call)) != NEVER_BEGUN && read(outcomeOf(call)) != ANSWER);
  write(server.roomForAnswer(V(), A, size()), call + 100);
  server.answer(V(), A, false, size());
}

/** A server that takes no part any more. */
export function service_prove_leave(): void {
  begin();
  server.leave(V());
}

/** A server that leaves with a call that it has not answered, if it finds one. */
export function service_prove_quit(): void {
  begin();
  const A = server.next(V());
  if (A != 0) fetch_and_increment(begunOf(read(A + stack.ROOM)));
  server.leave(V());
}

/** One that closes the service, whoever calls. */
export function service_prove_close(): void {
  begin();
  server.close(V());
}

/** One that closes the service, and frees it if it is idle then. */
export function service_prove_free(): void {
  begin();
  server.close(V());
  if (server.isIdle(V()) && freeObject(V(), identity()) && read(V()) == (identity() & GENERATIONS)) {
    // Its memory is another's from now on, who has a word there that the service's would be cleared in.
    write(V() + service.wanted, 1);
    write(reused, 1);
  }
}

/** One calls, and closes nothing; the third of the slots serves, which is no processor's. */
export function service_prove_init_open(how: u32): void {
  service_prove_init(2, 0, 1, 1, how);
  enterAs(3);
  expectEqual(server.join(V()), 0);
}

/** One that closes the service, and waits until it is idle. */
export function service_prove_await_idle(): void {
  begin();
  server.close(V());
  while (true) {
    service.wantIdle(V());
    const number = server.arm(V());
    if (server.isIdle(V())) break;
    server.sleep(V(), number, -1);
  }
  service.stopWantingIdle();
}

/** Nobody has an A-stack: the service is idle, or was freed. */
export function service_prove_end_free(): void {
  expect(read(V()) != identity() || server.isIdle(V()));
  expectEqual(read(V() + service.wanted), read(reused));
}

/** The worker of slot 2 has the only A-stack; or one that is no processor of the run has called by it. */
export function service_prove_init_claimed(servers: u32, isCalled: u32): void {
  service_prove_init(0, servers, 1, 1, 0);
  // The third of four slots; or the second, whose processor lets it go.
  enterAs(isCalled ? 3 : 2);
  const A = caller.claim(V(), identity(), 0);
  write(A + stack.ROOM, 0);
  if (isCalled) caller.call(V(), A, PROCEDURE, 4);
}

/** The one that has the A-stack lets it go. */
export function service_prove_release(): void {
  begin();
  const A = service.stackAt(V(), 0);
  if (stack.slotOf(A) == me) caller.freeStack(V(), A);
}

/** One that wants an A-stack, no more. */
export function service_prove_want(): void {
  begin();
  caller.freeStack(V(), claim(0));
}

/** A server that executes what there is, once, and does not sleep. */
export function service_prove_race(): void {
  begin();
  const A = server.next(V());
  if (A != 0) execute(A);
}

/** The call was executed once, and answered; or its server died. */
export function service_prove_end_race(deaths: u32): void {
  const A = service.stackAt(V(), 0);
  const phase = stack.phaseOf(A);
  expect(phase == ANSWERED ? read(begunOf(0)) == 1 : deaths != 0 && phase == FAILED);
}

/** Calls twice, and waits for nothing. */
export function service_prove_call_twice(): void {
  begin();
  for (let call: u32 = 0; call < 2; call++) {
    const A = claim(0);
    write(A + stack.ROOM, call);
    caller.call(V(), A, PROCEDURE, 4);
  }
}

/** A server that has one call, and is with that for ever. */
export function service_prove_serve_one(): void {
  begin();
  while (true) {
    let A = server.watch(V(), 2);
    if (A == 0) {
      const number = server.arm(V());
      A = server.next(V());
      if (A == 0) server.sleep(V(), number, -1);
    }
    if (A == 0) continue;
    expectEqual(fetch_and_increment(begunOf(read(A + stack.ROOM))), 0);
    return;
  }
}

export function service_prove_end_twice(): void {
  expect(read(begunOf(0)) == 1 && read(begunOf(1)) == 1);
}

export function service_prove_death(dead: u32): void {
  prove_death(dead);
  if (dead < read(callersOf)) endCaller(dead);
}

/** Nobody is in the middle of anything; every A-stack is FREE, is hinted at, and names no block. */
export function service_prove_end(): void {
  for (let slot: u32 = 1; slot <= workers() + 1; slot++) expect(load<u64>(recordOf(slot) + pending) == 0);
  expect(server.isIdle(V()) && read(V() + service.watcher) == 0);
  for (let i: u32 = 0; i < service.stacksOf(V()); i++) {
    const A = service.stackAt(V(), i);
    if (!service.isOwn(V(), A)) expect((atomic.load<u64>(service.freeBits(V())) & ((<u64>1) << i)) != 0);
    expect(read(A + stack.argumentsBlock) == 0 && read(A + stack.answerBlock) == 0);
  }
}

/** All calls have one of these outcomes, a bit each; what has an answer was begun once. */
export function service_prove_end_all(outcomes: u32): void {
  service_prove_end();
  for (let call: u32 = 0, all = read(callsEach) * read(callersOf); call < all; call++) {
    const its = read(outcomeOf(call));
    expect((outcomes & (1 << its)) != 0);
    if (its == ANSWER) expectEqual(read(begunOf(call)), 1);
  }
}
