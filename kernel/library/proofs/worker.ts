/**
 * The workers of proofs: processor p is the worker of slot p + 1. What the dead leave is repaired by the guardian, from its
 * own slot: each who died executes it, one at a time, as there is one guardian.
 *
 *     before SCENE | turn: 1 while somebody is the guardian | ... | manners of heirs |
 */
import { compare_and_swap, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate } from "../allocator";
import { heldCount } from "../holdings";
import { behave, PATIENCE } from "../lock-word";
import { repair } from "../repair";
import {
  attach,
  CACHE_LINE,
  create,
  enterAs,
  my,
  nextIncarnation,
  PAGE,
  pending,
  promised,
  recordOf,
  workers,
} from "../space";

/** Where proofs keep their words: a part of the header that nothing else uses. */
export const SCENE: usize = 32768;
const turn: usize = SCENE - CACHE_LINE;

const manners: usize = SCENE - 4;
/** Those of heirs: they demand the lock as soon as they have looked in vain; they nap between looks. */
export const IMPATIENT: u32 = 1;
export const NAPPING: u32 = 2;
const LOOKING: u32 = 4;

/**
 * Makes a space with all workers attached, and as many free slots. Without `spinning` there are too few cores for it: far
 * fewer states, as heirs do not look then, unless they nap.
 */
export function prepareWorkers(spinning: bool = false, mannersOfAll: u32 = 0): void {
  write(manners, mannersOfAll | (spinning || mannersOfAll & NAPPING ? LOOKING : 0));
  create(2 * processors(), spinning ? processors() : 0, 1, 0);
  for (let p: u32 = 0; p < processors(); p++) attach(nextIncarnation(), true);
  takeManners();
}

/** The same of one processor, which is the worker of slot 1, and acts for others: `all` slots. */
export function prepareAlone(all: u32): void {
  create(all, 0, 1, 0);
  attach(nextIncarnation(), true);
  takeManners();
}

function takeManners(): void {
  const mine = read(manners);
  behave(mine & IMPATIENT ? 0 : PATIENCE, (mine & LOOKING) != 0);
}

/** To be called first by each processor. */
export function begin(): void {
  enterAs(processor() + 1);
  takeManners();
}

/** Of what was answered, or a word. */
export function expectEqual(is: u32, expected: u32): void {
  if (is != expected) fail(Failure.Lost);
}

/** What processor `dead` executes instead, once it has died. */
export function prove_death(dead: u32): void {
  do beginGuarding();
  while (!endGuarding(repair(dead + 1)));
}

/** Blocks until nobody else is the guardian, and becomes it. */
export function beginGuarding(): void {
  while (!compare_and_swap(turn, 0, 1)) atomic.wait<u32>(turn, 1, -1);
  enterAs(workers() + 1);
}

/** Returns what it is given: the guardian does something else before it tries again. */
export function endGuarding(done: bool): bool {
  write(turn, 0);
  atomic.notify(turn, -1);
  return done;
}

/** At the end: nobody is in the middle of anything, holds anything, or did when it died; nor is the guardian. */
export function expectNothingHeld(): void {
  for (let slot: u32 = 1; slot <= workers() + 1; slot++) {
    if (heldCount(recordOf(slot)) != 0 || load<u32>(recordOf(slot) + pending) != 0) fail(Failure.Lost);
  }
}

/** As if so much room were promised to this worker's waits that there is none for one object more, in any space. */
export function holdTooMuch(): void {
  store<u32>(my + promised, u32.MAX_VALUE / 2);
}

export function letAllGo(): void {
  store<u32>(my + promised, 0);
}

/** Takes all pages: what is left are blocks of spans that there are. */
export function fillSpace(): void {
  while (allocate(PAGE) != 0) {}
}

export function expect(holds: bool): void {
  if (!holds) fail(Failure.Lost);
}
