/** Steps with a value that all replace, of which each has a copy of its own; and with a clustered object. */
import { type Actor, wait } from "./actor.js";

/** Adds 1, or looks; or waits for a change, for a moment: in the end nobody makes one. */
export async function replace(actor: Actor): Promise<void> {
  const { scene, me, random, pass, wrong } = actor;
  const { replicated, words } = scene;
  const { count, again } = replicated.get();
  if (count !== again || count < words.replaced[me]!) wrong(`replicated: received ${count} and ${again}`);
  if (random.below(4) === 0) {
    await wait<boolean>(
      actor,
      (milliseconds) => replicated.wait(count, Math.min(milliseconds, 5)) || null,
      async (timeout, options) => {
        await replicated.waitAsync(count, { timeout: Math.min(timeout, 5), ...options });
        return true;
      },
    );
    return;
  }
  if (random.below(3) === 0) return;
  words.replacing[me]!++;
  const version = replicated.update((now) => {
    pass();
    return { count: now.count + 1, again: now.again + 1 };
  });
  words.replaced[me]!++;
  if (replicated.get().count < version) wrong("replicated: an older value than this worker has set");
}

/** Adds to words, broadcasts, or looks what was broadcast. */
export function tally({ scene, me, random, pass, wrong }: Actor): void {
  const { tally, words } = scene;
  if (random.below(3) === 0) {
    words.tallying[me]!++;
    tally.words.added.add(1);
    pass();
    tally.root.all.add(1);
    words.tallied[me]!++;
    if (tally.root.all.load() < words.tallied[me]!) wrong("tally: less than this worker has added");
  } else if (random.below(3) > 0) {
    words.broadcasting[me]!++;
    const version = tally.broadcast(me);
    words.broadcast[me]!++;
    const { counts } = tally.representative;
    const all = counts.reduce((a, b) => (a ?? 0) + (b ?? 0), 0);
    if (all < version) wrong("tally: fewer updates than there were when this worker broadcast");
  }
  pass();
  const own = tally.representative.counts[me] ?? 0;
  if (own < words.broadcast[me]! || own > words.broadcasting[me]!) wrong(`tally: ${own} updates of this worker`);
}
