/** Steps with a map: counts that all update, entries of one's own, values that are made once, and a look at all. */
import type { Counted } from "../scene.js";
import type { Actor } from "./actor.js";

/** Keys that are made, and deleted again, by all. */
const MADE = 4;
/** Values as long as two of what a worker writes in place, and one that needs a block of its own. */
const LONGEST = 3000;

/** Adds 1 to a number, which is changed in place, and to an object, which is written anew. */
export function update({ scene, me, pass, wrong }: Actor): void {
  const { map, words } = scene;
  words.updating[me]!++;
  map.update("number", (count) => ((count as number) ?? 0) + 1);
  pass();
  map.update("object", (is) => twice(((is as Counted)?.count ?? 0) + 1));
  words.updated[me]!++;
  if ((map.get("number") as number) < words.updated[me]!) wrong("map: less than this worker has added");
}

function twice(count: number): Counted {
  return { count, again: count };
}

/** Nobody else writes these keys. */
export function own({ scene: { map }, me, random, pass, wrong }: Actor): void {
  const key = random.below(2) === 0 ? me * 100 + random.below(20) : `${"key".repeat(random.below(400))} ${me}`;
  const count = random.below(1000);
  const value = random.below(2) === 0 ? count : { ...twice(count), text: "x".repeat(random.below(LONGEST)) };
  map.set(key, value);
  pass();
  const found = map.get(key);
  if ((typeof found === "number" ? found : found?.count) !== count) wrong("map: received another value than was set");
  if (random.below(4) !== 0 && !map.delete(key)) wrong("map: what was set is not there to be deleted");
}

export async function make({ scene: { map }, random, pass, wrong }: Actor): Promise<void> {
  const key = `made ${random.below(MADE)}`;
  const work = () => {
    pass();
    if (random.below(8) === 0) throw new Error("not yet");
    return twice(random.below(1000));
  };
  try {
    const { count, again } = (
      random.below(2) === 0 ? map.getOrInsert(key, work) : await map.getOrInsertAsync(key, work)
    ) as Counted;
    if (count !== again) wrong("map: a value that is torn");
  } catch (error) {
    if ((error as Error).message !== "not yet") throw error;
  }
  if (random.below(2) === 0) map.delete(key);
}

export function look({ scene: { map }, wrong }: Actor): void {
  const isThere = map.has("number");
  let isSeen = false;
  for (const [key, value] of map) {
    if (typeof value === "object" && value.count !== value.again) wrong("map: a value that is torn");
    if (typeof key === "number" && key % 100 >= 20) wrong("map: a key that nobody has set");
    if (key === "number" && isSeen) wrong("map: a key that is there all the time comes twice");
    isSeen ||= key === "number";
  }
  if (isThere && !isSeen) wrong("map: a key that is there all the time does not come");
}
