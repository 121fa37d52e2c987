import { setTimeout as sleep } from "node:timers/promises";

/** @param {number} code */
export function exit(code) {
  process.exit(code);
}

export async function uncaught() {
  setTimeout(() => {
    throw Object.assign(new RangeError("nobody catches it"), { code: "EUNCAUGHT" });
  });
  await sleep(100_000);
}

export async function unhandled() {
  void Promise.reject(new RangeError("nobody handles it"));
  await sleep(100_000);
}

export function outOfMemory() {
  const all = [];
  for (;;) all.push(new Array(10_000).fill(all.length));
}

export function forEver() {
  for (;;);
}

/** @param {import("#library/index.js").SharedBuffer} shared */
export async function wait(shared) {
  const begun = shared.view(Int32Array);
  Atomics.add(begun, 0, 1);
  Atomics.notify(begun, 0);
  await sleep(100_000);
}

/** Dies as often as it is told to, then lives. @param {import("#library/index.js").SharedBuffer} shared */
export function dieSometimes(shared) {
  const left = shared.view(Int32Array);
  if (Atomics.sub(left, 0, 1) > 0) process.exit(1);
  return "alive";
}

export function live() {
  return "alive";
}

export function throwLater() {
  setTimeout(() => {
    throw new RangeError("left behind");
  }, 5);
}
