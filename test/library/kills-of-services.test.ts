import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { named, Service, SharedSpace } from "#library/index.js";
import { libraryBytes } from "#library/modules.js";
import { Random } from "#machines/machines/random.js";
import { casesOf } from "../random-cases.js";
import { bundle } from "./bundle.js";
import { blocksOf, slotsOf } from "./kills/check.js";
import { instrument } from "./kills/instrument.js";
import { ARE_MORTAL, DEATHS, type Mortality } from "./pool/kills/mortality.js";
import { callAt, type Drilled, type Methods, make, NAME, proceduresOf, WORDS, wrongIn } from "./service/kills/calls.js";

/** A failure names its seed: `SERVICES=1 SEED=20261201 npx vitest run test/library/kills-of-services.test.ts` plays it again. */
const SERVICES = Number(process.env.SERVICES) || casesOf(30);
const SEED = Number(process.env.SEED) || 20261201;
const SERVERS = 3;
const CALLERS = 3;
/** Servers that come when one has died. */
const HEIRS = 3;
const OF_MAIN = 60;
const OF_CALLER = 120;
/** Milliseconds after which somebody is taken to wait for ever. */
const HANGS = 60_000;
/** Blocks that a death may leave: what the thread was making, or had made and not named. */
const LOST = 2;

const module = await instrumented();
const mortal = await bundle(new URL("pool/kills/mortal.ts", import.meta.url));
const actor = await bundle(new URL("service/kills/actor.ts", import.meta.url));

async function instrumented(): Promise<WebAssembly.Module> {
  const dist = new URL("../../packages/machines/dist/", import.meta.url);
  // What ships is the same but for the proofs, whose functions are not called.
  const map = JSON.parse(await readFile(new URL("library.wasm.map", dist), "utf8")) as SourceMapPayload;
  const proven = new Uint8Array(await readFile(new URL("library.wasm", dist)));
  return new WebAssembly.Module(instrument(proven, map).bytes);
}

describe("Services", () => {
  test(`give each call one outcome, whoever of ${SERVICES} services dies at which instruction (seeds from ${SEED})`, async () => {
    let deaths = 0;
    for (let i = 0; i < SERVICES; i++) {
      const drill = new Drill(SEED + i);
      expect(await drill.play(), `seed ${SEED + i}`).toEqual([]);
      deaths += drill.deaths;
    }
    console.log(`${deaths} deaths`);
    // Else the harness has stopped to kill.
    expect(deaths).toBeGreaterThan(SERVICES);
  });
});

