/** A thread that serves, or calls and serves nothing, until it dies. What must not be it says. */
import { parentPort, workerData } from "node:worker_threads";
import { named, receive, Service } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { callAt, type Drilled, type Methods, make, NAME, proceduresOf, wrongIn } from "./calls.js";

const { space, words, seed, role, first, count, stacks } = receive(workerData) as Drilled;

if (role === "server") {
  let its: Methods | undefined;
  const call = (id: number, text: string) => {
    // All A-stacks may be those of calls that are further down this stack.
    its ??= named(space, NAME, Service).bind({ whenFull: "fail", timeout: 1000 }) as unknown as Methods;
    return its.short!(id, text);
  };
  new Service(space, { name: NAME, calls: stacks, procedures: proceduresOf(words, call) });
  parentPort!.postMessage("serves");
} else {
  const random = new Random(seed);
  const service = named(space, NAME, Service);
  for (let id = first; id < first + count; ) {
    const calls = Array.from({ length: Math.min(1 + random.below(6), first + count - id) }, () => callAt(random, id++));
    const blocks = random.below(2) === 0;
    const outcomes = calls.map(async (its) => {
      const binding = service.bind({ timeout: its.timeout, whenFull: its.fails ? "fail" : "wait" });
      try {
        return { its, value: await make((blocks ? binding : binding.async) as unknown as Methods, its) };
      } catch (error) {
        return { its, error };
      }
    });
    for (const { its, ...outcome } of await Promise.all(outcomes)) {
      const wrong = wrongIn(its, words, outcome as { value: unknown } | { error: unknown });
      if (wrong !== undefined) parentPort!.postMessage({ wrong });
    }
  }
}
