/**
 * Every class, in each form that it has: who waits gives up, by the time or by a signal; then others go on, and so does that
 * one when it comes again; and its death, later, touches nothing.
 */
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type SharedObject, SharedSpace } from "#library/index.js";
import { bundle } from "./bundle.js";
import type { Order, Said } from "./waits/waiter.js";
import { WAYS } from "./waits/ways.js";

const space = new SharedSpace({ workers: 8 });
let source: URL;
let waiters: Waiter[] = [];
/** Those that live on: a worker takes long to start. */
let crew: Waiter[] = [];

beforeAll(async () => {
  source = await bundle(new URL("waits/waiter.ts", import.meta.url));
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") crew = [];
  await Promise.all(waiters.filter((waiter) => !crew.includes(waiter)).map((waiter) => waiter.end()));
  waiters = [...crew];
});
afterAll(() => Promise.all(waiters.map((waiter) => waiter.end())));

class Waiter {
  readonly #worker: Worker;
  readonly #said: Said[] = [];
  #hear = (): void => {};

  constructor() {
    this.#worker = new Worker(source);
    this.#worker.on("message", (said: Said) => {
      this.#said.push(said);
      this.#hear();
    });
    waiters.push(this);
  }

  /** Resolves when it is about to wait; with what resolves to what became of it. */
  async attempt(order: Order): Promise<{ readonly result: Promise<Said> }> {
    this.#worker.postMessage(order);
    expect(await this.#next()).toBe("waits");
    return { result: this.#next() };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  async #next(): Promise<Said> {
    while (this.#said.length === 0) await new Promise<void>((resolve) => (this.#hear = resolve));
    return this.#said.shift()!;
  }
}

/** Two that live on; new ones after a failure. */
function crewOfTwo(): readonly [Waiter, Waiter] {
  while (crew.length < 2) crew.push(new Waiter());
  return [crew[0]!, crew[1]!];
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const CASES = Object.entries(WAYS).flatMap(([way, { wait }]) =>
  [
    { way, form: "blocking", how: "time" } as const,
    { way, form: "without blocking", how: "time" } as const,
    { way, form: "without blocking", how: "signal" } as const,
  ].filter(({ form }) => form !== "blocking" || wait),
);

/** Milliseconds until who waits gives up: long enough to be disturbed often. */
const WAITS = 60;

describe.each(CASES)("$way, $form, ended by the $how", ({ way, form, how }) => {
  const { make, hold, meanwhile, disturb } = WAYS[way]!;

  test("lets others go on who wait behind, and the same one when it comes again", async () => {
    const objects = make(space);
    const letOn = hold(objects);
    const [impatient, patient] = crewOfTwo();
    const first = await impatient.attempt({ way, objects, form, end: { how, milliseconds: WAITS } });
    const second = await patient.attempt({ way, objects, form });
    expect(await first.result).toBe("gave up");
    while (letOn() === false) await pause(1);
    expect(await second.result).toBe("has it");
    const again = await impatient.attempt({ way, objects, form });
    while (letOn() === false) await pause(1);
    expect(await again.result).toBe("has it");
  });

  test("leaves all as it was before", async () => {
    const objects = make(space);
    const letOn = hold(objects);
    const [impatient, patient] = crewOfTwo();
    const { result } = await impatient.attempt({ way, objects, form, end: { how, milliseconds: WAITS } });
    let isOver = false;
    void result.then(() => {
      isOver = true;
    });
    for (; !isOver; await pause(0)) disturb?.(objects);
    expect(await result).toBe("gave up");
    meanwhile?.(objects);
    const { result: gets } = await patient.attempt({ way, objects, form });
    while (letOn() === false) await pause(1);
    expect(await gets).toBe("has it");
  });

  test("leaves nothing that its worker's death would mend, when the object was freed meanwhile", async () => {
    const objects = make(space);
    const letOn = hold(objects);
    const before = slots();
    const impatient = new Waiter();
    const { result } = await impatient.attempt({ way, objects, form, end: { how, milliseconds: 5 } });
    expect(await result).toBe("gave up");
    const [slot] = slots().filter((slot) => !before.includes(slot));
    letOn();
    const blocks = Object.values<SharedObject>(objects).map((object) =>
      overwritten(object, slot!, () => Object.values(make(space))),
    );
    await impatient.end();
    while (slots().includes(slot!)) await pause(1);
    for (const { words, was } of blocks) expect(words).toEqual(was);
  });
});

function slots(): number[] {
  const { kernel } = space;
  return Array.from({ length: kernel.workers() }, (_, i) => i + 1).filter((slot) => kernel.is_live(slot) === 1);
}

/** Bytes of an object's first line, which it shares with nothing. */
const LINE = 128;

/** Frees it, and has another in its place, with words which look most like the worker's. */
function overwritten(object: SharedObject, slot: number, make: () => SharedObject[]) {
  const { address } = object.handle;
  object.free();
  let isReused = false;
  for (let i = 0; i < 64 && !isReused; i++) isReused = make().some(({ handle }) => handle.address === address);
  expect(isReused).toBe(true);
  const words = space.words(address, LINE).subarray(address / 4, (address + LINE) / 4);
  words.fill(slot, 1);
  return { words, was: words.slice() };
}
