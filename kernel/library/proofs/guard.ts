/**
 * Guarded sections, proven. A section adds 1 to two words of an object, and whoever enters finds them equal, whatever
 * died.
 *
 *     SCENE  | object | turns | sleeper |
 *     object | identity | guard: 16 bytes | first | second |
 */
import { read, write } from "../../atomics";
import { Failure, fail, pause, processor } from "../../machine";
import { enter, enterToRepair, GUARD_BYTES, IS_GUARD, leave, repairGuard, rollBack, set } from "../guard";
import { CONTENDED, heir, NOBODY, ONE_TURN, owner, SLEEPS, TURNS, tryAcquire, wakes } from "../lock-word";
import { createObject, Kind, OBJECT_HEADER } from "../objects";
import { neverBlock } from "../sleep";
import { enterAs, journal, me, my, pending, sleepsAt, slept, workers } from "../space";
import { begin, expect, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const object: usize = SCENE;
const turns: usize = SCENE + 4;
/** Whether who sleeps is the heir. */
const sleeper: usize = SCENE + 8;

const guard: u32 = OBJECT_HEADER;
const first: u32 = guard + GUARD_BYTES;
const second: u32 = first + 4;

/** Words that a section may set. */
const MOST: u32 = 40;

export function guard_prove_init(turnsEach: u32): void {
  prepareWorkers();
  write(object, <u32>createObject(Kind.SharedBuffer, second + 4));
  write(turns, turnsEach);
}

/** One step after the other, with what each leaves in the record. */
export function guard_prove_alone(): void {
  begin();
  const O = read(object);
  const G = O + guard;
  enter(O, G);
  expect(read(G) == me && load<u64>(my + pending) == named(O));
  for (let i: u32 = 0; i < MOST; i++) {
    set(O + (i % 2 ? first : second), 100 + i);
    const entry = my + journal + 4 + i * 8;
    expect(load<u32>(my + journal) == i + 1 && load<u32>(entry) == O + (i % 2 ? first : second));
    expect(load<u32>(entry + 4) == (i < 2 ? 0 : 98 + i) && read(load<u32>(entry)) == 100 + i);
  }
  // The last entry first: what was there before the section.
  rollBack(my);
  expect(read(O + first) == 0 && read(O + second) == 0 && load<u32>(my + journal) == 0 && read(G) == me);
  set(O + first, 5);
  leave(G);
  expect(read(O + first) == 5 && load<u32>(my + journal) == 0 && read(G) == ONE_TURN && load<u64>(my + pending) == 0);
  rollBack(my);
  expect(read(O + first) == 5);
  // Of one that died in it.
  write(G, TURNS | CONTENDED | (me + 1));
  repairGuard(G, me + 1);
  expect(read(G) == TURNS);
  expect(enterToRepair(O, G) && read(G) == (TURNS | me) && load<u64>(my + pending) == named(O));
  // The guardian waits for nobody.
  enterAs(workers() + 1);
  expect(!enterToRepair(O, G) && read(G) == (TURNS | (me - workers())) && load<u64>(my + pending) == 0);
  write(G, NOBODY);
  expect(enterToRepair(O, G) && read(G) == me && load<u64>(my + pending) == named(O));
  leave(G);
}

/** What `pending` says of who is in the section. */
function named(O: usize): u64 {
  return <u64>((O + guard) | IS_GUARD) | ((<u64>read(O)) << 32);
}

export function guard_prove_run(): void {
  begin();
  work();
}

/** As one that must not sleep. */
export function guard_prove_awake(): void {
  begin();
  neverBlock();
  work();
  expect(load<u32>(my + slept) == 0);
}

/**
 * Processor 0 is in the section, and leaves it when the other sleeps; as if another had slept before, if `contended`.
 */
export function guard_prove_init_sleep(contended: bool): void {
  guard_prove_init(1);
  const O = read(object);
  enterAs(1);
  enter(O, O + guard);
  write(sleeper, contended ? 0 : 1);
  if (contended) write(O + guard, read(O + guard) | CONTENDED);
}

export function guard_prove_sleep(): void {
  begin();
  const O = read(object);
  const G = O + guard;
  if (processor() == 1) {
    enter(O, G);
  } else {
    while (sleepsAt(2) == 0) pause();
    // It is the heir, or leaves that to who slept before.
    const isHeir = sleepsAt(2) == G + heir;
    expect(isHeir == (read(sleeper) != 0));
    expect(read(G + heir) == (isHeir ? SLEEPS | 2 : NOBODY) && (isHeir || sleepsAt(2) == G + wakes));
  }
  change(O);
}

/** As one that repairs for another, from the last slot. */
export function guard_prove_repair(): void {
  begin();
  enterAs(workers());
  const O = read(object);
  if (!enterToRepair(O, O + guard)) fail(Failure.Lost);
  change(O);
}

function work(): void {
  const O = read(object);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    enter(O, O + guard);
    change(O);
  }
}

function change(O: usize): void {
  if (owner(O + guard) != me || read(O + first) != read(O + second)) fail(Failure.NotExclusive);
  set(O + first, read(O + first) + 1);
  set(O + second, read(O + second) + 1);
  leave(O + guard);
}

/** As often as somebody has left it, and nothing in between. */
export function guard_prove_end(least: u32, most: u32): void {
  expectNothingHeld();
  const O = read(object);
  const made = read(O + first);
  if (made != read(O + second) || made < least || made > most) fail(Failure.Torn);
  begin();
  if (!tryAcquire(O + guard)) fail(Failure.Lost);
  expect(read(O + guard + heir) == NOBODY);
}
