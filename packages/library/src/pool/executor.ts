/**
 * The script of a pool's worker threads: loads the module with the tasks, awaits its `init`, and executes tasks until it is told
 * to retire. A thread of Node's, or a browser's module worker, which the pool's maker has started: manager.ts.
 */
import { keepAlive, letGo } from "../keep-alive.js";
import { threads } from "../platform/threads.js";
import { receive } from "../receive.js";
import { plain, type Thrown, thrownOf } from "../thrown.js";
import type { Start, ToMaker } from "./messages.js";
import type { Pool } from "./pool.js";
import { Serving } from "./serving.js";
import { TaskFunctions } from "./task-functions.js";

// No `await` of the module itself: where it is one script with all that it imports, there is none.
void execute();

async function execute(): Promise<void> {
  const start = await threads.begin<Start>();
  // In browsers, nobody else hears of it; Node ends the thread itself.
  globalThis.addEventListener?.("unhandledrejection", (event) => {
    event.preventDefault();
    fail(start, event.reason);
  });
  let serving: Serving;
  try {
    serving = await begin(start);
  } catch (error) {
    fail(start, error);
    return;
  }
  await serving.serve();
  // What the tasks have printed is on its way.
  setTimeout(() => threads.exit(0), 0);
}

async function begin(start: Start): Promise<Serving> {
  // What `init` awaits need not keep Node alive.
  keepAlive();
  const tasks = await TaskFunctions.load(start.url);
  await tasks.init?.(receive(start.init));
  const pool = receive<Pool>(start.pool as never);
  await pool.space.guarded;
  const serving = new Serving(pool, start, tasks);
  serving.come();
  // Its port does from now on.
  letGo();
  return serving;
}

/** Tells the maker why, and ends. */
function fail({ port }: Start, thrown: unknown): void {
  const say = (its: Thrown) => port.postMessage({ say: "failed", thrown: its } satisfies ToMaker);
  try {
    say(thrownOf(thrown));
  } catch {
    say(plain(thrown) ?? [new Error(`received ${String(thrown)}`)]);
  }
  threads.exit(1);
}
