/**
 * Repair, proven where one step follows the other: what each part of it leaves. One processor acts for the workers of
 * slots 1 to 3, and for the guardian.
 *
 *     SCENE | yes | no | name: 4 bytes |             as existence-alone.ts has them
 */
import { read, write } from "../../atomics";
import { allocate } from "../allocator";
import * as channel from "../channel";
import * as condition from "../condition";
import { enterObject } from "../existence";
import { freeObject } from "../free";
import { enter, leave, set } from "../guard";
import { heldCount, hold, nameLock } from "../holdings";
import * as latch from "../latch";
import { ABANDONED, ACQUIRED, ACQUIRED_ABANDONED, ASYNCHRONOUS, NOW, owner, tryAcquire } from "../lock-word";
import * as mcsLock from "../mcs-lock";
import * as mutex from "../mutex";
import { bind, find } from "../names";
import { createObject, DYING, Kind, kindOf, OBJECT_HEADER, RECLAIMED } from "../objects";
import * as once from "../once";
import { repair, repairWorker } from "../repair";
import * as rwLock from "../rw-lock";
import * as semaphore from "../semaphore";
import { sleepAddress, sleepValue, WAIT } from "../sleep";
import * as space from "../space";
import {
  attach,
  CACHE_LINE,
  DOORBELL,
  enterAs,
  firstSpan,
  incarnationOf,
  isLive,
  my,
  NAMES,
  nextIncarnation,
  PAGE,
  recordOf,
  workers,
} from "../space";
import * as ticketLock from "../ticket-lock";
import { awaited } from "./existence-alone";
import { expectMended, leaveAll, MARK, MARKED } from "./repair";
import { expect, expectEqual, SCENE } from "./worker";

const name: usize = SCENE + 8;
/** A condition's guard. */
const GUARD: u32 = 8;

function beGuardian(): void {
  enterAs(workers() + 1);
}

/** Repairs the worker of slot 1, which has the slot again at once. */
function repairFirst(): void {
  beGuardian();
  expect(repair(1) && !isLive(1) && space.isSpace());
  expectEqual(attach(nextIncarnation(), true), 1);
}

/** The worker of slot 1 dies in the middle of everything; one who has the slot later, and has nothing; nobody. */
export function repair_prove_alone(): void {
  leaveAll(false);
  beGuardian();
  const R = recordOf(1);
  // Nobody has that slot, or that incarnation.
  write(recordOf(3) + space.slept, 5);
  expect(repair(3) && read(recordOf(3) + space.slept) == 5 && repairWorker(7));
  expect(isLive(1) && heldCount(R) == 2 && repairWorker(incarnationOf(1)));
  expectMended();
  expect(isLive(2));
  expectEqual(attach(nextIncarnation(), true), 1);
  leaveAll(true);
  beGuardian();
  expect(repair(1));
  expectMended();
}

/** A repair that is refused is done again: what it has mended by then is off the list, and nothing else. */
export function repair_prove_refused(): void {
  const older = once.create();
  const newer = once.create();
  const C = condition.create();
  once.attempt(older, NOW);
  condition.join(C);
  // One that was freed is on the list, too.
  const gone = once.create();
  once.attempt(gone, NOW);
  enterAs(3);
  expect(freeObject(gone, read(gone)));
  enterAs(1);
  once.attempt(newer, NOW);
  // Somebody lives in the section that the guardian has to get in.
  enterAs(2);
  enter(C, C + GUARD);
  beGuardian();
  const R = recordOf(1);
  for (let times = 0; times < 2; times++) {
    expect(!repairWorker(incarnationOf(1)) && isLive(1));
    expect(once.runs(older, 1) && !once.runs(newer, 1) && heldCount(R) == 2);
    expect(read(my + space.inside) == 0 && load<u64>(my + space.pending) == 0);
    // Nobody else is to lose what it does by now.
    enterAs(2);
    if (times == 0) once.attempt(newer, NOW);
    beGuardian();
  }
  expect(once.runs(newer, 2));
  enterAs(2);
  leave(C + GUARD);
  beGuardian();
  expect(repairWorker(incarnationOf(1)) && !isLive(1) && !once.runs(older, 1));
  expectEqual(condition.notify(C, 1), 0);
}

