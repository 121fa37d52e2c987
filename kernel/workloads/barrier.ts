/**
 * The barrier workload: episodes one after the other, with or without work of uneven length before each arrival. When
 * observed, each processor says in which episode it is before it arrives, and checks all others when it leaves.
 *
 * Stopping: all must leave after the same episode. Processor 0 alone looks at the stop word, and says before it arrives
 * which episode is the last; whoever has passed that barrier has seen what it said.
 */
import { read, write } from "../atomics";
import { clock, Failure, fail, processor, work } from "../machine";
import { random } from "../random";
import { arrivedOf, beginWait, Experiment, endWait, recordOf, stopped } from "./experiment";

/** To be called before the processors run. */
export function prepareBarrier(E: Experiment): void {
  write(E.data, E.turns);
}

/** To be executed by every processor of the experiment. */
export function runBarrier<B>(E: Experiment): void {
  const me = processor();
  const object = changetype<B>(E.object);
  const record = recordOf(E, me);
  const I = record.I;
  record.begin = clock();
  for (let episode: u32 = 0; episode < read(E.data); ) {
    if (E.think) work(random(changetype<usize>(record), 2 * E.think));
    episode++;
    if (me == 0 && stopped(E)) write(E.data, min(episode, E.turns));
    if (E.observed) {
      write(arrivedOf(record), episode);
      beginWait(record);
      object.barrier(I);
      endWait(record);
      for (let p: u32 = 0; p < E.processors; p++) {
        if (read(arrivedOf(recordOf(E, p))) < episode) fail(Failure.LeftBarrierEarly);
      }
    } else {
      object.barrier(I);
    }
    record.done = episode;
  }
  record.end = clock();
}
