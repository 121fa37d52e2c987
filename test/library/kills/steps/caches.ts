/** Steps with a cache in which not all have room: values of one's own, values that are loaded, and a look at all. */
import type { Counted } from "../scene.js";
import type { Actor } from "./actor.js";

/** Keys that are loaded, and deleted again, by all. */
export const LOADED = 4;
/** Values that need a block of their own are longer than a KiB. */
const LONGEST = 3000;

const twice = (count: number): Counted => ({ count, again: count });

/** Nobody else writes this worker's keys. What is read is the last one, or nothing: it may have had to leave. */
export function set({ scene: { cache }, me, random, pass, wrong }: Actor): void {
  const key = me * 100 + random.below(20);
  const value = { ...twice(random.below(1000)), text: "x".repeat(random.below(LONGEST)) };
  if (!cache.set(key, value)) wrong("cache: a value that is too long");
  for (let looks = random.below(3); looks > 0; looks--) {
    pass();
    const found = cache.get(key);
    if (found !== undefined && found.count !== value.count) wrong("cache: received another value than was set");
  }
  if (random.below(2) === 0) return;
  cache.delete(key);
  if (cache.get(key) !== undefined) wrong("cache: what was deleted is there");
}

/** Rises a count that the others look at: what they have kept of it is not less than what was set before they look. */
export function rise({ scene: { cache, words }, me, random, pass, wrong }: Actor): void {
  words.rising[me]!++;
  cache.set(`count ${me}`, twice(words.rising[me]!));
  Atomics.store(words.risen, me, words.rising[me]!);
  pass();
  const other = random.below(words.risen.length);
  const least = Atomics.load(words.risen, other);
  const found = cache.get(`count ${other}`);
  if (found !== undefined && found.count < least) wrong("cache: a value that is older than the last one");
}

export async function load({ scene: { cache }, random, pass, wrong }: Actor): Promise<void> {
  const key = `loaded ${random.below(LOADED)}`;
  const work = () => {
    pass();
    if (random.below(8) === 0) throw new Error("not yet");
    return twice(random.below(1000));
  };
  const later = async () => {
    await null;
    return work();
  };
  try {
    const { count, again } = random.below(2) === 0 ? cache.getOrInsert(key, work) : await cache.fetch(key, later);
    if (count !== again) wrong("cache: a value that is torn");
  } catch (error) {
    if ((error as Error).message !== "not yet") throw error;
  }
  if (random.below(2) === 0) cache.delete(key);
}

export function look({ scene: { cache }, random, wrong }: Actor): void {
  if (random.below(16) === 0) cache.clear();
  for (const [key, { count, again }] of cache) {
    if (count !== again) wrong("cache: a value that is torn");
    if (typeof key === "number" && key % 100 >= 20) wrong("cache: a key that nobody has set");
  }
  if (cache.size > cache.mostEntries) wrong("cache: more entries than it may have");
  if (cache.bytes > cache.mostBytes) wrong("cache: more bytes than it may take");
}
