/** All parties add to one counter until the time is over. */
import type { Counter } from "../peer.js";
import { type Enlist, STOP } from "../work.js";

/** Additions between two looks at the time. */
const BATCH = 64;
/** Additions of nothing before the gate opens: engines forget what they compiled for the turn before, rounds ago. */
const WARM_UP = 1_000_000;

export const counting: Enlist = (peer, { handle, words }) => {
  const counter = peer.counter!.attach(handle as never);
  add(counter, 0, WARM_UP);
  return () => {
    let operations = 0;
    while (Atomics.load(words, STOP) === 0) {
      add(counter, 1, BATCH);
      operations += BATCH;
    }
    return { operations };
  };
};

function add(counter: Counter, amount: number, times: number): void {
  for (let i = 0; i < times; i++) counter.add(amount);
}
