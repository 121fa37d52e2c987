/**
 * The barrier workload: episodes one after the other, with or without work of uneven length before each arrival. When
 * observed, each processor says in which episode it is before it arrives, and checks all others when it leaves. Both that
 * and stopping take a look at others' records; a run that is neither observed nor stopped keeps to its processors' own.
 *
 * Stopping: all must leave after the same episode. Processor 0 alone looks at its stop word, and says before it arrives
 * in all records which episode is the last; whoever has passed that barrier sees what it said.
 */
import { read, write } from "../atomics";
import { clock, Event, Failure, fail, mark, processor, work } from "../machine";
import { random } from "../random";
import { arrivedOf, beginWait, Experiment, endWait, lastOf, recordOf, stopped } from "./experiment";

/** To be executed by every processor of the experiment. */
export function runBarrier<B>(E: Experiment): void {
  const me = processor();
  const object = changetype<B>(E.object);
  const record = recordOf(E, me);
  const I = record.I;
  const think = E.think;
  const observed = E.observed;
  record.begin = clock();
  for (let episode: u32 = 0; episode < read(lastOf(record)); ) {
    if (think) work(random(changetype<usize>(record), 2 * think));
    episode++;
    if (me == 0 && stopped(record)) endAfter(E, min(episode, E.turns));
    if (observed) {
      write(arrivedOf(record), episode);
      mark(Event.Arrived, episode);
      beginWait(record);
      object.barrier(I);
      endWait(record);
      mark(Event.Left, episode);
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

function endAfter(E: Experiment, episode: u32): void {
  for (let p: u32 = 0; p < E.processors; p++) write(lastOf(recordOf(E, p)), episode);
}
