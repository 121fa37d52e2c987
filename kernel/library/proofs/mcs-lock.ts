/** The MCS lock, proven; see spin-lock.ts. Who runs marks when it comes, and when it gets in. */
import { read, write } from "../../atomics";
import { Event, Failure, fail, mark, processor } from "../../machine";
import { blockBytes } from "../allocator";
import { enterObject, leaveObject } from "../existence";
import { freeObject } from "../free";
import { heldCount } from "../holdings";
import { ACQUIRED, ACQUIRED_ABANDONED, BUSY, DEADLOCK, HOLDS_TOO_MANY } from "../lock-word";
import { acquire, create, isForced, isStrict, owns, release, repair, tryAcquire } from "../mcs-lock";
import { DYING, FREED, Kind, kindOf } from "../objects";
import { repair as repairWorker } from "../repair";
import { CACHE_LINE, enterAs, me, my, workers } from "../space";
import { change, expectFull, forgetHeld, lock, MANY, turns } from "./spin-lock";
import { begin, expect, expectNothingHeld, fillSpace, holdTooMuch, letAllGo, prepareWorkers } from "./worker";

// Words of the lock and of a node, as the lock's head draws them.
const broken: u32 = 4;
const abandoned: u32 = 8;
const tail: u32 = CACHE_LINE;
const state: u32 = 0;
const next: u32 = 4;
const locked: u32 = 8;

const NIL: u32 = 0;
const WHOLE: u32 = 0;
const BROKEN: u32 = 0xffffffff;
const OUT: u32 = 0;
const IN: u32 = 1;
const OWNS: u32 = 2;

/** What a claim begins with. */
enum Scene {
  Free = 0,
  /** Broken, all are out, and the tail is what it was. */
  Broken = 1,
  /** Broken. Slot 1 owns it, and is linked to slot 2, which was behind it and is out. */
  Leaving = 2,
  /** Slot 1 owns it, and never releases it. */
  Owned = 3,
  /** The same, and broken. */
  Stuck = 4,
  /** Slot 1 owns it; the node of slot 2 names a successor of before. */
  Stale = 5,
  /** Slot 1 owned it, and is dead. */
  Dead = 6,
}

function nodeOf(L: usize, slot: u32): u32 {
  return <u32>L + CACHE_LINE * (slot + 1);
}

export function mcs_lock_prove_init(turnsEach: u32, scene: Scene, strict: bool, forced: bool): void {
  prepareWorkers();
  const L = create(strict, forced);
  write(lock, <u32>L);
  write(turns, turnsEach);
  enterAs(1);
  expect(scene < Scene.Leaving || acquire(L) == ACQUIRED);
  if (scene == Scene.Broken || scene == Scene.Leaving) write(L + tail, nodeOf(L, 2));
  if (scene == Scene.Leaving) write(nodeOf(L, 1) + next, nodeOf(L, 2));
  if (scene == Scene.Stale) write(nodeOf(L, 2) + next, nodeOf(L, 1));
  if (scene == Scene.Dead) forgetHeld();
  if (scene == Scene.Broken || scene == Scene.Leaving || scene == Scene.Stuck) write(L + broken, BROKEN);
}

function changeOnce(result: u32): void {
  change(result);
  if (!release(read(lock))) fail(Failure.NotExclusive);
}

export function mcs_lock_prove_run(): void {
  begin();
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    mark(Event.Arrived, processor());
    const result = acquire(read(lock));
    mark(Event.Acquired, processor());
    changeOnce(result);
  }
}

export function mcs_lock_prove_try(): void {
  begin();
  const result = tryAcquire(read(lock));
  if (result != BUSY) changeOnce(result);
}

/** The owner at the beginning. */
export function mcs_lock_prove_release(): void {
  begin();
  expect(release(read(lock)));
}

/** Repairs the lock after the owner's death. */
export function mcs_lock_prove_repair_owner(): void {
  enterAs(3);
  repair(read(lock), 1);
}

/** Ends in good order while it owns the lock, and repairs itself: it may die in that, and is repaired again. */
export function mcs_lock_prove_resign(): void {
  begin();
  expect(acquire(read(lock)) == ACQUIRED);
  repairWorker(me);
}