/** What `pending` names: a guard of the space's own, one of an object that dies, and what must not be touched. */
export function repair_prove_pending(): void {
  const list = NAMES + CACHE_LINE;
  enter(NAMES, NAMES);
  set(list, 5);
  repairFirst();
  expect(owner(NAMES) == 0 && read(list) == 0 && load<u64>(my + space.pending) == 0);

  // Outside of objects and of the space's own words there are no locks.
  const block = allocate(16);
  expect(block - firstSpan() < PAGE);
  write(firstSpan(), 1);
  const second = read(firstSpan() + 4);
  const third = read(firstSpan() + 8);
  store<u64>(my + space.pending, <u64>firstSpan());
  repairFirst();
  expect(read(firstSpan()) == 1 && read(firstSpan() + 4) == second && read(firstSpan() + 8) == third);

  for (let i: u32 = 0; i < 4; i++) {
    const O = createObject(Kind.Counter, MARKED);
    const L = O + OBJECT_HEADER;
    const identity = read(O);
    enterAs(2);
    expect(enterObject(O, identity));
    enterAs(1);
    nameLock(O, L);
    expect(tryAcquire(L));
    // As it was, DYING, RECLAIMED, and another by now.
    write(O, i == 0 ? identity : i == 1 ? identity | DYING : i == 2 ? identity | DYING | RECLAIMED : identity + 1);
    repairFirst();
    expectEqual(read(L), i < 2 ? ABANDONED : 1);
    expect(read(my + space.inside) == 0 && read(recordOf(2) + space.inside) == <u32>O);
  }

  // One that is left then: nobody else is inside. The section of one that is another by now is nobody's.
  enterAs(1);
  const left = createObject(Kind.Counter, MARKED);
  nameLock(left, left + OBJECT_HEADER);
  write(left, read(left) | DYING);
  repairFirst();
  expect(<u32>kindOf(left) == 0);
  const other = createObject(Kind.Counter, MARKED);
  enter(other, other + OBJECT_HEADER);
  set(other + MARK, 5);
  write(other, read(other) + 1);
  repairFirst();
  expect(read(other + MARK) == 5 && load<u32>(my + space.journal) == 0 && load<u64>(my + space.pending) == 0);

  // Inside of an object that lives, of what is none, and of nothing.
  enterAs(1);
  const O = createObject(Kind.Counter, MARKED);
  expectEqual(<u32>bind(name, 4, O, read(O)), <u32>O);
  write(O + MARK, DYING);
  for (let i: u32 = 0; i < 3; i++) {
    write(my + space.inside, i == 0 ? <u32>O : i == 1 ? <u32>O + MARK : 0);
    repairFirst();
    expect(find(name, 4) == O && read(my + space.inside) == 0 && read(recordOf(workers() + 1) + space.inside) == 0);
  }
}

/** One dies while it frees an object, one in the guarded section that this takes: the guardian waits for neither. */
export function repair_prove_burial(): void {
  const R = recordOf(1);
  const C = condition.create();
  expectEqual(<u32>bind(name, 4, C, read(C)), <u32>C);
  enterAs(2);
  const node = condition.join(C);
  enterAs(1);
  write(my + space.inside, <u32>C);
  write(C, read(C) | DYING);
  for (let i = 0; i < 2; i++) {
    enterAs(3);
    expectEqual(attach(nextIncarnation(), true), 3);
    if (i == 0) enter(NAMES, NAMES);
    else enter(C, C + GUARD);
    beGuardian();
    expect(!repair(1) && isLive(1));
    expect(read(R + space.inside) == <u32>C && read(my + space.inside) == 0 && load<u64>(my + space.pending) == 0);
    expectEqual(read(node + 8), 0);
    expect(repair(3));
  }
  expect(find(name, 4) == 0);
  expect(repair(1) && read(R + space.inside) == 0);
  // It was told that the condition was freed.
  expectEqual(read(node + 8), 2);
  expect(<u32>kindOf(C) == 0);
}

