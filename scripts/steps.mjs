// @ts-check
// Runs commands in an order that they allow, as many at a time as there are cores. What a command prints is printed in
// one piece when it has ended.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Where npm puts the commands of packages, before everything else. */
const PATH = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);

/**
 * `after` has the names of the steps that it needs.
 *
 * @typedef {{ name: string, command: string, after?: readonly string[] }} Step
 */

/**
 * Runs all steps; of those that can begin, the first in the list begins first. After a failure no other one begins, and
 * the process exits with 1.
 * @param {readonly Step[]} steps
 */
export async function runSteps(steps) {
  const waiting = new Set(steps);
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  /** @type {Set<string>} */
  const done = new Set();
  let failed = false;
  const canBegin = (/** @type {Step} */ { after = [] }) => !failed && after.every((name) => done.has(name));
  for (;;) {
    for (const step of [...waiting].filter(canBegin).slice(0, availableParallelism() - running.size)) {
      waiting.delete(step);
      const end = run(step).then((succeeded) => {
        running.delete(end);
        if (succeeded) done.add(step.name);
        else failed = true;
      });
      running.add(end);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failed) process.exit(1);
  if (waiting.size > 0) throw new Error(`Cannot run ${[...waiting].map(({ name }) => name)}: they wait for each other`);
}

/** Whether the command succeeds. @param {Step} step @returns {Promise<boolean>} */
function run({ name, command }) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, { cwd: root, shell: true, env: { ...process.env, PATH } });
    /** @type {Buffer[]} */
    const printed = [];
    child.stdout.on("data", (data) => printed.push(data));
    child.stderr.on("data", (data) => printed.push(data));
    child.on("error", reject);
    child.on("close", (code) => {
      const verdict = code === 0 ? "" : `, failed: ${command}`;
      console.log(`${name}, ${((performance.now() - begin) / 1000).toFixed(1)} s${verdict}`);
      process.stdout.write(Buffer.concat(printed));
      resolve(code === 0);
    });
  });
}