/** Waits for a lock that it does not get, as it is freed. */
export function mcs_lock_prove_wait_freed(): void {
  enterAs(2);
  const L = read(lock);
  if (!enterObject(L, read(turns))) return;
  expect(acquire(L) == FREED && read(nodeOf(L, 2) + state) == OUT);
  leaveObject();
}

export function mcs_lock_prove_free(): void {
  enterAs(3);
  expect(freeObject(read(lock), read(turns)));
}

/** For these two, which know its identity. */
export function mcs_lock_prove_init_freed(scene: Scene): void {
  mcs_lock_prove_init(0, scene, false, false);
  write(turns, read(read(lock)));
}

/** Whoever comes then gets in. */
export function mcs_lock_prove_end(): void {
  expectNothingHeld();
  for (let slot: u32 = 1; slot <= workers(); slot++) expect(read(nodeOf(read(lock), slot) + state) == OUT);
  begin();
  changeOnce(tryAcquire(read(lock)));
  changeOnce(acquire(read(lock)));
}

/** What the words are now: broken, abandoned, the slot of the tail, and the states of slots 1 and 2. */
function expectWords(L: usize, isBroken: u32, isAbandoned: u32, last: u32, first: u32, second: u32): void {
  expect(read(L + broken) == isBroken && read(L + abandoned) == isAbandoned);
  expect(read(L + tail) == (last == 0 ? NIL : nodeOf(L, last)));
  expect(read(nodeOf(L, 1) + state) == first && read(nodeOf(L, 2) + state) == second);
}

/** Puts slot 2 into the queue behind slot 1, which is linked to it or not yet. */
function queueSecond(L: usize, isLinked: bool): void {
  write(nodeOf(L, 2) + state, IN);
  write(nodeOf(L, 2) + next, NIL);
  write(nodeOf(L, 2) + locked, 1);
  write(L + tail, nodeOf(L, 2));
  write(nodeOf(L, 1) + next, isLinked ? nodeOf(L, 2) : NIL);
}

/** One operation after the other, by workers of slots 1 and 2. */
export function mcs_lock_prove_alone(): void {
  begin();
  const L = read(lock);
  const one = nodeOf(L, 1);
  const two = nodeOf(L, 2);
  holdTooMuch();
  expect(tryAcquire(L) == HOLDS_TOO_MANY && acquire(L) == HOLDS_TOO_MANY);
  letAllGo();
  expect(!release(L) && !owns(L, 1) && heldCount(my) == 0);
  expectWords(L, WHOLE, 0, 0, OUT, OUT);

  for (let waits = 0; waits < 2; waits++) {
    enterAs(1);
    // Of an acquisition before.
    write(one + next, two);
    write(one + locked, 0);
    expect((waits != 0 ? acquire(L) : tryAcquire(L)) == ACQUIRED && heldCount(my) == 1);
    expect(owns(L, 1) && !owns(L, 2) && read(one + next) == NIL && read(one + locked) == 1);
    expectWords(L, WHOLE, 0, 1, OWNS, OUT);
    expect(tryAcquire(L) == DEADLOCK && acquire(L) == DEADLOCK && heldCount(my) == 1);
    enterAs(2);
    expect(tryAcquire(L) == BUSY && !release(L) && heldCount(my) == 0);
    expectWords(L, WHOLE, 0, 1, OWNS, OUT);
    enterAs(1);
    if (waits != 0) queueSecond(L, true);
    expect(release(L) && !release(L) && heldCount(my) == 0 && !owns(L, 1));
    expectWords(L, WHOLE, 0, waits != 0 ? 2 : 0, OUT, waits != 0 ? IN : OUT);
  }
  expect(read(two + locked) == 0);
  write(two + state, OUT);
  write(L + tail, NIL);

  // Who owns it does not wait for the link of who is behind, if it is broken or freed.
  const alive = read(L);
  for (let freed = 0; freed < 2; freed++) {
    expect(acquire(L) == ACQUIRED);
    queueSecond(L, false);
    if (freed != 0) write(L, alive | DYING);
    else write(L + broken, BROKEN);
    expect(release(L) && read(two + locked) == 1);
    expectWords(L, freed != 0 ? WHOLE : BROKEN, 0, 2, OUT, IN);
    write(L, alive);
    write(L + broken, WHOLE);
    write(L + tail, NIL);
    write(two + state, OUT);
    forgetHeld();
  }

  // Who finds it freed gets out, from the queue, or if it is broken, too.
  expect(acquire(L) == ACQUIRED);
  enterAs(2);
  write(L, alive | DYING);
  expect(acquire(L) == FREED && heldCount(my) == 0 && read(one + next) == two);
  expectWords(L, WHOLE, 0, 2, OWNS, OUT);
  write(L + broken, BROKEN);
  expect(acquire(L) == FREED && heldCount(my) == 0);
  expectWords(L, BROKEN, 0, 2, OWNS, OUT);
  write(L, alive);
  write(L + broken, WHOLE);
  write(one + state, OUT);
  write(L + tail, NIL);
  enterAs(1);
  forgetHeld();
}