/** A worker dies that has an object of each kind: another wakes that waits for it, and can have it. */
export function repair_prove_kinds(): void {
  attach(nextIncarnation(), true);
  attach(nextIncarnation(), true);
  for (let kind: u32 = Kind.Mutex; kind <= <u32>Kind.Latch; kind++) {
    if (kind == Kind.McsLock || kind == Kind.TicketLock) continue;
    const O = awaited(<Kind>kind);
    const place = sleepAddress;
    const value = sleepValue;
    const sleeps = kind <= <u32>Kind.Event || kind == Kind.Channel || kind == Kind.Latch;
    enterAs(3);
    if (heldCount(my) == 0) hold(O);
    const bell = read(DOORBELL);
    beGuardian();
    expect(repair(3));
    if (sleeps && kind != Kind.Condition) expect(read(place) != value);
    expectEqual(read(DOORBELL) != bell ? 1 : 0, sleeps && kind != Kind.Mutex && kind != Kind.Condition ? 1 : 0);
    enterAs(2);
    if (kind == Kind.Mutex) expectEqual(mutex.attempt(O, NOW), ACQUIRED_ABANDONED);
    if (kind == Kind.RwLock) expectEqual(rwLock.attempt(O, NOW), ACQUIRED_ABANDONED);
    if (kind == Kind.Once) expectEqual(once.attempt(O, NOW), once.RUNS);
    if (kind == Kind.Condition) expectEqual(condition.notify(O, 1), 0);
    expectEqual(attach(nextIncarnation(), true), 3);
  }
  enterAs(3);
  const S = semaphore.create(2);
  const W = rwLock.create(false);
  const L = mcsLock.create(false, true);
  const T = ticketLock.create(false, true);
  const D = latch.create(3);
  expect(semaphore.tryAcquire(S, 2) && rwLock.attemptShared(W, NOW) == ACQUIRED && latch.promise(D, 2) == latch.DONE);
  expect(mcsLock.tryAcquire(L) == ACQUIRED && ticketLock.tryLock(T) == ACQUIRED);
  const C = channel.create(64, 0);
  while (channel.reserve(C, 24, NOW) != WAIT) channel.commit(C);
  hold(C);
  enterAs(2);
  expect(rwLock.attempt(W, ASYNCHRONOUS) == WAIT);
  const drained = sleepAddress;
  const readers = sleepValue;
  expect(channel.reserve(C, 24, ASYNCHRONOUS) == WAIT);
  const room = sleepAddress;
  const full = sleepValue;
  beGuardian();
  expect(repair(3));
  expect(read(drained) != readers && read(room) != full);
  enterAs(2);
  rwLock.giveUp(W);
  expect(semaphore.availableIn(S) == 2 && rwLock.attempt(W, NOW) == ACQUIRED && latch.left(D) == 1);
  expect(mcsLock.tryAcquire(L) == ACQUIRED_ABANDONED && ticketLock.tryLock(T) == ACQUIRED_ABANDONED);
}

/**
 * Two die, each in the section of a condition on which the other waits: the first repair is refused, and done again.
 */
export function repair_prove_both(): void {
  const first = condition.create();
  const second = condition.create();
  condition.join(second);
  enterAs(2);
  condition.join(first);
  enter(second, second + GUARD);
  enterAs(1);
  enter(first, first + GUARD);
  beGuardian();
  expect(!repair(1) && isLive(1) && owner(first + GUARD) == 0 && owner(second + GUARD) == 2);
  expect(repair(2) && repair(1) && !isLive(1) && !isLive(2));
  enterAs(3);
  expect(condition.notify(first, 1) == 0 && condition.notify(second, 1) == 0);
}