/** One service, its servers and its callers. */
class Drill {
  readonly #seed: number;
  readonly #random: Random;
  readonly #space = new SharedSpace({ workers: 32 });
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * WORDS * (OF_MAIN + CALLERS * OF_CALLER)));
  readonly #control = new Int32Array(new SharedArrayBuffer(12));
  readonly #stacks: number;
  readonly #wrong: string[] = [];
  readonly #servers = new Set<Promise<void>>();
  readonly #coming: Promise<void>[] = [];
  #heirs = HEIRS;
  #isOver = false;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#stacks = 1 + this.#random.below(12);
  }

  get deaths(): number {
    return this.#control[DEATHS]!;
  }

  /** What is wrong, in words. */
  async play(): Promise<string[]> {
    const blocks = blocksOf(this.#space);
    const first = this.#server();
    await within(first);
    await within(Promise.all(Array.from({ length: SERVERS - 1 }, () => this.#server())));
    this.#control[ARE_MORTAL] = 1;
    const service = named(this.#space, NAME, Service);
    const callers = Array.from({ length: CALLERS }, (_, i) => this.#start("caller", OF_MAIN + i * OF_CALLER));
    if (!(await within(this.#call(service)))) this.#say("main's calls hang");
    if (!(await within(Promise.all(callers.map(({ ended }) => ended))))) this.#say("callers hang");
    this.#isOver = true;
    // One that came after the service was freed would make another.
    if (!(await within(Promise.all(this.#coming)))) this.#say("an heir hangs");
    await this.#checkStacks(service);
    if (!(await within(service.close()))) this.#say("close hangs");
    if (!(await within(Promise.all(this.#servers)))) this.#say("servers hang");
    for (const worker of this.#workers) await worker.terminate();
    if (!(await this.#becomes(() => slotsOf(this.#space) === 1))) this.#say("slots are taken");
    for (let at = 0; at < this.#words.length; at += WORDS / 2) {
      if (this.#words[at]! > 1) this.#say(`call ${at / WORDS} was executed ${this.#words[at]} times`);
    }
    const left = blocksOf(this.#space) - blocks;
    if (left > LOST * this.deaths) this.#say(`${left} blocks more than before, after ${this.deaths} deaths`);
    this.#space.close();
    return this.#wrong;
  }

  readonly #workers = new Set<Worker>();

  #say(what: string): void {
    this.#wrong.push(what);
  }

  #start(role: Drilled["role"], first: number) {
    const mortality: Mortality = {
      ...{ module, length: libraryBytes.length, seed: this.#seed, control: this.#control, spared: 5 },
      mostPointsLog: role === "caller" ? 8 : 10,
      beginnings: [
        ["service_join", "service_claim", "service_claim_own", "service_call_numbers"],
        ["service_take", "service_call", "service_call_own", "service_call_values", "service_call_numbers"],
      ],
    };
    const drilled: Drilled = {
      ...{ space: this.#space, words: this.#words, seed: this.#random.below(2 ** 31) },
      ...{ role, first, count: OF_CALLER, stacks: this.#stacks },
    };
    const worker = new Worker(actor, { execArgv: ["--import", mortal.href], workerData: { ...drilled, mortality } });
    this.#workers.add(worker);
    worker.on("message", (said: { wrong?: string }) => said.wrong && this.#say(said.wrong));
    worker.on("error", (error) => this.#say(`${role}: ${error.stack}`));
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    return { worker, ended };
  }

  /** Resolves when it serves, or is dead. */
  async #server(): Promise<void> {
    const { worker, ended } = this.#start("server", 0);
    const serves = new Promise<void>((resolve) => worker.once("message", () => resolve()));
    const gone = ended.then(() => {
      this.#servers.delete(gone);
      if (!this.#isOver && this.#heirs-- > 0) this.#coming.push(this.#server());
    });
    this.#servers.add(gone);
    await Promise.race([serves, ended]);
  }

  async #call(service: Service): Promise<true> {
    const calls = Array.from({ length: OF_MAIN }, (_, id) => callAt(this.#random, id));
    const outcomes = calls.map(async (its) => {
      await sleep(this.#random.below(60));
      const binding = service.bind({ timeout: its.timeout, whenFull: its.fails ? "fail" : "wait" });
      try {
        return { its, outcome: { value: await make(binding.async as unknown as Methods, its) } };
      } catch (error) {
        return { its, outcome: { error } };
      }
    });
    for (const { its, outcome } of await Promise.all(outcomes)) {
      const wrong = wrongIn(its, this.#words, outcome);
      if (wrong !== undefined) this.#say(wrong);
    }
    return true;
  }

  /** All A-stacks are free, and found to be. */
  async #checkStacks(service: Service): Promise<void> {
    const { kernel } = this.#space;
    const { address, identity } = service.handle;
    // Others may all be dead.
    const own = new Service(this.#space, {
      ...{ name: NAME, calls: this.#stacks },
      procedures: proceduresOf(this.#words, () => undefined),
    });
    if (!(await this.#becomes(() => kernel.service_is_idle(address) === 1))) this.#say("a call is under way for ever");
    const claimed = Array.from({ length: this.#stacks }, () => kernel.service_claim(address, identity, 0) >>> 0);
    if (claimed.some((stack) => stack <= 2)) this.#say(`A-stacks are lost: ${claimed}`);
    for (const stack of claimed) if (stack > 2) kernel.service_release(address, stack);
    await own.leave();
  }

  async #becomes(so: () => boolean): Promise<boolean> {
    for (const end = performance.now() + HANGS; !so(); await sleep(1)) if (performance.now() > end) return false;
    return true;
  }
}

/** Undefined: it takes for ever. */
function within<Value>(promise: Promise<Value>): Promise<Value | true | undefined> {
  return Promise.race([promise.then((value) => value ?? true), sleep(HANGS, undefined, { ref: false })]);
}
