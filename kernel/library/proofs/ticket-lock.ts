/** The ticket lock, proven; see spin-lock.ts. Who runs marks when it comes, and when it gets in. */
import { read, write } from "../../atomics";
import { Event, Failure, fail, mark, processor } from "../../machine";
import { blockBytes } from "../allocator";
import { freeObject } from "../free";
import { heldCount } from "../holdings";
import { ACQUIRED, ACQUIRED_ABANDONED, BUSY, DEADLOCK, HOLDS_TOO_MANY } from "../lock-word";
import { Kind, kindOf } from "../objects";
import { WAIT } from "../sleep";
import { CACHE_LINE, enterAs, my, workers } from "../space";
import {
  create,
  giveUp,
  isBefore,
  isForced,
  isStrict,
  look,
  owns,
  repair,
  take,
  tryLock,
  unlock,
} from "../ticket-lock";
import { change, expectFull, forgetHeld, lock, MANY, turns } from "./spin-lock";
import { begin, expect, expectNothingHeld, fillSpace, holdTooMuch, letAllGo, prepareWorkers } from "./worker";

// Words of the lock, as its head draws them.
const next_ticket: u32 = 4;
const now_serving: u32 = 8;
const abandoned: u32 = 12;
const NONE: u32 = 0;
const CHOOSING: u32 = 1;

/** `firstTicket`: the first that is taken, and served. */
export function ticket_lock_prove_init(turnsEach: u32, firstTicket: u32, strict: bool, forced: bool): void {
  prepareWorkers();
  const T = create(strict, forced);
  write(lock, <u32>T);
  write(turns, turnsEach);
  serve(T, firstTicket, firstTicket);
}

function serve(T: usize, next: u32, serving: u32): void {
  write(T + next_ticket, next);
  write(T + now_serving, serving);
}

function changeOnce(result: u32): void {
  change(result);
  if (!unlock(read(lock))) fail(Failure.NotExclusive);
}

function wait(T: usize): u32 {
  let result = WAIT;
  while (result == WAIT) result = look(T, 1);
  return result;
}

export function ticket_lock_prove_run(): void {
  begin();
  const T = read(lock);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    mark(Event.Arrived, processor());
    if (take(T) != WAIT) fail(Failure.Lost);
    const result = wait(T);
    mark(Event.Acquired, processor());
    changeOnce(result);
  }
}

/** Leaves the line, unless its ticket is served at once. */
export function ticket_lock_prove_impatient(): void {
  begin();
  const T = read(lock);
  if (take(T) != WAIT) fail(Failure.Lost);
  const result = look(T, 1);
  if (result == WAIT) giveUp(T);
  else changeOnce(result);
}

export function ticket_lock_prove_try(): void {
  begin();
  const result = tryLock(read(lock));
  if (result != BUSY) changeOnce(result);
}

/** Whoever comes then gets in. */
export function ticket_lock_prove_end(): void {
  expectNothingHeld();
  begin();
  const T = read(lock);
  if (take(T) != WAIT || wait(T) > ACQUIRED_ABANDONED || !unlock(T)) fail(Failure.Lost);
  if (tryLock(T) > ACQUIRED_ABANDONED || !unlock(T)) fail(Failure.Lost);
}

function claimOf(T: usize, slot: u32): u32 {
  return read(T + CACHE_LINE * slot);
}

function claimed(ticket: u32): u32 {
  return ticket * 4 + 2;
}

/** What the words are now: the next ticket, that which is served, and the claims of slots 1 and 2. */
function expectWords(T: usize, next: u32, serving: u32, first: u32, second: u32): void {
  expect(read(T + next_ticket) == next && read(T + now_serving) == serving);
  expect(claimOf(T, 1) == first && claimOf(T, 2) == second);
}

