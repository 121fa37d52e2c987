/** Workers that share a cache of pages; each asks for popular ones often, and renders what is not there. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { receive, SharedCache, SharedSpace } from "landspout";

const PAGES = 20_000;
const ENTRIES = 2_000;
/** The page whose first renderer dies. */
const FATAL = "/page/fatal";

if (isMainThread) {
  const { values } = parseArgs({
    options: { workers: { type: "string", default: "4" }, requests: { type: "string", default: "20000" } },
  });
  const requests = Number(values.requests);
  const cache = new SharedCache(new SharedSpace(), { entries: ENTRIES });
  const start = (seed, dies) => new Worker(new URL(import.meta.url), { workerData: { cache, requests, seed, dies } });

  const victim = start(0, true);
  await once(victim, "message");
  const workers = Array.from({ length: Number(values.workers) }, (_, i) => start(i + 1, false));
  const waiting = workers.map((worker) => once(worker, "message"));
  await Promise.all(waiting);
  await victim.terminate();
  const fatal = await cache.fetch(FATAL, () => "rendered by the main thread");
  for (const worker of workers) worker.postMessage("go");
  await Promise.all(workers.map((worker) => once(worker, "exit")));

  const { hits, firstLevelHits, misses, loads, evictions } = cache.statistics();
  const percent = (part, all) => `${((100 * part) / all).toFixed(1)} %`;
  console.log(`requests    ${hits + misses}`);
  console.log(
    `hits        ${percent(hits, hits + misses)}, of them ${percent(firstLevelHits, hits)} in a worker's first level`,
  );
  console.log(`rendered    ${loads} pages for ${misses} misses`);
  console.log(`evictions   ${evictions}`);
  console.log(`entries     ${cache.size} of at most ${ENTRIES}`);
  console.log(`deaths      1, while it rendered ${FATAL}, which was then ${fatal}`);
} else {
  const { cache, requests, seed, dies } = receive(workerData);
  if (dies) {
    await cache.fetch(FATAL, () => {
      parentPort.postMessage("renders");
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });
  }
  const fatal = cache.fetch(FATAL, () => `rendered by worker ${seed}`);
  parentPort.postMessage("waits");
  await once(parentPort, "message");
  await fatal;

  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < requests; i++) {
    // Page k is asked for about 1 / k as often as page 1.
    const page = Math.floor(PAGES ** random());
    const html = await cache.fetch(`/page/${page}`, () => render(page));
    if (html !== render(page)) throw new Error(`Cannot trust page ${page}`);
  }
  parentPort.close();
}

function render(page) {
  return `<h1>Page ${page}</h1>`.repeat(1 + (page % 5));
}
