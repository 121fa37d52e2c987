/**
 * The script of a pool's worker threads: loads the module with the tasks, awaits its `init`, and executes tasks until it is told
 * to retire. A thread of Node's, or a browser's module worker, which the pool's maker has started: manager.ts.
 */
import { threads } from "../platform/threads.js";
import { receive } from "../receive.js";
import type { Start, ToMaker } from "./messages.js";
import type { Pool } from "./pool.js";
import { Serving } from "./serving.js";
import { TaskFunctions } from "./task-functions.js";
import { plain, type Thrown, thrownOf } from "./thrown.js";

const start = await threads.begin<Start>();
const { port } = start;

// In browsers, nobody else hears of it; Node ends the thread itself.
globalThis.addEventListener?.("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

const serving = await begin().catch(fail);
if (serving) {
  await serving.serve();
  // What the tasks have printed is on its way.
  setTimeout(() => threads.exit(0), 0);
}

async function begin(): Promise<Serving> {
  const tasks = await TaskFunctions.load(start.url);
  await tasks.init?.(receive(start.init));
  const pool = receive<Pool>(start.pool as never);
  await pool.space.guarded;
  const serving = new Serving(pool, start, tasks);
  serving.come();
  return serving;
}

/** Tells the maker why, and ends. */
function fail(thrown: unknown): undefined {
  const say = (its: Thrown) => port.postMessage({ say: "failed", thrown: its } satisfies ToMaker);
  try {
    say(thrownOf(thrown));
  } catch {
    say(plain(thrown) ?? [new Error(`received ${String(thrown)}`)]);
  }
  threads.exit(1);
}
