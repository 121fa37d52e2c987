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
import {
  attach,
  CACHE_LINE,
  competing,
  create,
  enterAs,
  incarnationOf,
  isLive,
  me,
  nextIncarnation,
  pending,
  recordOf,
  sleeping,
  workers,
} from "../space";
import { beginGuarding, endGuarding, SCENE } from "./worker";

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
  else if (result > ACQUIRED_ABANDONED || mutex.owner(M) != slot || !mutex.unlock(M)) fail(Failure.NotExclusive);
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
