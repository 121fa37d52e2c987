/** Steps with what counts: semaphores, counters, histograms; and with what happens once. */
import type { Permit } from "#library/index.js";
import { PERMITS } from "../scene.js";
import { type Actor, atMost, pick, wait } from "./actor.js";
import { lock } from "./locks.js";

export async function permits(actor: Actor): Promise<void> {
  const { scene, me, random, stands, pass, wrong } = actor;
  const { semaphore, words } = scene;
  const most = 1 + random.below(PERMITS);
  const permit = await wait<Permit>(
    actor,
    (milliseconds) => semaphore.acquireIfAvailable(milliseconds, most),
    (milliseconds, options) => semaphore.acquireIfAvailableAsync(milliseconds, most, options),
  );
  if (!permit) return;
  Atomics.add(words.permits, me, most);
  let all = 0;
  for (let worker = 0; worker < words.permits.length; worker++) {
    if (!stands(worker)) all += Atomics.load(words.permits, worker);
  }
  if (all > PERMITS) wrong(`semaphore: ${all} of ${PERMITS} permits are held: ${words.permits}`);
  pass();
  if (random.below(2) === 0) await lock(actor, pick(random, "mutex", "rwLock"));
  Atomics.sub(words.permits, me, most);
  permit.release();
}

export function signal({ scene, me, random }: Actor): void {
  const { signals, words } = scene;
  const signalled = 1 + random.below(2);
  words.adding[me]! += signalled;
  signals.add(signalled);
  words.added[me]! += signalled;
}

export async function receiveSignal(actor: Actor): Promise<void> {
  const { scene, me } = actor;
  const { signals, words } = scene;
  words.taking[me]!++;
  const permit = await wait<Permit>(
    actor,
    (milliseconds) => signals.acquireIfAvailable(atMost(actor, milliseconds, 5)),
    (milliseconds, options) => signals.acquireIfAvailableAsync(atMost(actor, milliseconds, 5), 1, options),
  );
  if (!permit) {
    words.taking[me]!--;
    return;
  }
  permit.consume();
  words.taken[me]!++;
}

export async function happen(actor: Actor): Promise<void> {
  const { event } = actor.scene;
  switch (actor.random.below(5)) {
    case 0:
    case 1:
      return event.set();
    case 2:
      return event.reset();
  }
  await wait<boolean>(
    actor,
    (milliseconds) => event.wait(milliseconds),
    async (timeout, options) => {
      await event.waitAsync({ timeout, ...options });
      return true;
    },
  );
}

export async function once({ scene, me, random, stands, pass, wrong }: Actor): Promise<void> {
  const which = random.below(2) as 0 | 1;
  const { worked } = scene.words;
  const work = () => {
    const before = Atomics.load(worked, which) - 1;
    if (before >= 0 && !stands(before)) wrong(`once: worker ${before} has done it`);
    pass();
    if (random.below(3) === 0) throw new Error("not yet");
    Atomics.store(worked, which, me + 1);
  };
  try {
    if (random.below(2) === 0) scene.onces[which].call(work);
    else await scene.onces[which].callAsync(work);
    if (Atomics.load(worked, which) === 0) wrong("once: nobody has done it");
  } catch (error) {
    if ((error as Error).message !== "not yet") throw error;
  }
}

export function count({ scene, me, random, wrong }: Actor): void {
  const { counter, histogram, words } = scene;
  words.counting[me]!++;
  counter.add();
  words.counted[me]!++;
  words.recording[me]!++;
  histogram.record(random.below(100_000));
  words.recorded[me]!++;
  if (random.below(8) === 0 && counter.exact() < words.counted[me]!) wrong("counter: less than this worker added");
  if (random.below(8) === 0 && counter.compare(0) < 1) wrong("counter: not more than 0");
  if (random.below(8) === 0) counter.approximate();
  if (random.below(16) === 0 && histogram.snapshot().count < words.recorded[me]!)
    wrong("histogram: records are missing");
}

/**
 * Counts down, and promises it first, or waits for a moment: the last count comes when nobody plays any more, in
 * drills, too.
 */
export async function countDown(actor: Actor): Promise<void> {
  const { scene, me, random, pass, wrong } = actor;
  const { latch, words } = scene;
  if (random.below(2) === 0) {
    words.countingDown[me]!++;
    if (random.below(2) === 0) latch.promise();
    pass();
    latch.countDown();
    words.countedDown[me]!++;
    return;
  }
  const isOver = await wait<boolean>(
    actor,
    (milliseconds) => latch.wait(Math.min(milliseconds, 5)) || null,
    async (timeout, options) => {
      await latch.waitAsync({ timeout: Math.min(timeout, 5), ...options });
      return true;
    },
  );
  if (isOver) wrong(`latch: a wait for it is over, but ${latch.left} counts are left`);
}
