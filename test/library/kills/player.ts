/**
 * A worker: it plays parts of scenes, one after the other, on the instrumented library. Bundled, and run by stage.ts.
 */
import { parentPort, workerData } from "node:worker_threads";
import { receive, type SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { FROZEN, type Life, STEP, WORDS } from "./fate.js";
import type { Scene } from "./scene.js";
import { type Seam, Victim } from "./seam.js";
import type { Actor } from "./steps/actor.js";
import { ATTACHES, CLOSES, MEETS, meet, STEPS } from "./steps.js";

export interface Part {
  /** As structured clone sends it. */
  readonly scene: Scene;
  readonly worker: number;
  readonly life: Life;
  /** Numbers of the kinds of steps that it makes. */
  readonly repertoire: readonly number[];
  /** How many steps; who is to die makes them until then. */
  readonly steps: number;
  /** How often it meets all others meanwhile; absent: it is none of the barrier's parties. */
  readonly meetings?: number;
  /** The numbers of those who live to the end. */
  readonly survivors: readonly number[];
  readonly isDrilled: boolean;
}

/** What a worker says. */
export type Said = "ready" | "done" | { readonly wrong: string };

const seam = workerData as Seam;
const victim = new Victim(seam);
const say = (said: Said) => parentPort!.postMessage(said);

/** Those that it uses: what nothing refers to gives its slot back. */
const spaces = new Set<SharedSpace>();

async function play(part: Part): Promise<void> {
  const { worker, life, repertoire, steps, meetings, survivors, isDrilled } = part;
  const isMortal = life.fate !== undefined;
  const { fate, ...calm } = life;
  const sent = structuredClone(part.scene);
  const random = new Random(life.seed + 1);
  victim.begin(fate?.from === "attach" ? life : calm, worker, part.scene.number);
  victim.say(STEP, ATTACHES + 1);
  let actor: Actor = {
    scene: receive<Scene>(part.scene),
    me: worker,
    isMortal,
    isDrilled,
    random,
    stands: (other) => Atomics.load(seam.control, WORDS * other + FROZEN) !== 0,
    pass: () => victim.pass(),
    wrong: (wrong) => say({ wrong: `worker ${worker}: ${wrong}` }),
    heard: { values: new Map(), bytes: new Map() },
  };
  spaces.add(actor.scene.mutex.space);
  let party = meetings === undefined ? undefined : actor.scene.barrier.join();
  if (fate?.from === "steps") victim.begin(life, worker, part.scene.number);
  Atomics.store(actor.scene.words.joined, worker, 1);
  const every = Math.floor(steps / ((meetings ?? 0) + 1));
  for (let step = 0; isMortal || step < steps; step++) {
    const meets = isMortal ? random.below(20) === 0 : step % every === every - 1 && step + 1 < steps;
    if (party && meets) {
      victim.say(STEP, MEETS + 1);
      await meet(actor, party, { survivors, meetings: meetings! });
    } else if (isMortal && random.below(40) === 0) {
      victim.say(STEP, CLOSES + 1);
      actor.scene.mutex.space.close();
      spaces.clear();
      party = undefined;
      actor = { ...actor, scene: receive<Scene>(structuredClone(sent)) };
      spaces.add(actor.scene.mutex.space);
    } else {
      const which = repertoire[random.below(repertoire.length)]!;
      victim.say(STEP, which + 1);
      await STEPS[which]![1](actor);
    }
    victim.say(STEP, 0);
    victim.pass();
  }
  party?.leave();
  say("done");
}

parentPort!.on("message", (part: Part) => {
  play(part).catch((error: Error) => {
    if (error.message === "on purpose") throw error;
    say({ wrong: `worker ${part.worker}: ${error.stack}` });
  });
});
say("ready");
