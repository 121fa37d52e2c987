/**
 * What workers do, one step after the other: each uses one kind of object, by a form and with a patience taken at random,
 * mends what a dead worker left half done, and says what must not be. What a worker begins it notes before, and what is
 * done it notes after: of the dead nobody knows what they did between.
 */
import type { BarrierParty } from "#library/index.js";
import { LOCKS } from "./scene.js";
import type { Actor } from "./steps/actor.js";
import * as caches from "./steps/caches.js";
import { choose, receive, send } from "./steps/channels.js";
import { count, countDown, happen, once, permits, receiveSignal, signal } from "./steps/counts.js";
import { both, lock, read, within } from "./steps/locks.js";
import { look, make, own as ownEntry, update } from "./steps/maps.js";
import { get, put } from "./steps/monitor.js";
import { borrow, name, own } from "./steps/objects.js";
import { replace, tally } from "./steps/values.js";

/** At the barrier of all, where each arrives once in an episode; those who live to the end leave after so many. */
export async function meet(
  { scene, me, random, wrong }: Actor,
  party: BarrierParty,
  { survivors, meetings }: { readonly survivors: readonly number[]; readonly meetings: number },
): Promise<void> {
  const { words } = scene;
  const episode = Atomics.add(words.arrivals, me, 1) + 1;
  if (random.below(4) === 0) party.arrive();
  const led = random.below(2) === 0 ? party.wait() : await party.waitAsync();
  if (led && Atomics.add(words.led, episode, 1) !== 0) wrong(`barrier: two came last in episode ${episode}`);
  for (const worker of survivors) {
    const arrived = Atomics.load(words.arrivals, worker);
    if (arrived < Math.min(episode, meetings))
      wrong(`barrier: worker ${me} went on in episode ${episode}, worker ${worker} has arrived ${arrived} times`);
  }
}

export type Step = (actor: Actor) => void | Promise<void>;

/** All kinds of steps; as often as they are named here. */
export const STEPS: readonly (readonly [string, Step])[] = [
  ...LOCKS.map((name) => [`lock ${name}`, (actor: Actor) => lock(actor, name)] as const),
  ["read", read],
  ["permits", permits],
  ["permits", permits],
  ["signal", signal],
  ["receive a signal", receiveSignal],
  ["put", put],
  ["get", get],
  ["event", happen],
  ["once", once],
  ["count", count],
  ["send values", (actor) => send(actor, "values")],
  ["receive values", (actor) => receive(actor, "values")],
  ["send bytes", (actor) => send(actor, "bytes")],
  ["receive bytes", (actor) => receive(actor, "bytes")],
  ["own", own],
  ["name", name],
  ["both", both],
  ...LOCKS.map((name) => [`within ${name}`, (actor: Actor) => within(actor, name)] as const),
  ["select values bytes", choose],
  ["latch", countDown],
  ["replace", replace],
  ["tally", tally],
  ["borrow", borrow],
  ["update", update],
  ["entry", ownEntry],
  ["make", make],
  ["look", look],
  ["cache set", caches.set],
  ["cache rise", caches.rise],
  ["cache load", caches.load],
  ["cache look", caches.look],
];

/** Behind those of STEPS. */
export const ATTACHES = STEPS.length;
export const MEETS = STEPS.length + 1;
export const CLOSES = STEPS.length + 2;
export const STEP_NAMES = [...STEPS.map(([name]) => name), "attach", "meet", "close"];
