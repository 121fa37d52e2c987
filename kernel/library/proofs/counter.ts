/**
 * The counter, proven. All processors but the last add `turns` times, those of odd numbers negative amounts, and write down
 * how much they have begun to add, and have added; the last reads meanwhile. What a sum may be follows from what was
 * written down before and after.
 *
 *     SCENE | counter | turns | amount | slack | begun | added: one of 4 processors each |
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, mark, processor, processors } from "../../machine";
import { add, approximate, compare, create, exact } from "../counter";
import { enterAs, workers } from "../space";
import { begin, prepareWorkers, prove_death, SCENE } from "./worker";

const counter: usize = SCENE;
const turns: usize = SCENE + 4;
const amount: usize = SCENE + 8;
const slack: usize = SCENE + 12;
/** The sequential counter. */
const sequential: usize = SCENE + 16;
/** A word for adders to be done with their stores. */
const synchronized: usize = SCENE + 20;
const begun: usize = SCENE + 32;
const added: usize = SCENE + 64;

/** What is compared with. */
const LIMIT: i32 = 1;

export function counter_prove_init(turnsEach: u32, amountEach: u32, batch: u32): void {
  prepareWorkers();
  write(counter, <u32>create(batch));
  write(turns, turnsEach);
  write(amount, amountEach);
  write(slack, batch - 1);
}

export function counter_prove_run(): void {
  begin();
  const last = processors() - 1;
  if (processor() == last) look(last);
  else for (let turn: u32 = 0, all = read(turns); turn < all; turn++) addOnce(processor());
}

/** What processor `dead` executes instead, once it has died: its slot's next worker adds once more. */
export function counter_prove_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  if (dead != processors() - 1) addOnce(dead);
}

function isNegative(p: u32): bool {
  return p % 2 == 1;
}

function addOnce(p: u32): void {
  write(begun + p * 4, read(begun + p * 4) + read(amount));
  add(read(counter), isNegative(p) ? -(<i32>read(amount)) : read(amount));
  write(added + p * 4, read(added + p * 4) + read(amount));
}

/** What the adders have written down, of those that add negative amounts or of the others. */
function total(words: usize, adders: u32, negative: bool): i32 {
  let sum: i32 = 0;
  for (let p: u32 = 0; p < adders; p++) if (isNegative(p) == negative) sum += read(words + p * 4);
  return sum;
}

/** Between what was added before and what was begun after, and the other way round for negative amounts. */
function look(adders: u32): void {
  const C = read(counter);
  const up = total(added, adders, false);
  const down = total(added, adders, true);
  const sum = <i32>exact(C);
  const sign = compare(C, LIMIT);
  const least = up - total(begun, adders, true);
  const most = total(begun, adders, false) - down;
  if (sum < least || sum > most) fail(Failure.Lost);
  if (sign > 0 ? most <= LIMIT : sign < 0 ? least >= LIMIT : least > LIMIT || most < LIMIT) fail(Failure.Lost);
}

/** When all have ended, or died and been repaired: nothing is lost, and the copies are as close as they should be. */
export function counter_prove_end(adders: u32): void {
  look(adders);
  const difference = exact(read(counter)) - approximate(read(counter));
  if (abs(difference) > adders * read(slack)) fail(Failure.Lost);
}

/** With nothing published, and all that may be: a comparison is exact, whatever it is with. */
export function counter_prove_compare(): void {
  const C = create(4);
  for (let slot: u32 = 1; slot <= workers(); slot++) {
    enterAs(slot);
    add(C, 3);
  }
  const sum: i32 = 3 * workers();
  if (exact(C) != <f64>sum || approximate(C) != 0) fail(Failure.Lost);
  for (let limit = -1; limit <= sum + 1; limit++) {
    if (compare(C, limit) != (sum < limit ? -1 : sum > limit ? 1 : 0)) fail(Failure.Lost);
  }
}

/** The same, as operations of a sequential counter, which each history must be explained by: see counter_specification. */
export function counter_prove_units(): void {
  begin();
  const C = read(counter);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    if (processor() == processors() - 1) {
      mark(Operation.Exact, 0);
      mark(RETURNED, <u32>exact(C));
    } else {
      mark(Operation.Add, read(amount));
      add(C, read(amount));
      fetch_and_increment(synchronized);
      mark(RETURNED, 0);
    }
  }
}

const RETURNED: u32 = 0xffff;

enum Operation {
  Add = 0x10000,
  Exact,
}

export function counter_specification(operation: u32, argument: u32): u32 {
  if (operation + Operation.Add == Operation.Exact) return read(sequential);
  write(sequential, read(sequential) + argument);
  return 0;
}
