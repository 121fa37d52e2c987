/**
 * The histogram, proven. All processors but the last record the value 1, `turns` times, and write down how often they have
 * begun to, and have; the last resets it. What is there at the end follows from what was written down around the reset.
 *
 *     SCENE | histogram | turns | recorded before the reset | begun after it | begun | recorded: of 4 processors each |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { blockOf, countOf, create, leastOf, mostOf, record, reset, sumOf } from "../histogram";
import { enterAs } from "../space";
import { begin, prepareWorkers, SCENE } from "./worker";

const histogram: usize = SCENE;
const turns: usize = SCENE + 4;
const recordedBefore: usize = SCENE + 8;
const begunAfter: usize = SCENE + 12;
const begun: usize = SCENE + 32;
const recorded: usize = SCENE + 64;

export function histogram_prove_init(turnsEach: u32): void {
  prepareWorkers();
  const H = create();
  for (let p: u32 = 0; p < processors() - 1; p++) {
    enterAs(p + 1);
    blockOf(H);
  }
  write(histogram, <u32>H);
  write(turns, turnsEach);
}

export function histogram_prove_run(): void {
  begin();
  const p = processor();
  const H = read(histogram);
  if (p == processors() - 1) {
    const before = total(recorded, p);
    // All, if it dies before it knows better.
    write(begunAfter, p * read(turns));
    reset(H);
    write(recordedBefore, before);
    write(begunAfter, total(begun, p));
    return;
  }
  for (let turn: u32 = 1, all = read(turns); turn <= all; turn++) {
    write(begun + p * 4, turn);
    record(H, 1);
    write(recorded + p * 4, turn);
  }
}

function total(words: usize, recorders: u32): u32 {
  let sum: u32 = 0;
  for (let p: u32 = 0; p < recorders; p++) sum += read(words + p * 4);
  return sum;
}

/** Records are there whole: all that began after the reset, none that had returned before. */
export function histogram_prove_end(recorders: u32): void {
  const H = read(histogram);
  const count = countOf(H, 1);
  if (count < <f64>total(recorded, recorders) - read(begunAfter)) fail(Failure.Lost);
  if (count > total(begun, recorders) - read(recordedBefore)) fail(Failure.Lost);
  if (sumOf(H) != count || (count > 0 && (leastOf(H) != 1 || mostOf(H) != 1))) fail(Failure.Lost);
}
