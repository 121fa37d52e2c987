/** Workers that share a cache of pages; each asks for popular ones often, and renders what is not there. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { receive, SharedSpace } from "landspout";
import { LruCache } from "./cache.js";

const PAGES = 20_000;
const ENTRIES = 2_000;

if (isMainThread) {
  const { values } = parseArgs({
    options: { workers: { type: "string", default: "4" }, requests: { type: "string", default: "20000" } },
  });
  const requests = Number(values.requests);
  const shared = LruCache.share(new SharedSpace(), { entries: ENTRIES });
  const start = (seed, dies) => new Worker(new URL(import.meta.url), { workerData: { shared, requests, seed, dies } });
  const workers = Array.from({ length: Number(values.workers) }, (_, i) => start(i + 1, false));
  await Promise.all([...workers, start(0, true)].map((worker) => once(worker, "exit")));

  const cache = new LruCache(shared);
  const entries = cache.keys().length;
  const { hits, misses, evictions, recoveries } = cache.statistics();
  console.log(`requests    ${hits + misses}`);
  console.log(`hits        ${((100 * hits) / (hits + misses)).toFixed(1)} %`);
  console.log(`evictions   ${evictions}`);
  console.log(`entries     ${entries} of at most ${ENTRIES}`);
  console.log(`recoveries  ${recoveries}: one worker died in the middle of an update`);
} else {
  const { shared, requests, seed, dies } = receive(workerData);
  const cache = new LruCache(shared);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < requests / (dies ? 10 : 1); i++) {
    // Page k is asked for about 1 / k as often as page 1.
    const page = Math.floor(PAGES ** random());
    const html = cache.get(`/page/${page}`);
    if (html === undefined) cache.set(`/page/${page}`, render(page));
    else if (!render(page).equals(html)) throw new Error(`Cannot trust page ${page}`);
  }
  // An update asks for byte after byte, and at the fifth the worker is gone.
  if (dies)
    cache.set("/page/0", {
      length: 9,
      4: 0,
      get 5() {
        return process.exit();
      },
    });
}

function render(page) {
  return Buffer.from(`<h1>Page ${page}</h1>`.repeat(1 + (page % 5)));
}
