/**
 * Hit ratios: threads that ask for keys, of which few are asked for often, of one SharedCache; and of an lru-cache in every
 * thread, all of which together have as many entries.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { LRUCache } from "lru-cache";
import { receive, SharedCache, SharedSpace } from "#library/index.js";
import type { ReportTable } from "#machines/report/table.js";
import { USER } from "../user.js";

const KEYS = 50_000;
const ENTRIES = 4_000;
const THREADS = 8;
/** Of Zipf's law: key k is asked for 1 / k^s as often as the first. */
const SKEWS = [0.8, 1, 1.2];

interface Task {
  readonly cache: SharedCache<string> | undefined;
  readonly skew: number;
  readonly seed: number;
  readonly requests: number;
}

/** What a thread of either kind uses. */
interface Cache {
  get(key: string): unknown;
  set(key: string, value: object): unknown;
}

/** Keys in the order in which they are asked for: by inversion, with a generator of its own for each seed. */
function* keys({ skew, seed, requests }: Task): Iterable<string> {
  const sums = new Float64Array(KEYS);
  for (let k = 0, sum = 0; k < KEYS; k++) {
    sum += 1 / (k + 1) ** skew;
    sums[k] = sum;
  }
  let state = seed;
  for (let i = 0; i < requests; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = (state / 2 ** 32) * sums[KEYS - 1]!;
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! < at) low = middle + 1;
      else high = middle;
    }
    yield `user:${low}`;
  }
}

/** Part of requests that the caches of all threads could answer. */
async function hitRatio(isShared: boolean, skew: number, requests: number): Promise<number> {
  const cache = isShared
    ? new SharedCache<string>(new SharedSpace({ workers: THREADS + 1 }), { entries: ENTRIES })
    : undefined;
  const workers = Array.from({ length: THREADS }, (_, seed) => {
    const task: Task = { cache, skew, seed, requests };
    return new Worker(fileURLToPath(import.meta.url), { workerData: task });
  });
  const hits = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0] as number));
  await Promise.all(workers.map((worker) => worker.terminate()));
  cache?.space.close();
  return hits.reduce((sum, hit) => sum + hit, 0) / (THREADS * requests);
}

export async function hitRatios(requests: number): Promise<ReportTable> {
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
  const rows = [];
  for (const skew of SKEWS) {
    const [ours, peers] = [await hitRatio(true, skew, requests), await hitRatio(false, skew, requests)];
    rows.push([`Zipf, s = ${skew}`, percent(ours), percent(peers), ((1 - ours) / (1 - peers)).toFixed(2)]);
  }
  return {
    title: `Hits of ${THREADS} threads, ${ENTRIES.toLocaleString("en")} entries in all, ${KEYS.toLocaleString("en")} keys`,
    note: "lru-cache: one in every thread, with an eighth of the entries. misses: ours by lru-cache's.",
    columns: ["requests", "one SharedCache", "lru-cache", "misses"],
    rows,
  };
}

if (!isMainThread && typeof workerData?.skew === "number") {
  const task = receive<Task>(workerData);
  const cache: Cache = task.cache ?? new LRUCache<string, object>({ max: ENTRIES / THREADS });
  let hits = 0;
  for (const key of keys(task)) {
    if (cache.get(key) === undefined) cache.set(key, USER);
    else hits++;
  }
  parentPort!.postMessage(hits);
}
