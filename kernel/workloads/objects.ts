/**
 * The workloads of existence: operations that use three objects; the life of objects, step by step; and objects that all
 * processors have used, which one destroys.
 *
 *     I    | ... | times: f64 each | references ... |          kernel/objects/use-path.ts
 *
 * Times are of a step of BATCH objects, or of as many operations, so that looking at the clock is a small part of them. The
 * first turn is left out: memory is taken from the machine, and caches are cold.
 */
import { fetch_and_increment, read, write } from "../atomics";
import { clock, pause, processor, work } from "../machine";
import { begin, create, end, resolve } from "../objects/clustered-object";
import { advance, deferred, destroy } from "../objects/destruction";
import { Kind } from "../objects/handlers";
import { BATCH, REFERENCES, ROUNDS, TIMES } from "../objects/use-path";
import { random } from "../random";
import { Experiment, recordOf, stopped } from "./experiment";

/** How often each object is called while it lives, and how many operations are begun and ended: for each of a batch. */
const CALLS: u32 = 8;

/** What is measured. */
export enum Step {
  Operation = 0,
  Create = 1,
  Miss = 2,
  Call = 3,
  Destroy = 4,
  Reclaim = 5,
  RoundTrip = 6,
}

/** Of what a processor's record of round trips tells the others. */
const current: u32 = ROUNDS;
const ready: u32 = ROUNDS + 128;

/** Operations that use three objects, again and again. To be executed by every processor of the experiment. */
export function runUses<Existence>(E: Experiment): void {
  const record = recordOf(E, processor());
  const existence = changetype<Existence>(record.I);
  const turns = E.turns;
  const think = E.think;
  record.begin = clock();
  for (let turn: u32 = 0; turn < turns && !stopped(record); turn++) {
    if (think) work(random(changetype<usize>(record), 2 * think));
    existence.use();
    record.done = turn + 1;
  }
  record.end = clock();
}

/** Each processor makes objects, uses them, and destroys them, beside the others. */
export function runLives(E: Experiment): void {
  const I = recordOf(E, processor()).I;
  const R: usize = load<u32>(I);
  const batch = I + REFERENCES;
  let sum: u32 = 0;
  for (let turn: u32 = 0; turn <= E.turns; turn++) {
    let from = clock();
    for (let i: u32 = 0; i < BATCH * CALLS; i++) end(R, begin(R));
    from = add(I, Step.Operation, turn, from);
    for (let i: u32 = 0; i < BATCH; i++) store<u32>(batch + i * 4, create(R, Kind.Counter, 1));
    from = add(I, Step.Create, turn, from);
    const begun = begin(R);
    for (let i: u32 = 0; i < BATCH; i++) sum += <u32>resolve(R, load<u32>(batch + i * 4));
    from = add(I, Step.Miss, turn, from);
    for (let call: u32 = 0; call < CALLS; call++) {
      for (let i: u32 = 0; i < BATCH; i++) sum += <u32>resolve(R, load<u32>(batch + i * 4));
    }
    from = add(I, Step.Call, turn, from);
    for (let i: u32 = 0; i < BATCH; i++) destroy(R, load<u32>(batch + i * 4));
    from = add(I, Step.Destroy, turn, from);
    end(R, begun);
    while (load<u32>(R + deferred) != 0) advance(R);
    add(I, Step.Reclaim, turn, from);
  }
  // So that nothing can be left out.
  store<u32>(batch, sum);
}

function add(I: usize, step: Step, turn: u32, from: f64): f64 {
  const to = clock();
  const word = I + TIMES + step * 8;
  if (turn > 0) store<f64>(word, load<f64>(word) + (to - from));
  return clock();
}

/** Processor 0 destroys what all have used, and waits until it has come back; the others go on with operations. */
export function runRounds(E: Experiment): void {
  const I = recordOf(E, processor()).I;
  const R: usize = load<u32>(I);
  const O = E.object;
  if (processor() == 0) {
    for (let turn: u32 = 0; turn <= E.turns; turn++) {
      const reference = create(R, Kind.Counter, 1);
      write(O + current, reference);
      while (read(O + ready) != (E.processors - 1) * (turn + 1)) pause();
      const from = clock();
      destroy(R, reference);
      while (load<u32>(R + deferred) != 0) advance(R);
      add(I, Step.RoundTrip, turn, from);
    }
    write(O + current, u32.MAX_VALUE);
    return;
  }
  for (let last: u32 = 0; ; ) {
    const now = read(O + current);
    if (now == u32.MAX_VALUE) break;
    const begun = begin(R);
    if (now != last) resolve(R, now);
    end(R, begun);
    if (now == last) {
      pause();
      continue;
    }
    last = now;
    fetch_and_increment(O + ready);
  }
}

/** How long a processor took for a step, once: on average. */
export function objects_time(E: Experiment, p: u32, step: Step): f64 {
  const once = step == Step.RoundTrip ? 1 : step == Step.Call || step == Step.Operation ? BATCH * CALLS : BATCH;
  return load<f64>(recordOf(E, p).I + TIMES + step * 8) / <f64>(E.turns * once);
}
