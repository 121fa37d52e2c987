/**
 * Drills: scenes of one kind of object, where survivors wait for as long as it takes, and one wave of victims comes after
 * another. Main gives what they wait for only once all stand still and none of them could go on by itself: so that main
 * does not make up for a wake-up that a death has lost. The steps of others in the same wave still may.
 */

import { pause } from "./actress.js";
import { POINTS, STEP, WORDS } from "./fate.js";
import { CHANNEL_BYTES, type Scene } from "./scene.js";
import type { Actor } from "./steps/actor.js";
import { note } from "./steps/channels.js";
import { give, mend } from "./steps/monitor.js";
import { STEP_NAMES, STEPS } from "./steps.js";

export interface Drill {
  readonly name: string;
  /** Numbers of steps. */
  readonly survivors: readonly number[];
  readonly victims: readonly number[];
  /** Whether a survivor in such a step, and the others asleep, has what it waits for. Absent: always. */
  readonly canGoOn?: (scene: Scene) => boolean;
  /** By main: what survivors wait for. */
  readonly give?: (actor: Actor) => void;
}

const steps = (...names: string[]): number[] =>
  names.map((wanted) => {
    const which = STEPS.findIndex(([name]) => name === wanted);
    if (which === -1) throw new Error(`No step "${wanted}"`);
    return which;
  });
const all = (...names: string[]) => ({ survivors: steps(...names), victims: steps(...names) });

export const DRILLS: readonly Drill[] = [
  {
    name: "monitor",
    survivors: steps("get"),
    victims: steps("put", "get"),
    canGoOn: ({ words }) => words.stock[0]! > 0,
    give: (actor) => give(actor),
  },
  {
    name: "values",
    survivors: steps("receive values"),
    victims: steps("send values", "receive values"),
    canGoOn: ({ values }) => values.used > 0,
    give: ({ scene, me }) => {
      const { begun, sent } = scene.words.channels.values;
      scene.values.send({ from: me, number: begun[me]!++, text: "" });
      sent[me]!++;
    },
  },
  {
    name: "signals",
    survivors: steps("receive a signal"),
    victims: steps("signal", "receive a signal"),
    canGoOn: ({ signals }) => signals.available > 0,
    give: ({ scene, me }) => {
      scene.words.adding[me]!++;
      scene.signals.add();
      scene.words.added[me]!++;
    },
  },
  { name: "mutex", ...all("lock mutex", "lock strict", "within mutex", "both") },
  { name: "permits", ...all("permits") },
  {
    name: "full channel",
    survivors: steps("send bytes"),
    victims: steps("receive bytes", "send bytes"),
    canGoOn: ({ bytes }) => bytes.used < CHANNEL_BYTES / 2,
    give: (actor) => {
      const message = actor.scene.bytes.receiveIfAvailable(0);
      if (message) note(actor, "bytes", message);
    },
  },
  { name: "rwLock", ...all("lock rwLock", "within rwLock", "read", "read") },
  {
    name: "bytes",
    survivors: steps("receive bytes"),
    victims: steps("send bytes", "receive bytes"),
    canGoOn: ({ bytes }) => bytes.used > 0,
    give: ({ scene, me }) => {
      const { begun, sent } = scene.words.channels.bytes;
      scene.bytes.send(new Uint8Array(new Int32Array([me, begun[me]!++]).buffer));
      sent[me]!++;
    },
  },
  { name: "queues", ...all("lock ticketLock", "lock mcsLock") },
  { name: "event", ...all("event"), canGoOn: ({ event }) => event.isSet, give: ({ scene }) => scene.event.set() },
  { name: "replicated", ...all("replace") },
  { name: "tally", ...all("tally") },
  { name: "map", ...all("update", "entry", "make", "look") },
  { name: "cache", ...all("cache set", "cache rise", "cache load", "cache look") },
  { name: "objects", ...all("own", "name", "borrow", "count", "latch", "once") },
];

/** Milliseconds after which workers are taken to stand still, and to do so for ever. */
const STILL = 20;
const STUCK = 15_000;

/** Until the survivors are done, when all victims of their wave are dead and repaired. */
export async function finish(
  { canGoOn, give }: Drill,
  living: Promise<unknown>,
  workers: number,
  control: Int32Array,
  actor: Actor,
): Promise<void> {
  const { scene } = actor;
  let areDone = false;
  void living.then(() => {
    areDone = true;
  });
  mendMonitor(scene);
  let last = "";
  let since = performance.now();
  while (!areDone) {
    await pause(1);
    const words = Array.from({ length: workers }, (_, worker) => control.slice(WORDS * worker, WORDS * (worker + 1)));
    const now = words.map((of) => [of[POINTS], of[STEP]]).join();
    if (now !== last) since = performance.now();
    last = now;
    const still = performance.now() - since;
    if (still > STUCK) {
      const where = words.map((of, worker) => `worker ${worker} in "${STEP_NAMES[of[STEP]! - 1] ?? "no step"}"`);
      throw new Error(`Somebody waits for what is there: ${where.join(", ")}`);
    }
    if (still > STILL && give && !canGoOn!(scene)) give(actor);
  }
}

/** A victim may have put something there, and not have said so. */
function mendMonitor(scene: Scene): void {
  const token = scene.monitor.mutex.lockIfAvailable(1000);
  if (token === null) return;
  mend(scene, token, scene.words.stock);
  token.unlock();
}
