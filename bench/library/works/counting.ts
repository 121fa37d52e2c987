/** All parties add to one counter until the time is over. */
import { type Enlist, STOP } from "../work.js";

/** Additions between two looks at the time. */
const BATCH = 64;

export const counting: Enlist = (peer, { handle, words }) => {
  const counter = peer.counter!.attach(handle as never);
  return () => {
    let operations = 0;
    while (Atomics.load(words, STOP) === 0) {
      for (let i = 0; i < BATCH; i++) counter.add(1);
      operations += BATCH;
    }
    return { operations };
  };
};
