import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Channel, SharedSpace } from "landspout";

/**
 * Counts the words of files, in parallel. Paths go to whichever worker is free, through one channel; what the workers
 * counted comes back through another.
 *
 * @param {string[]} roots files and directories, which are searched
 * @param {{ workers: number, progress?: (files: number) => void, signal?: AbortSignal }} options when the signal is
 *   aborted, what was counted so far is the result
 * @returns {Promise<{ counts: Map<string, number>, counted: number, binary: number, failures: string[] }>} files that were
 *   counted, or not since they are no text; messages for those that could not be read
 * @throws {Error} if something cannot be found or searched, or a worker dies
 */
export async function countFiles(roots, { workers, progress = () => {}, signal }) {
  await Promise.all(roots.map((root) => stat(root)));
  const space = new SharedSpace();
  const shared = { paths: new Channel(space), results: new Channel(space, { capacity: 2 ** 20 }) };
  const threads = Array.from({ length: workers }, () => {
    return new Worker(new URL("worker.js", import.meta.url), { workerData: shared });
  });
  const end = new AbortController();
  const died = new Promise((_, reject) => {
    for (const thread of threads) {
      thread.once("error", reject);
      thread.once(
        "exit",
        (code) => code !== 0 && reject(new Error("Cannot count words: received the end of a worker")),
      );
    }
  });
  try {
    const sent = send(roots, shared.paths, signal ? AbortSignal.any([signal, end.signal]) : end.signal);
    const collected = collect(shared.results, workers, progress, end.signal);
    const [total] = await Promise.race([Promise.all([collected, sent]), died]);
    return total;
  } finally {
    // What still waits would keep the program alive.
    end.abort();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Sends the paths of all files, then closes the channel. */
async function send(roots, paths, signal) {
  signal.addEventListener("abort", () => {
    paths.close();
    // What no worker has taken yet is not counted.
    while (typeof paths.receiveIfAvailable(0) === "string");
  });
  try {
    for (const root of roots) {
      for await (const path of filesOf(root)) await paths.sendAsync(path, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    paths.close();
  }
}

async function* filesOf(root) {
  if ((await stat(root)).isFile()) yield root;
  else {
    for await (const entry of await opendir(root, { recursive: true })) {
      if (entry.isFile()) yield join(entry.parentPath, entry.name);
    }
  }
}

async function collect(results, workers, progress, signal) {
  const total = { counts: new Map(), counted: 0, binary: 0, failures: [] };
  for (let working = workers; working > 0; ) {
    const { file, message, counts, ended } = await results.receiveAsync({ signal });
    if (file === "counted") progress(++total.counted);
    if (file === "binary") total.binary++;
    if (file === "failed") total.failures.push(message);
    for (const [word, count] of counts ?? []) total.counts.set(word, (total.counts.get(word) ?? 0) + count);
    if (ended) working--;
  }
  return total;
}
