/**
 * The main thread of the kills: plays scenes, each with workers that live through all of them, and others that die in it, at
 * the point that their fate says. Who waits for ever is seen by a watchdog, which prints where everybody is.
 */
import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { Worker } from "node:worker_threads";
import { Counter, Mutex, named, SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { bundle } from "../bundle.js";
import { Actress, type Death, pause } from "./actress.js";
import { blocksOf, slotsOf, wrongIn } from "./check.js";
import { DRILLS, type Drill, finish } from "./drills.js";
import type { Order, Report } from "./executioner.js";
import { FROZEN, type Life, numbering, POINTS, STEP, WORDS } from "./fate.js";
import { instrument, type Point } from "./instrument.js";
import { MOST_VICTIMS, type Plan, SURVIVORS, type Victim, WAVES, type Wave } from "./plan.js";
import type { Part } from "./player.js";
import { createScene, NAMES, objectsOf, type Scene } from "./scene.js";
import type { Seam } from "./seam.js";
import type { Actor } from "./steps/actor.js";
import { note } from "./steps/channels.js";
import { LOCK_STEPS } from "./steps/locks.js";
import { borrowedName } from "./steps/objects.js";
import { STEP_NAMES, STEPS } from "./steps.js";

/** Milliseconds after which a scene is taken to hang: far more than the slowest takes. */
const HANGS = 120_000;
/** Numbers of workers: survivors, victims, the one that comes later, the main thread. */
const FRESH = SURVIVORS + WAVES * MOST_VICTIMS;
const MAIN = FRESH + 1;
const WORKERS = MAIN + 1;
/** Blocks that a death may leave in use: what the worker was making, or had made and not yet freed. */
const LOST = 8;

/** Deaths that are spread over the points, then over all of them again. */
const SPREAD = 300;

export class Stage {
  readonly points: readonly Point[];
  /** The players' code. */
  readonly #source: URL;
  readonly #executioner: Worker;
  readonly #seam: Seam;
  readonly #numbers: ReturnType<typeof numbering>;
  readonly #exports: readonly string[];
  readonly #space = new SharedSpace({ workers: 16 });
  #survivors: Actress[] = [];
  #waiting: Actress[] = [];
  #scenes = 0;
  /** Where the victims of the scene that failed have stopped, for `Chosen.at`. */
  stopped = "";

  private constructor(source: URL, executioner: Worker, seam: Seam, points: readonly Point[]) {
    this.#source = source;
    this.#executioner = executioner;
    this.#seam = seam;
    this.points = points;
    this.#exports = seam.module ? WebAssembly.Module.exports(seam.module).map(({ name }) => name) : [];
    this.#numbers = numbering(seam.instructions, this.#exports.length);
  }

  /** `isInstrumented`: else the library runs as it is, and its workers can be ended at no point, but at any moment. */
  static async open({ isInstrumented = true } = {}): Promise<Stage> {
    const dist = new URL("../../../packages/machines/dist/", import.meta.url);
    const wasm = new Uint8Array(await readFile(new URL("library.wasm", dist)));
    const map = JSON.parse(await readFile(new URL("library.wasm.map", dist), "utf8")) as SourceMapPayload;
    const { bytes, points } = isInstrumented ? instrument(wasm, map) : { bytes: undefined, points: [] };
    const words = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
    const module = bytes && new WebAssembly.Module(bytes);
    const { all } = numbering(points.length, module ? WebAssembly.Module.exports(module).length : 0);
    const control = words(WORDS * WORKERS);
    const shared = { control, reached: words(all), died: words(all) };
    const seam: Seam = { ...(module && { module }), instructions: points.length, ...shared };
    const source = await bundle(new URL("player.ts", import.meta.url));
    const workerData = { source: source.href, seam, ready: MOST_VICTIMS };
    const executioner = new Worker(await bundle(new URL("executioner.ts", import.meta.url)), { workerData });
    return new Stage(source, executioner, seam, points);
  }

  /** In words. */
  describe(point: number): string {
    const { exports, program } = this.#numbers;
    if (point < 0) return "somewhere";
    if (point === program) return "the program's own code";
    if (point >= exports)
      return `${(point - exports) % 2 === 0 ? "before" : "after"} ${this.#exports[(point - exports) >> 1]}`;
    const { function: name, place, instruction } = this.points[point]!;
    return `${instruction} at ${place} in ${name}`;
  }

  /** Points that victims have passed so far, each with one more than the number of the scene that was first. */
  get reached(): Int32Array {
    return this.#seam.reached;
  }

  /** Plays a scene. Rejects with what is wrong, in words. */
  async play(plan: Plan): Promise<Death[]> {
    const space = this.#space;
    while (this.#survivors.length < SURVIVORS) this.#survivors.push(this.#actress());
    const parties = SURVIVORS + plan.waves[0]!.victims.length;
    const blocks = blocksOf(space);
    const scene = createScene(space, this.#scenes++, parties, WORKERS);
    const wrong: string[] = [];
    this.#seam.control.fill(0);
    if (this.#seam.died.reduce((a, b) => a + b) > SPREAD) this.#seam.died.fill(0);

    const survivors = Array.from({ length: SURVIVORS }, (_, worker) => worker);
    const complain = (what: string) => void wrong.push(what);
    const part = (worker: number, life: Life, repertoire: readonly number[]): Part => ({
      ...{ scene, worker, life, survivors, repertoire, isDrilled: plan.drill !== undefined },
      ...{ steps: plan.steps, ...(plan.meetings !== undefined && { meetings: plan.meetings }) },
    });
    const playWave = (wave: Wave, number: number) => {
      const first = SURVIVORS + number * MOST_VICTIMS;
      while (this.#waiting.length < MOST_VICTIMS + 1) this.#waiting.push(this.#actress());
      const living = this.#survivors.map((survivor, worker) =>
        survivor.play(part(worker, wave.survivors[worker]!, plan.survivors), complain),
      );
      const dying = wave.victims.map((victim, i) =>
        this.#kill(plan, victim, part(first + i, victim.life, plan.victims), complain),
      );
      return [Promise.all(living), Promise.all(dying)] as const;
    };
    const run = new Run(plan, scene, this.#seam.control, wrong);
    const deaths: Death[] = [];
    try {
      for (const [number, wave] of plan.waves.entries()) {
        const [living, dying] = playWave(wave, number);
        if (plan.drill === undefined) deaths.push(...(await run.play(living, dying)));
        else {
          deaths.push(...(await run.watch(dying)));
          await this.#vacated(1 + SURVIVORS, wrong);
          await run.finish(DRILLS[plan.drill]!, living);
        }
      }
      if (plan.drill !== undefined) run.end();
      if (plan.fresh) {
        const fresh = this.#waiting.shift()!;
        const one = part(
          FRESH,
          { seed: plan.seed, pauseEvery: 1000 },
          STEPS.map((_, which) => which),
        );
        const { meetings: _, ...all } = { ...one, isDrilled: false };
        await within(run.help(fresh.play(all, complain)), "the worker that came later");
        await fresh.end();
      }
      await within(run.useAll(), "the main thread");
      wrong.push(
        ...(await wrongIn(
          scene,
          deaths.map(({ worker }) => worker),
        )),
      );
      await this.#vacated(1 + SURVIVORS, wrong);
      this.#free(scene);
      const left = blocksOf(space) - blocks;
      if (left > LOST * deaths.length)
        wrong.push(`allocator: ${left} blocks more than before, after ${deaths.length} deaths`);
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
      return deaths;
    } catch (error) {
      const state = this.#state(scene, plan);
      const { control } = this.#seam;
      const stopped = plan.waves.flatMap(({ victims }, wave) =>
        victims.map((_, i) => control[WORDS * (SURVIVORS + wave * MOST_VICTIMS + i) + FROZEN]! - 1),
      );
      this.stopped = stopped.map((point) => (point < 0 ? "-" : point)).join();
      await this.close();
      throw new Error(`${(error as Error).stack}\n${[...new Set(wrong)].join("\n")}\n${state}`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#survivors, ...this.#waiting].map((actress) => actress.end()));
    await this.#executioner.terminate();
    this.#survivors = [];
    this.#waiting = [];
  }

  #actress(): Actress {
    return new Actress(this.#source, this.#seam);
  }

  /** Lets a victim play until it dies. */
  #kill({ main }: Plan, { end }: Victim, part: Part, wrong: (what: string) => void): Promise<Death> {
    if (main !== "takes part") return this.#waiting.shift()!.die(part, end, this.#seam.control, wrong);
    return new Promise((resolve) => {
      const hear = (report: Report) => {
        if ("wrong" in report) wrong(report.wrong);
        else if (report.worker === part.worker) {
          this.#executioner.off("message", hear);
          resolve(report);
        }
      };
      this.#executioner.on("message", hear);
      this.#executioner.postMessage({ part, end } satisfies Order);
    });
  }

  #free(scene: Scene): void {
    for (const [i, address] of scene.words.named.entries()) {
      if (address !== 0) named(this.#space, `counter ${i} of scene ${scene.number}`, Counter).free();
    }
    for (let which = 0; which < NAMES; which++) named(this.#space, borrowedName(scene, which), Mutex).free();
    for (const object of objectsOf(scene)) object.free();
  }

  async #vacated(slots: number, wrong: string[]): Promise<void> {
    const end = performance.now() + HANGS / 4;
    while (slotsOf(this.#space) !== slots && performance.now() < end) await pause(1);
    const taken = slotsOf(this.#space);
    if (taken !== slots) wrong.push(`slots: ${taken} are taken; expected ${slots}`);
  }

  #state({ words, semaphore }: Scene, plan: Plan): string {
    const { control } = this.#seam;
    const worker = (number: number) => {
      const [passed, frozen, step] = [POINTS, FROZEN, STEP].map((word) => control[WORDS * number + word]!) as [
        number,
        number,
        number,
      ];
      const where = step === 0 ? "between two steps" : `in "${STEP_NAMES[step - 1]}"`;
      const fate = frozen === 0 ? "" : `, stopped: ${this.describe(frozen - 1)}`;
      return `  worker ${number}: ${passed} points, ${where}${fate}`;
    };
    const { kernel } = this.#space;
    const slots = Array.from({ length: kernel.workers() }, (_, i) => i + 1)
      .filter((slot) => kernel.is_live(slot) === 1)
      .map((slot) => `${slot}${kernel.sleeps_at(slot) ? ` sleeps at ${kernel.sleeps_at(slot)}` : ""}`);
    return [
      `main: ${plan.main}; ${plan.drill === undefined ? "" : `drill: ${DRILLS[plan.drill]!.name}; `}steps: ${plan.victims}`,
      ...Array.from({ length: MAIN }, (_, number) => number)
        .filter((number) => number < SURVIVORS || control[WORDS * number + POINTS] !== 0)
        .map(worker),
      `  slots: ${slots.join(", ")}`,
      `  inside: ${Object.entries(words.locks)
        .map(([name, { inside }]) => `${name} ${inside[0]! - 1}`)
        .join(", ")}`,
      `  permits: ${semaphore.freed ? "freed" : semaphore.available}; stock: ${words.stock}; arrivals: ${words.arrivals}`,
    ].join("\n");
  }
}

/** The main thread's part of a scene. */
class Run {
  readonly #plan: Plan;
  readonly #scene: Scene;
  readonly #control: Int32Array;
  readonly #wrong: string[];
  readonly #actor: Actor;
  readonly #random: Random;
  readonly #survivors = Array.from({ length: SURVIVORS }, (_, worker) => worker);

  constructor(plan: Plan, scene: Scene, control: Int32Array, wrong: string[]) {
    this.#plan = plan;
    this.#scene = scene;
    this.#control = control;
    this.#wrong = wrong;
    this.#random = new Random(plan.seed + 2);
    this.#actor = {
      scene,
      me: MAIN,
      random: this.#random,
      isMortal: false,
      isDrilled: false,
      stands: (worker) => Atomics.load(control, WORDS * worker + FROZEN) !== 0,
      pass: () => {},
      wrong: (what) => wrong.push(`main: ${what}`),
      heard: { values: new Map(), bytes: new Map() },
    };
  }

  /** Until all are dead or done: helps whoever waits for something that only the dead would have done. */
  async play(living: Promise<unknown>, dying: Promise<Death[]>): Promise<Death[]> {
    const { main } = this.#plan;
    const end = performance.now() + HANGS;
    let deaths: Death[] | undefined;
    let areDone = false;
    void living.then(() => {
      areDone = true;
    });
    void dying.then((all) => {
      deaths = all;
    });
    while (!deaths || !areDone || this.#scene.words.closed[0] === 0) {
      if (performance.now() > end) throw new Error(`${deaths ? "Somebody waits" : "Victims live"} for ever`);
      if (this.#wrong.length > 0) throw new Error("Wrong:");
      // What a victim of its own stands in, it must not wait for.
      if (deaths || main === "takes part") this.#help();
      if (deaths) this.#replace();
      if (main === "takes part") LOCK_STEPS[this.#random.below(LOCK_STEPS.length)]!(this.#actor, 20);
      this.#compute();
      await pause(this.#random.below(3));
    }
    return deaths;
  }

  /** Until all are dead: no help. */
  async watch(dying: Promise<Death[]>): Promise<Death[]> {
    let deaths: Death[] | undefined;
    void dying.then((all) => {
      deaths = all;
    });
    for (const end = performance.now() + HANGS; !deaths; await pause(this.#random.below(3))) {
      if (performance.now() > end) throw new Error("Victims live for ever");
      this.#compute();
    }
    return deaths;
  }

  /** Until the survivors of a drill's wave are done. */
  finish(drill: Drill, living: Promise<unknown>): Promise<void> {
    return finish(drill, living, SURVIVORS, this.#control, this.#actor);
  }

  /** Of a drill: nothing will come any more. */
  end(): void {
    const { monitor, words } = this.#scene;
    const token = monitor.mutex.lock();
    words.closed[0] = 1;
    monitor.filled.notify();
    token.unlock();
  }

  #compute(): void {
    if (this.#plan.main === "busy")
      for (const until = performance.now() + this.#random.below(8); performance.now() < until; );
  }

  /** Every kind of step, by the main thread, when nobody else is there. */
  async useAll(): Promise<void> {
    const { event, values, bytes } = this.#scene;
    for (const [, step] of STEPS) {
      event.set();
      while (values.used + bytes.used > 0) this.#help();
      await step(this.#actor);
    }
  }

  /** Helps whoever waits, until that is done. */
  async help(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    for (; !isDone; await pause(1)) this.#help();
  }

  /** What some may wait for without end: an event, room in a channel. */
  #help(): void {
    const { event, values, bytes } = this.#scene;
    if (this.#random.below(4) === 0) event.set();
    const value = values.receiveIfAvailable(0);
    if (value) note(this.#actor, "values", value);
    const some = bytes.receiveIfAvailable(0);
    if (some) note(this.#actor, "bytes", some);
  }

  /** When all victims are dead: mends what they held, takes the seats that they did not, and says that nothing will come. */
  #replace(): void {
    const { barrier, monitor, words } = this.#scene;
    if (this.#survivors.every((worker) => Atomics.load(words.joined, worker) === 1)) {
      try {
        for (;;) barrier.join().leave();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    if (words.closed[0] !== 0) return;
    const token = monitor.mutex.lockIfAvailable(0);
    if (token === null) return;
    if (token.abandoned) {
      words.stock[1] = words.stock[0]!;
      monitor.filled.notify();
    }
    // While there is something, who waits for it is to be woken by whoever put it there, or by who mends what the dead left.
    if (words.stock[0] === 0 || !this.#survivors.some((worker) => this.#isGetting(worker))) {
      words.closed[0] = 1;
      monitor.filled.notify();
    }
    token.unlock();
  }

  #isGetting(worker: number): boolean {
    return STEP_NAMES[Atomics.load(this.#control, WORDS * worker + STEP) - 1] === "get";
  }
}

async function within<T>(promise: Promise<T>, who: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hangs = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waits for ever: ${who}`)), HANGS);
  });
  return Promise.race([promise, hangs]).finally(() => clearTimeout(timer));
}
