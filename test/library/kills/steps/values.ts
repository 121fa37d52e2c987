/** Steps with a value that all replace, and of which each has a copy of its own. */
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
