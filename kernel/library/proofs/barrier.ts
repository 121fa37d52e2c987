/**
 * The barrier, proven. Each processor is a party, and waits `turns` times; when it goes on, all others must have arrived as
 * often, but those from `steady` on, which may die, or leave after their first turn. Processor 0 may `split` its arrival
 * from its wait.
 *
 *     SCENE | barrier | turns | steady | leaves | splits | leaders | arrivals: one of each processor |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { arrive, attempt, create, FOLLOWS, GONE, join, LEADS, leave, nodes, owner } from "../barrier";
import { FRESH, SLEPT } from "../lock-word";
import { repair } from "../repair";
import { sleep, WAIT } from "../sleep";
import { enterAs, me } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const barrier: usize = SCENE;
const turns: usize = SCENE + 4;
const steady: usize = SCENE + 8;
const leaves: usize = SCENE + 12;
const splits: usize = SCENE + 16;
const leaders: usize = SCENE + 20;
const arrivals: usize = SCENE + 24;

export function barrier_prove_init(
  fanIn: u32,
  turnsEach: u32,
  steadyOnes: u32,
  leaving: bool,
  splitting: bool,
  looking: bool,
): void {
  prepareWorkers(looking);
  const B = create(processors(), fanIn);
  write(barrier, <u32>B);
  write(turns, turnsEach);
  write(steady, steadyOnes);
  write(leaves, leaving ? 1 : 0);
  write(splits, splitting ? 1 : 0);
  // Who dies before it joins is missed for ever.
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    join(B, true);
  }
}

export function barrier_prove_run(): void {
  begin();
  const B = read(barrier);
  const seat = join(B, true);
  const mine = arrivals + processor() * 4;
  for (let turn: u32 = 1, all = read(turns); turn <= all; turn++) {
    write(mine, turn);
    if (processor() == 0 && read(splits) != 0) arrive(B, seat, false);
    if (wait(B, seat) == LEADS) atomic.add<u32>(leaders, 1);
    for (let p: u32 = 0; p < read(steady); p++) {
      if (read(arrivals + p * 4) < turn) fail(Failure.LeftBarrierEarly);
    }
    if (processor() >= read(steady) && read(leaves) != 0) {
      leave(B, seat);
      return;
    }
  }
}

function wait(B: usize, seat: usize): u32 {
  const arrival = arrive(B, seat, true);
  if (arrival != FOLLOWS) return arrival;
  let result = attempt(B, seat, FRESH);
  while (result == WAIT) {
    sleep(-1);
    result = attempt(B, seat, SLEPT);
  }
  return result;
}

/** In every episode one leads, unless it has died since. */
export function barrier_prove_end(deaths: u32): void {
  const led = read(leaders);
  if (led > read(turns) || led + deaths * read(turns) < read(turns)) fail(Failure.Lost);
}

/**
 * Three parties, the two processors' below one node: that of processor 1 has arrived, and both leave. Processor 1 `ends` in
 * good order instead, which repairs what it holds, and can be cut off.
 */
export function barrier_prove_gone_init(fanIn: u32, ends: bool): void {
  prepareWorkers();
  write(leaves, ends ? 1 : 0);
  const B = create(processors() + 1, fanIn);
  write(barrier, <u32>B);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    join(B, true);
  }
  arrive(B, join(B, true), false);
}

export function barrier_prove_gone(): void {
  begin();
  if (processor() == 1 && read(leaves) != 0) repair(me);
  else leave(read(barrier), join(read(barrier), true));
}

/** The third is alone now, in each episode. */
export function barrier_prove_gone_end(): void {
  expectNothingHeld();
  begin();
  const B = read(barrier);
  for (let p: u32 = 0; p < 2; p++) {
    if (read(B + nodes + p * 4 + owner) != GONE) fail(Failure.Lost);
  }
  const seat = join(B, false);
  for (let turn = 0; turn < 2; turn++) {
    if (arrive(B, seat, true) != LEADS) fail(Failure.Lost);
  }
}
