/**
 * All parties acquire one lock until the time is over. The critical section is a chain of `inside` dependent
 * multiplications and additions around a plain counter, which must equal the acquisitions in the end; outside is a chain
 * of 0 to twice `outside`, by chance.
 */
import type { Lock, RequestedLock } from "../peer.js";
import { chain, type Enlist, PROTECTED, type Report, type Sections, STOP } from "../work.js";

export const contended: Enlist = (peer, { handle, party, words, settings }) => {
  const lock = peer.lock!.attach(handle as never);
  const sections = settings.sections!;
  if ("request" in lock) return () => request(lock, words, party, sections);
  return () => (settings.observed ? observe : acquire)(lock, words, party, sections);
};

/** The protected words: the counter and the last number of the chain. */
function section(words: Int32Array, steps: number): void {
  const count = words[PROTECTED]!;
  words[PROTECTED + 1] = chain(words[PROTECTED + 1]!, steps);
  words[PROTECTED] = count + 1;
}

function think(seed: number, steps: number): number {
  return chain(seed, (seed >>> 8) % (2 * steps + 1));
}

function acquire(lock: Lock, words: Int32Array, party: number, { inside, outside }: Sections): Report {
  let operations = 0;
  let seed = party;
  while (Atomics.load(words, STOP) === 0) {
    lock.acquire();
    section(words, inside);
    lock.release();
    operations++;
    seed = think(chain(seed, 1), outside);
  }
  return { operations };
}

function observe(lock: Lock, words: Int32Array, party: number, { inside, outside }: Sections): Report {
  let operations = 0;
  let longestWait = 0;
  let seed = party;
  while (Atomics.load(words, STOP) === 0) {
    const asked = performance.now();
    lock.acquire();
    longestWait = Math.max(longestWait, performance.now() - asked);
    section(words, inside);
    lock.release();
    operations++;
    seed = think(chain(seed, 1), outside);
  }
  return { operations, longestWait };
}

/** With clocks always: they are lost in the microseconds of a request. */
async function request(
  lock: RequestedLock,
  words: Int32Array,
  party: number,
  { inside, outside }: Sections,
): Promise<Report> {
  let operations = 0;
  let longestWait = 0;
  let seed = party;
  while (Atomics.load(words, STOP) === 0) {
    const asked = performance.now();
    await lock.request(() => {
      longestWait = Math.max(longestWait, performance.now() - asked);
      section(words, inside);
    });
    operations++;
    seed = think(chain(seed, 1), outside);
  }
  return { operations, longestWait };
}