/** Two workers in line, one operation after the other. */
export function ticket_lock_prove_alone(): void {
  begin();
  const T = read(lock);
  const one = read(T + now_serving);
  const two = one + 1;
  const three = one + 2;
  expect(!owns(T, 1) && !unlock(T));
  holdTooMuch();
  expect(tryLock(T) == HOLDS_TOO_MANY && take(T) == HOLDS_TOO_MANY);
  letAllGo();
  expect(heldCount(my) == 0);
  expectWords(T, one, one, NONE, NONE);

  expect(tryLock(T) == ACQUIRED && heldCount(my) == 1 && owns(T, 1) && !owns(T, 2));
  expect(tryLock(T) == DEADLOCK && take(T) == DEADLOCK && heldCount(my) == 1);
  enterAs(2);
  expect(tryLock(T) == BUSY && !unlock(T) && heldCount(my) == 0);
  expectWords(T, two, one, claimed(one), NONE);
  expect(take(T) == WAIT && look(T, 1) == WAIT && look(T, 2) == WAIT && heldCount(my) == 1);
  expect(tryLock(T) == DEADLOCK && take(T) == DEADLOCK && heldCount(my) == 1);
  expectWords(T, three, one, claimed(one), claimed(two));
  expect(isBefore(T, 1, 2) && !isBefore(T, 2, 1) && !isBefore(T, 1, 1));

  enterAs(1);
  expect(unlock(T) && !unlock(T) && heldCount(my) == 0);
  expectWords(T, three, two, NONE, claimed(two));
  expect(!isBefore(T, 1, 2) && !isBefore(T, 2, 1) && owns(T, 2));
  expect(take(T) == WAIT && look(T, 1) == WAIT);
  giveUp(T);
  expect(heldCount(my) == 0);
  expectWords(T, three + 1, two, NONE, claimed(two));

  enterAs(2);
  // Its turn has come: it looks, and once more before it gives up.
  expect(look(T, 1) == ACQUIRED);
  giveUp(T);
  expect(heldCount(my) == 0);
  expectWords(T, three + 1, three, NONE, NONE);
  // The ticket of who gave up is nobody's.
  expect(tryLock(T) == ACQUIRED && unlock(T));
  expectWords(T, three + 2, three + 2, NONE, NONE);
}

/** Workers die one after the other, and are repaired: the words that are left, and what others find. */
export function ticket_lock_prove_repair(): void {
  begin();
  const T = read(lock);
  const one = read(T + now_serving);
  // The owner, then the next in line.
  expect(tryLock(T) == ACQUIRED);
  enterAs(2);
  expect(take(T) == WAIT);
  repair(T, 1);
  expect(read(T + abandoned) == 1);
  expectWords(T, one + 2, one, NONE, claimed(one + 1));
  expect(look(T, 1) == WAIT);
  expectWords(T, one + 2, one + 1, NONE, claimed(one + 1));
  expect(look(T, 1) == ACQUIRED_ABANDONED && read(T + abandoned) == 0);
  enterAs(1);
  forgetHeld();
  expect(take(T) == WAIT);
  repair(T, 1);
  forgetHeld();
  expect(read(T + abandoned) == 0);
  expectWords(T, one + 3, one + 1, NONE, claimed(one + 1));
  enterAs(2);
  expect(unlock(T) && tryLock(T) == ACQUIRED && unlock(T));
  expectWords(T, one + 4, one + 4, NONE, NONE);

  // One who has taken a ticket and not yet written it down: first the worker of slot 2, then that of slot 1.
  for (let slot: u32 = 2; slot > 0; slot--) {
    const now = read(T + now_serving);
    enterAs(3 - slot);
    write(T + CACHE_LINE * slot, CHOOSING);
    write(T + next_ticket, now + 1);
    expect(tryLock(T) == BUSY && take(T) == WAIT && look(T, 1) == WAIT && read(T + now_serving) == now);
    repair(T, slot);
    expect(claimOf(T, slot) == NONE && read(T + abandoned) == 0);
    expect(look(T, 1) == WAIT && look(T, 1) == ACQUIRED && unlock(T));
    expectWords(T, now + 2, now + 2, NONE, NONE);
  }
  enterAs(2);
  expect(tryLock(T) == ACQUIRED);
  enterAs(1);
  expect(take(T) == WAIT && look(T, 1) == WAIT && owns(T, 2));
  giveUp(T);
  repair(T, 2);
  enterAs(2);
  forgetHeld();
  expect(tryLock(T) == ACQUIRED_ABANDONED && unlock(T));
}

/** What is made: its size, its options, and nothing where there is no room. */
export function ticket_lock_prove_create(strict: bool, forced: bool): void {
  begin();
  const T = read(lock);
  expect(kindOf(T) == Kind.TicketLock && blockBytes(T) == CACHE_LINE * (workers() + 1));
  expect(isStrict(T) == strict && isForced(T) == forced);
  // The second in its block: as a claim, its identity is that of a ticket which nobody has.
  expect(freeObject(T, read(T)) && create(strict, forced) == T);
  const last = read(T) >> 2;
  expect(claimed(last) == read(T));
  serve(T, last + 1, last);
  expect(tryLock(T) == ACQUIRED && unlock(T) && read(T + now_serving) == last + 2);
  fillSpace();
  let made = T;
  for (let i = 0; i < MANY && made != 0; i++) made = create(forced, strict);
  expectFull(made);
}