/** Who finds it broken, and workers that died, one after the other. */
export function mcs_lock_prove_repair(): void {
  const L = read(lock);
  for (let slot: u32 = 1; slot <= 2; slot++) {
    const other = 3 - slot;
    const isFirst = slot == 1;
    enterAs(slot);
    // As long as anybody is in, or is making it anew, nobody does.
    breakUp(L, BROKEN, other, other, IN);
    expect(tryAcquire(L) == BUSY && heldCount(my) == 0);
    expectWords(L, BROKEN, 0, other, isFirst ? OUT : IN, isFirst ? IN : OUT);
    breakUp(L, other, 0, other, OUT);
    expect(tryAcquire(L) == BUSY && heldCount(my) == 0);
    expectWords(L, other, 0, 0, OUT, OUT);
    for (let waits = 0; waits < 2; waits++) {
      breakUp(L, BROKEN, other, other, OUT);
      write(L + abandoned, waits);
      const expected = waits != 0 ? ACQUIRED_ABANDONED : ACQUIRED;
      expect((waits != 0 ? acquire(L) : tryAcquire(L)) == expected && owns(L, slot));
      expectWords(L, WHOLE, 0, slot, isFirst ? OWNS : OUT, isFirst ? OUT : OWNS);
      expect(release(L));
    }
    // What they died of: nothing; while making it anew; waiting; owning it; the same while another makes it anew.
    expectRepaired(L, slot, OUT, WHOLE, WHOLE, 0);
    expectRepaired(L, slot, OUT, other, other, 0);
    expectRepaired(L, slot, OUT, slot, BROKEN, 0);
    expectRepaired(L, slot, IN, WHOLE, BROKEN, 0);
    expectRepaired(L, slot, IN, slot, BROKEN, 0);
    expectRepaired(L, slot, OWNS, WHOLE, BROKEN, 1);
    expectRepaired(L, slot, OWNS, BROKEN, BROKEN, 1);
    expectRepaired(L, slot, OWNS, other, other, 1);
  }
  breakUp(L, WHOLE, 0, 1, OUT);
}

/** `last`: the slot of the tail. */
function breakUp(L: usize, isBroken: u32, last: u32, slot: u32, its: u32): void {
  write(L + broken, isBroken);
  write(L + tail, last == 0 ? NIL : nodeOf(L, last));
  write(nodeOf(L, slot) + state, its);
  write(nodeOf(L, 3 - slot) + state, OUT);
}

function expectRepaired(L: usize, dead: u32, its: u32, before: u32, after: u32, isAbandoned: u32): void {
  breakUp(L, before, dead, dead, its);
  repair(L, dead);
  expectWords(L, after, isAbandoned, dead, OUT, OUT);
  write(L + abandoned, 0);
}

/** What is made: its size, its options, and nothing where there is no room. */
export function mcs_lock_prove_create(strict: bool, forced: bool): void {
  begin();
  const L = read(lock);
  expect(kindOf(L) == Kind.McsLock && blockBytes(L) == CACHE_LINE * (workers() + 2));
  expect(isStrict(L) == strict && isForced(L) == forced);
  fillSpace();
  let made = L;
  for (let i = 0; i < MANY && made != 0; i++) made = create(forced, strict);
  expectFull(made);
}
