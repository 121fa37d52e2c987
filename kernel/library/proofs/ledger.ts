/**
 * The ledger, one move after the other, of a semaphore: exact words. One processor moves for the workers of two slots,
 * and settles what each may leave when it dies.
 *
 * The settlement: the last processor settles a move of its own slot; another frees the semaphore meanwhile, and makes
 * an object of the same size, which has its block if nobody is inside.
 *
 *     SCENE | semaphore | its identity | the other object |
 */
import { compare_and_swap, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { freeObject } from "../free";
import { issue, ledgerBytes, settle, spend, transfer, unitsIn, unitsOf } from "../ledger";
import { createObject, DYING, Kind } from "../objects";
import { create } from "../semaphore";
import { enterAs, inside, me, move, my, recordOf, workers } from "../space";
import { begin, beginGuarding, endGuarding, expect, prepareWorkers, SCENE } from "./worker";

const semaphore: usize = SCENE;
const identityOf: usize = SCENE + 4;
const another: usize = SCENE + 8;

/** In a semaphore. */
const ledger: usize = 48;
const MOST: u32 = 0x7fffffff;

/** Of one that dies in a move, or has died. */
const LATE: u32 = 3;

/** What nobody has, and the last move. */
function expectLedger(units: u32, slot: u32, sequence: u32): void {
  const W = read(semaphore) + ledger;
  expect(unitsIn(W) == units && read(W) == units && read(W + 4) == (slot | (sequence << 16)));
}

function expectAccount(slot: u32, units: u32, witnessed: u32): void {
  const place = read(semaphore) + ledger + 8 + 8 * slot;
  expect(unitsOf(read(semaphore) + ledger, slot) == units && read(place) == units && read(place + 4) == witnessed);
}

/** The record of a worker that moves nothing. */
function expectIdle(slot: u32, sequence: u32): void {
  expect(load<u32>(recordOf(slot) + move) == 0 && load<u32>(recordOf(slot) + move + 4) == sequence);
}

/** To begin with 3 units. */
export function ledger_prove_alone(): void {
  begin();
  const S: usize = read(semaphore);
  const W = S + ledger;
  const identity = read(S);
  expect(ledgerBytes(workers()) == 16 + 8 * workers());
  expectLedger(3, 0, 0);
  expect(transfer(W, identity, 1, 2));
  expectLedger(1, 1, 1);
  expectAccount(1, 2, 0);
  expectIdle(1, 1);
  const R = recordOf(1);
  expect(load<u32>(R + move + 8) == 2 && load<u32>(R + move + 12) == identity);
  expect(!transfer(W, identity, 1, 2));
  expectLedger(1, 1, 1);
  expectAccount(1, 2, 0);
  expectIdle(1, 2);
  // Its own last move needs no witness, another's does.
  expect(transfer(W, identity, 1, -1));
  expectLedger(2, 1, 3);
  expectAccount(1, 1, 0);
  expect(transfer(W, identity, 2, 2));
  expectLedger(0, 2, 1);
  expectAccount(1, 1, 3);
  expectAccount(2, 2, 0);
  expect(!transfer(W, identity, 1, 1));
  expectAccount(2, 2, 0);
  expect(transfer(W, identity, 1, 0));
  expectLedger(0, 1, 5);
  expectAccount(2, 2, 1);
  issue(W, 4);
  expectLedger(4, 1, 5);
  spend(W, 2, 1);
  expectLedger(4, 1, 5);
  expectAccount(2, 1, 1);
  expectSequences(W, identity);
  expectSettled(S, W, identity);
  spend(W, 1, unitsOf(W, 1));
  issue(W, MOST - unitsIn(W));
  expect(transfer(W, identity, 1, MOST) && unitsIn(W) == 0);
  expectAccount(1, MOST, read(W + 8 + 8 + 4));
  expect(transfer(W, identity, 1, -MOST) && unitsIn(W) == MOST && unitsOf(W, 1) == 0);
}

/** A new move is neither the last one nor the one that was witnessed; numbers have 16 bits. */
function expectSequences(W: usize, identity: u32): void {
  const sequence = recordOf(1) + move + 4;
  const witnessed = W + 8 + 8 + 4;
  store<u32>(sequence, 4);
  write(witnessed, 6);
  expect(transfer(W, identity, 1, 1));
  expectLedger(3, 1, 7);
  store<u32>(sequence, 0xfffe);
  expect(transfer(W, identity, 1, 1));
  expectLedger(2, 1, 0xffff);
  expect(transfer(W, identity, 1, 1));
  expectLedger(1, 1, 0);
  expectAccount(1, 4, 6);
  // Another's move of the same number is another.
  store<u32>(recordOf(2) + move + 4, 0xffff);
  expect(transfer(W, identity, 2, 1));
  expectLedger(0, 2, 0);
  expectAccount(1, 4, 0);
}

/** What a death leaves of a move: written down, made or not, witnessed or not. */
function expectSettled(S: usize, W: usize, identity: u32): void {
  const R = recordOf(1);
  // It was the last.
  expect(transfer(W, identity, 1, -1));
  const last = load<u32>(R + move + 4);
  writeDown(1, W, last, 9, identity);
  settle(R, 1);
  expectAccount(1, 9, 0);
  // Its slot's, not another's of the same number.
  store<u32>(recordOf(2) + move + 4, 20);
  expect(transfer(W, identity, 2, 0));
  expectLedger(1, 2, 21);
  writeDown(1, W, 21, 8, identity);
  settle(R, 1);
  expectAccount(1, 9, last);
  // It was witnessed.
  writeDown(1, W, last, 7, identity);
  settle(R, 1);
  expectAccount(1, 7, last);
  // It was not made; or the object is gone, or about to go; or nothing is written down.
  writeDown(1, W, last + 1, 6, identity);
  settle(R, 1);
  expectAccount(1, 7, last);
  writeDown(1, W, last, 5, identity + 1);
  settle(R, 1);
  expectAccount(1, 7, last);
  writeDown(1, W, last, 4, identity);
  write(S, identity | DYING);
  store<u32>(my + inside, 0);
  settle(R, 1);
  write(S, identity);
  expectAccount(1, 7, last);
  writeDown(1, 0, last, 3, identity);
  settle(R, 1);
  expectAccount(1, 7, last);
  expectLedger(1, 2, 21);
}

/** Each takes a unit, and gives it back. */
export function ledger_prove_run(): void {
  begin();
  const S: usize = read(semaphore);
  while (!transfer(S + ledger, read(S), me, 1)) {}
  if (!transfer(S + ledger, read(S), me, -1)) fail(Failure.Lost);
}

/** 4 units, of which slot 3 has one. */
export function ledger_prove_take_init(): void {
  prepareWorkers();
  const S = create(4);
  write(semaphore, <u32>S);
  expect(transfer(S + ledger, read(S), LATE, 1));
}

/**
 * Three take one each. Who is about to witness slot 3's first move may be held up until another has witnessed its second one.
 */
export function ledger_prove_take(): void {
  begin();
  const S: usize = read(semaphore);
  expect(transfer(S + ledger, read(S), me, 1));
}

/** What the dead one moved is settled, and nothing else is repaired. */
export function ledger_prove_death(dead: u32): void {
  beginGuarding();
  settle(recordOf(dead + 1), dead + 1);
  endGuarding(true);
}

/**
 * 3 units, of which slot 3 took one after the other, and died before its account had the second; `seen`: what is
 * witnessed.
 */
export function ledger_prove_late_init(seen: u32): void {
  prepareWorkers();
  const S = create(3);
  const W = S + ledger;
  write(semaphore, <u32>S);
  transfer(W, read(S), LATE, 1);
  transfer(W, read(S), LATE, 1);
  write(W + 8 + 8 * LATE, 1);
  writeDown(LATE, W, 2, 2, read(S));
  write(W + 8 + 8 * LATE + 4, seen);
}

/**
 * Processor 1 moves a unit. Processor 0 adds one; witnesses, as who was held up before it did, slot 3's first move; and
 * settles the second one, which must not be lost.
 */
export function ledger_prove_late(): void {
  begin();
  const S: usize = read(semaphore);
  const W = S + ledger;
  if (processor() == 1) {
    expect(transfer(W, read(S), me, 1));
    return;
  }
  issue(W, 1);
  compare_and_swap(W + 8 + 8 * LATE + 4, 0, 1);
  settle(recordOf(LATE), LATE);
}

/** No unit is lost or made: of who died, what it had is in its account. */
export function ledger_prove_end(all: u32): void {
  const W = read(semaphore) + ledger;
  let units = unitsIn(W);
  for (let slot: u32 = 1; slot <= workers(); slot++) {
    units += unitsOf(W, slot);
    expect(load<u32>(recordOf(slot) + move) == 0);
  }
  expect(units == all);
}

/** The units that a move leaves that was made, and what is in their place in another object. */
const SETTLED: u32 = 9;
const STAMP: u32 = 0x0b7ec700;

/** Where the account of the last processor's slot is, or would be. */
function placeIn(object: usize): usize {
  return object + ledger + 8 + 8 * processors();
}

export function ledger_prove_settle_init(): void {
  prepareWorkers();
  memory.grow(1);
  enterAs(1);
  const S = create(3);
  write(semaphore, <u32>S);
  write(identityOf, read(S));
  transfer(S + ledger, read(S), processors(), 1);
  writeDown(processors(), S + ledger, 1, SETTLED, read(S));
}

export function ledger_prove_settle(): void {
  begin();
  if (processor() == processors() - 1) {
    settle(my, me);
    return;
  }
  expect(freeObject(read(semaphore), read(identityOf)));
  const made = createObject(Kind.Counter, <u32>ledger + ledgerBytes(workers()));
  write(placeIn(made), STAMP);
  write(another, <u32>made);
}

export function ledger_prove_settle_end(): void {
  expect(load<u32>(recordOf(processors()) + move) == 0);
  const made: usize = read(another);
  if (made == 0) expect(read(placeIn(read(semaphore))) == SETTLED);
  else expect(read(placeIn(made)) == STAMP);
}

function writeDown(slot: u32, W: usize, sequence: u32, after: u32, identity: u32): void {
  const R = recordOf(slot);
  expect(load<u32>(R + move) == 0 && read(my + inside) == 0);
  store<u32>(R + move + 4, sequence);
  store<u32>(R + move + 8, after);
  store<u32>(R + move + 12, identity);
  store<u32>(R + move, <u32>W);
}
