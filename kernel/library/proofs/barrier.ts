/**
 * The barrier, proven. Each processor is a party, and waits `turns` times; when it goes on, all others must have arrived as
 * often, but those from `steady` on, which may die, or leave after their first turn. Processor 0 may `split` its arrival
 * from its wait.
 *
 *     SCENE | barrier | turns | steady | leaves | splits | leaders | arrivals: one of each processor |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { arrive, attempt, create, FOLLOWS, join, LEADS, leave } from "../barrier";
import { FRESH, SLEPT } from "../lock-word";
import { sleep, WAIT } from "../sleep";
import { enterAs } from "../space";
import { begin, prepareWorkers, SCENE } from "./worker";

const barrier: usize = SCENE;
const turns: usize = SCENE + 4;
const steady: usize = SCENE + 8;
const leaves: usize = SCENE + 12;
const splits: usize = SCENE + 16;
const leaders: usize = SCENE + 20;
const arrivals: usize = SCENE + 24;

export function barrier_prove_init(fanIn: u32, turnsEach: u32, steadyOnes: u32, leaving: bool, splitting: bool): void {
  prepareWorkers();
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
