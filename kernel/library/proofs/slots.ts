/**
 * The life of workers in slots, proven. Each worker uses the space `turns` times: it takes an incarnation, has its death
 * watched, attaches, locks, sleeps, and ends in good order, or dies anywhere. The guardian hears of ends at any time after
 * them: of deaths from who died, of others from one more processor, which looks a few times whether somebody has ended.
 *
 *     SCENE      | turns | mutex | sleeps |
 *     lifelines  | the incarnation whose death is seen, 0 for none | that of an end which the guardian has not heard of | of each
 *     places     | of each slot, on a line of its own, a word that its worker writes |
 */
import { fetch_and_store, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { heldCount } from "../holdings";
import { ACQUIRED_ABANDONED, NOW } from "../lock-word";
import * as mutex from "../mutex";
import { repairWorker } from "../repair";
import { sleepOn, WAIT } from "../sleep";
import * as space from "../space";
import {
  attach,
  CACHE_LINE,
  competing,
  create,
  enterAs,
  incarnationOf,
  isLive,
  me,
  my,
  nextIncarnation,
  pending,
  recordOf,
  sleeping,
  workers,
} from "../space";
import { beginGuarding, endGuarding, expectEqual, SCENE } from "./worker";

const turns: usize = SCENE;
const mutexOf: usize = SCENE + 4;
/** 1 if workers fall asleep, too, for a moment. */
const sleeps: usize = SCENE + 8;
const lifelines: usize = SCENE + CACHE_LINE;
const LIFELINE_BYTES: u32 = 8;
const ended: u32 = 4;
const places: usize = SCENE + 2 * CACHE_LINE;

export function slots_prove_init(slots: u32, turnsEach: u32, sleeping: bool): void {
  create(slots, 1, 1, 0);
  enterAs(workers() + 1);
  write(mutexOf, <u32>mutex.create(false));
  write(turns, turnsEach);
  write(sleeps, sleeping ? 1 : 0);
}

function lifelineOf(p: u32): usize {
  return lifelines + p * LIFELINE_BYTES;
}

export function slots_prove_run(): void {
  const lifeline = lifelineOf(processor());
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    const incarnation = nextIncarnation();
    write(lifeline, incarnation);
    const slot = attach(incarnation, true);
    if (slot != 0) {
      live(slot, incarnation);
      while (!repairWorker(incarnation)) {}
    }
    write(lifeline + ended, incarnation);
    write(lifeline, 0);
  }
}

/** What nobody else in the slot would leave as it is. */
function live(slot: u32, incarnation: u32): void {
  const place = places + slot * CACHE_LINE;
  store<u32>(place, incarnation);
  if (read(sleeps)) sleepOn(place + 4, 1, -1);
  const M = read(mutexOf);
  const result = mutex.attempt(M, NOW);
  if (result == WAIT) mutex.giveUp(M);
  else if (result > ACQUIRED_ABANDONED || mutex.owner(M) != slot || !mutex.unlock(M, load<u32>(M)))
    fail(Failure.NotExclusive);
  if (load<u32>(place) != incarnation || incarnationOf(slot) != incarnation || me != slot) fail(Failure.NotExclusive);
}

/** The guardian, of those who ended in good order: it looks once at each. */
export function slots_prove_hear(): void {
  for (let p: u32 = 0; p < processors() - 1; p++) {
    const incarnation = fetch_and_store(lifelineOf(p) + ended, 0);
    if (incarnation != 0) hear(incarnation);
  }
}

function hear(incarnation: u32): void {
  do beginGuarding();
  while (!endGuarding(repairWorker(incarnation)));
}

/** What processor `dead` executes instead, once it has died. */
export function slots_prove_death(dead: u32): void {
  const incarnation = read(lifelineOf(dead));
  if (incarnation != 0) hear(incarnation);
}

/** No slot is taken, nothing is left in a record, nobody counts as awake, and nobody has the mutex. */
export function slots_prove_end(): void {
  for (let slot: u32 = 1; slot <= workers(); slot++) {
    const R = recordOf(slot);
    if (isLive(slot) || heldCount(R) != 0 || read(R + pending) != 0 || read(R + sleeping) != 0) fail(Failure.Lost);
  }
  if (competing() != 0 || mutex.owner(read(mutexOf)) != 0) fail(Failure.Lost);
}

/** Slots of which those that compete have more than a word of bits. */
const SLOTS: u32 = 40;
const CORES: u32 = 2;

