import { setTimeout as sleep } from "node:timers/promises";
import { currentTask } from "#library/index.js";

/** @typedef {import("#library/index.js").SharedBuffer} SharedBuffer */

/**
 * Notes that it was begun, and that it has ended.
 *
 * @param {SharedBuffer} shared
 * @param {number} id
 */
function noted(shared, id) {
  const words = shared.view(Int32Array);
  Atomics.add(words, 2 * id, 1);
  return () => Atomics.add(words, 2 * id + 1, 1);
}

/** @param {SharedBuffer} shared @param {number} id @param {unknown} value */
export function short(shared, id, value) {
  noted(shared, id)();
  return value;
}

/** @param {SharedBuffer} shared @param {number} id @param {unknown} value */
export async function long(shared, id, value) {
  const end = noted(shared, id);
  await sleep(1);
  end();
  return value;
}

/** @param {SharedBuffer} shared @param {number} id @param {string} value */
export function failing(shared, id, value) {
  noted(shared, id)();
  throw new RangeError(value);
}

/** The task of its own has the next number. @param {SharedBuffer} shared @param {number} id @param {unknown} value */
export async function nested(shared, id, value) {
  const end = noted(shared, id);
  const result = await currentTask().pool.run("short", [shared, id + 1, value]);
  end();
  return result;
}

/** @param {SharedBuffer} shared @param {number} id @param {ArrayBuffer} bytes What is moved here and back. */
export function moved(shared, id, bytes) {
  noted(shared, id)();
  return new TextDecoder().decode(bytes);
}
