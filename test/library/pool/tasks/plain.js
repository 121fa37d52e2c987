import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel, threadId } from "node:worker_threads";
import { currentTask } from "#library/index.js";

/** @param {number} a @param {number} b */
export function add(a, b) {
  return a + b;
}

/** @param {unknown} value */
export async function echo(value) {
  await sleep(1);
  return value;
}

export function thread() {
  return threadId;
}

export function never() {
  return new Promise(() => {});
}

/** A result that throws when it is looked at. */
export function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

export async function ofAll() {
  return currentTask().pool.runOnAll("add", [1, 2]);
}

/** Waits for room, and for all that it has submitted. */
export async function readyAndDrained() {
  const { pool } = currentTask();
  let done = 0;
  for (let i = 0; i < 3; i++) {
    await pool.ready();
    pool.run("echo", [i]).then(() => done++);
  }
  await pool.drain();
  return done;
}

export function untilTold() {
  const { signal } = currentTask();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve("told"), { once: true }));
}

/** @param {string} name */
export async function endsInTime(name) {
  const { pool } = currentTask();
  return pool.run(name, [], { timeout: 5 }).catch(({ name }) => name);
}

/** Ends, some time after it was told to. */
export function slowToEnd() {
  const { signal } = currentTask();
  return new Promise((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, 300), { once: true }));
}

/** Is there a while after it has ended a task. */
export async function endsSlowly() {
  const { pool } = currentTask();
  const { name } = await pool.run("slowToEnd", [], { timeout: 5 }).catch((error) => error);
  await sleep(400);
  return name;
}

/** @param {import("#library/index.js").SharedBuffer} shared @param {number} count */
export function forgets(shared, count) {
  const { pool } = currentTask();
  for (let i = 0; i < count; i++) void pool.run("counts", [shared]);
}

/** @param {import("#library/index.js").SharedBuffer} shared */
export async function counts(shared) {
  await sleep(1);
  Atomics.add(shared.view(Int32Array), 0, 1);
}

/** @param {boolean} force */
export async function closes(force) {
  await currentTask().pool.close({ force });
}

export function movesNothing() {
  return currentTask().move(1, /** @type {never} */ (undefined));
}

export function where() {
  const { key, context, worker, pool } = currentTask();
  return { key, context, worker, workers: pool.workers };
}

export async function whereAfterAwait() {
  await sleep(1);
  return currentTask().worker;
}

/** @param {unknown} thrown */
export function throwIt(thrown) {
  throw thrown;
}

export function throwWithProperties() {
  const cause = Object.assign(new Error("the cause"), { code: "EINNER" });
  throw Object.assign(new TypeError("the error", { cause }), { code: "EOUTER", status: 404, method() {} });
}

export function throwAll() {
  throw new AggregateError([new RangeError("one"), 2], "several");
}

export function throwAborted() {
  throw new DOMException("no more", "AbortError");
}

export function throwUncopyable() {
  throw new Error("with a function", { cause: () => {} });
}

export function throwFunction() {
  throw () => {};
}

export function blob() {
  return new Blob(["in a blob"]);
}

export function aFunction() {
  return { deep: [() => {}] };
}

export const notAFunction = 1;

/** @type {ArrayBuffer | undefined} */
let moved;

/** @param {number} bytes */
export function move(bytes) {
  moved = new Uint8Array(bytes).fill(7).buffer;
  return currentTask().move({ moved }, [moved]);
}

export function bytesLeft() {
  return moved?.byteLength;
}

export function movePort() {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage("from the task");
  return currentTask().move(port2, [port2]);
}

/** @param {import("#library/index.js").SharedBuffer} shared Two that run at the same time both add one, and see two. */
export async function meet(shared) {
  const met = shared.view(Int32Array);
  Atomics.add(met, 0, 1);
  Atomics.notify(met, 0);
  while (Atomics.load(met, 0) < 2) await sleep(1);
  return Atomics.load(met, 0);
}

let inProgress = 0;

/** How many of its kind are in progress in this worker, at most, while it is. */
export async function alone() {
  inProgress++;
  let most = inProgress;
  for (let i = 0; i < 5; i++) {
    await sleep(1);
    most = Math.max(most, inProgress);
  }
  inProgress--;
  return most;
}

/** @param {import("#library/index.js").SharedBuffer} shared */
export function untilAborted(shared) {
  const begun = shared.view(Int32Array);
  const { signal } = currentTask();
  Atomics.store(begun, 0, 1);
  Atomics.notify(begun, 0);
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      Atomics.store(begun, 1, 1);
      Atomics.notify(begun, 1);
      reject(signal.reason);
    });
  });
}

/** Never returns to its event loop. @param {import("#library/index.js").SharedBuffer} shared */
export function spinUntilAborted(shared) {
  const begun = shared.view(Int32Array);
  const task = currentTask();
  Atomics.store(begun, 0, 1);
  Atomics.notify(begun, 0);
  while (!task.signal.aborted);
  Atomics.store(begun, 1, 1);
  Atomics.notify(begun, 1);
}

/** @param {import("#library/index.js").SharedBuffer} shared Executed until another thread opens it. */
export function block(shared) {
  const gate = shared.view(Int32Array);
  Atomics.add(gate, 0, 1);
  Atomics.notify(gate, 0);
  Atomics.wait(gate, 1, 0);
  return threadId;
}

/** Blocks the first worker that comes. @param {import("#library/index.js").SharedBuffer} shared */
export function blockFirst(shared) {
  const gate = shared.view(Int32Array);
  if (Atomics.add(gate, 0, 1) === 0) Atomics.wait(gate, 1, 0);
  return threadId;
}

/** @param {number} depth */
export async function nested(depth) {
  if (depth === 0) return 1;
  const { pool } = currentTask();
  const results = await Promise.all([pool.run("nested", [depth - 1]), pool.run("nested", [depth - 1])]);
  return results.reduce((sum, result) => sum + result, 1);
}

/** @param {string} name @param {unknown[]} args */
export async function nestedThen(name, ...args) {
  return currentTask().pool.run(name, args);
}

/** @param {string} key @param {number} count Submits to the same pool, without waiting for it at first. */
export async function nestedLater(key, count) {
  const { pool } = currentTask();
  await sleep(1);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await pool.run("add", [i, 1], { key });
  return sum;
}

let ticks = 0;

export function startTicking() {
  setInterval(() => ticks++, 1).unref();
}

export function ticked() {
  return ticks;
}

/** @param {number} n */
export function throwsAt500(n) {
  if (n === 500) throw new RangeError("500", { cause: () => {} });
  return n;
}

/** @param {number} n A promise for odd ones alone. */
export function sometimesLater(n) {
  return n % 2 === 0 ? n : sleep(n % 3, n);
}

/** @param {number} n */
export function throwsNever(n) {
  return n;
}