export function slots_prove_alone_init(): void {
  if (space.isSpace() || !create(SLOTS, CORES, 0x1234, 0x5678)) fail(Failure.Lost);
}

function expectCompeting(first: u32, second: u32, count: u32): void {
  expectEqual(read(space.COMPETING), first);
  expectEqual(read(space.COMPETING + 4), second);
  expectEqual(competing(), count);
}

function expectSlot(slot: u32, incarnation: u32, competes: u32): void {
  const R = recordOf(slot);
  expectEqual(<u32>R, <u32>space.RECORDS + slot * space.RECORD_BYTES);
  expectEqual(read(R + space.state), incarnation);
  if (incarnation != space.FREE) expectEqual(read(R + space.competes), competes);
  expectEqual(incarnationOf(slot), incarnation);
  expectEqual(isLive(slot) ? 1 : 0, incarnation == space.FREE ? 0 : 1);
}

function expectAsleep(slot: u32, at: u32): void {
  expectEqual(space.sleepsAt(slot), at);
  expectEqual(read(recordOf(slot) + sleeping), at);
  expectEqual(space.isAwake(slot) ? 1 : 0, at == 0 ? 1 : 0);
}

/** One operation after the other: each slot taken, and given back, and what the words say then. */
export function slots_prove_alone(): void {
  expectEqual(space.isSpace() ? 1 : 0, 1);
  expectEqual(workers(), SLOTS);
  expectEqual(read(space.WORKERS), SLOTS);
  expectEqual(read(space.CORES), CORES);
  expectEqual(space.identity(0), 0x1234);
  expectEqual(space.identity(1), 0x5678);
  expectEqual(<u32>space.firstSpan(), 8 * space.PAGE);
  expectEqual(space.guardian(), 0);
  space.setGuardian(7);
  expectEqual(space.guardian(), 7);
  expectEqual(read(space.GUARDIAN), 7);
  expectCompeting(0, 0, 0);
  for (let slot: u32 = 1; slot <= SLOTS; slot++) {
    expectEqual(nextIncarnation(), slot);
    // The second one is a main thread's.
    expectEqual(attach(slot, slot != 2), slot);
    expectEqual(me, slot);
    expectEqual(<u32>my, <u32>recordOf(slot));
    expectSlot(slot, slot, slot == 2 ? 0 : 1);
    expectEqual(space.enoughCores() ? 1 : 0, slot <= 3 ? 1 : 0);
  }
  expectEqual(read(space.INCARNATIONS), SLOTS);
  expectCompeting(0xfffffffd, 0xff, SLOTS - 1);
  expectEqual(attach(nextIncarnation(), true), 0);
  expectCompeting(0xfffffffd, 0xff, SLOTS - 1);
  expectEqual(space.slotOf(1), 1);
  expectEqual(space.slotOf(SLOTS), SLOTS);
  expectEqual(space.slotOf(SLOTS + 1), 0);
  expectSlot(SLOTS + 1, space.FREE, 0);
  // The guardian's record says nothing about workers.
  write(recordOf(SLOTS + 1) + space.state, SLOTS + 1);
  expectEqual(space.slotOf(SLOTS + 1), 0);
  write(recordOf(SLOTS + 1) + space.state, space.FREE);
  // Sleeping, who competes and who does not: the first, the second, and the last, whose bit is in another word.
  for (let slot: u32 = 1; slot <= SLOTS; slot += slot == 2 ? SLOTS - 2 : 1) {
    enterAs(slot);
    space.fallAsleep(0x100);
    expectAsleep(slot, 0x100);
    expectCompeting(
      slot == 1 ? 0xfffffffc : 0xfffffffd,
      slot == SLOTS ? 0x7f : 0xff,
      slot == 2 ? SLOTS - 1 : SLOTS - 2,
    );
    space.wakeUp();
    expectAsleep(slot, 0);
    expectCompeting(0xfffffffd, 0xff, SLOTS - 1);
  }
  // Seen by the guardian, this incarnation and no other.
  expectEqual(space.isWatchable(3) ? 1 : 0, 0);
  space.setWatchable(3);
  expectEqual(space.isWatchable(3) ? 1 : 0, 1);
  expectEqual(space.isWatchable(2) ? 1 : 0, 0);
  space.vacate(3);
  expectSlot(3, space.FREE, 0);
  expectSlot(2, 2, 0);
  expectSlot(4, 4, 1);
  expectCompeting(0xfffffff9, 0xff, SLOTS - 2);
  expectEqual(space.slotOf(3), 0);
  space.vacate(SLOTS);
  expectSlot(SLOTS, space.FREE, 0);
  expectCompeting(0xfffffff9, 0x7f, SLOTS - 3);
  expectEqual(attach(100, true), 3);
  expectSlot(3, 100, 1);
  expectCompeting(0xfffffffd, 0x7f, SLOTS - 2);
  // It has nothing to do for a while; who never competes, does not begin to.
  space.setCompeting(false);
  expectCompeting(0xfffffff9, 0x7f, SLOTS - 3);
  space.enterAs(2);
  space.setCompeting(true);
  expectCompeting(0xfffffff9, 0x7f, SLOTS - 3);
  space.enterAs(3);
  space.setCompeting(true);
  expectCompeting(0xfffffffd, 0x7f, SLOTS - 2);
  expectEqual(space.isWatchable(3) ? 1 : 0, 0);
  expectEqual(space.slotOf(100), 3);
  // Incarnations begin again, and never are 0.
  write(space.INCARNATIONS, 0xfffffffe);
  expectEqual(nextIncarnation(), 0xffffffff);
  expectEqual(nextIncarnation(), 1);
  // Bits behind the last worker's word are nobody's.
  write(space.COMPETING + 8, 1);
  expectEqual(competing(), SLOTS - 2);
  write(space.COMPETING + 8, 0);
  // Spaces for which memory need not grow, one with records to the last byte of a page; and one for which it cannot.
  write(space.WORKERS, 32);
  write(space.COMPETING + 4, 1);
  expectEqual(competing(), 31);
  if (!create(SLOTS, CORES, 0, 0) || !create(14, CORES, 0, 0)) fail(Failure.Lost);
  expectEqual(<u32>space.firstSpan(), 6 * space.PAGE);
  write(space.MAGIC_WORD, 0);
  expectEqual(create(0x1fff, CORES, 0, 0) ? 1 : 0, 0);
  expectEqual(space.isSpace() ? 1 : 0, 0);
}

/** Slots of spaces whose records end with a page. */
const EXACTLY: u32 = 14;

/** A space that `create_space` has made. */
export function slots_prove_made(): void {
  expectEqual(read(space.MAGIC_WORD), 0x4c535031);
  expectEqual(read(space.WORKERS), EXACTLY);
  expectEqual(read(space.CORES), 0);
  expectEqual(read(space.IDENTITY), 0x1234);
  expectEqual(read(space.IDENTITY + 4), 0x5678);
  expectEqual(<u32>memory.size(), 6);
}

/** Where one page is missing. */
export function slots_prove_init_short(): void {
  memory.grow(4);
  if (!create(EXACTLY, 0, 0x1234, 0x5678)) fail(Failure.Lost);
}

/** One that cannot grow so far. */
export function slots_prove_not_made(): void {
  expectEqual(read(space.MAGIC_WORD), 0);
}

/** The first slot is taken by incarnation 2, a main thread's. */
export function slots_prove_init_first(): void {
  create(EXACTLY, 0, 0, 0);
  attach(2, false);
}

/** The second one is that of incarnation 1, then. */
export function slots_prove_attached(competes: u32): void {
  expectEqual(read(recordOf(0) + space.state), space.FREE);
  expectSlot(1, 2, 0);
  expectSlot(2, 1, competes);
  expectSlot(3, space.FREE, 0);
  expectEqual(read(space.COMPETING), competes << 1);
}

export function slots_prove_counted(): void {
  expectEqual(read(space.INCARNATIONS), 1);
}

/** Both slots of 2 are taken, by the workers of incarnations 1 and 2, the last of which sleeps. */
export function slots_prove_init_both(): void {
  create(2, 0, 0, 0);
  attach(1, true);
  attach(2, true);
  space.fallAsleep(0x100);
}

export function slots_prove_watch(): void {
  write(recordOf(2) + space.watchable, 2);
}

export function slots_prove_watchable(): void {
  expectEqual(read(recordOf(2) + space.watchable), 2);
  expectEqual(read(recordOf(1) + space.watchable), 0);
}

/** The only slot is taken, by processor 0. */
export function slots_prove_init_handed(): void {
  create(1, 0, 0, 0);
  attach(1, true);
}

/** Processor 0 gives it back, and the other one takes it, if it is free. */
export function slots_prove_hand(): void {
  if (processor() == 0) space.vacate(1);
  else attach(2, true);
}

/** Who has a slot counts as awake, and nobody else. */
export function slots_prove_handed(): void {
  expectEqual(competing(), isLive(1) ? 1 : 0);
}
