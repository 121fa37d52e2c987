/** What must hold when all victims of a scene are dead and all others are done, whatever happened. */
import { AbandonedError, type SharedSpace } from "#library/index.js";
import { CHANNELS, COUNTS, type Counted, LOCKS, type Message, MOST_SENT, PERMITS, type Scene } from "./scene.js";
import { LOADED } from "./steps/caches.js";
import { note } from "./steps/channels.js";

/** Milliseconds after which it is said that somebody waits for ever. */
const PATIENCE = { timeout: 60_000 };

const sum = (counts: Int32Array) => counts.reduce((a, b) => a + b, 0);

/** What is wrong, in words. Waits for what the dead held. `deaths`: of this scene. */
export async function wrongIn(scene: Scene, deaths: readonly number[]): Promise<string[]> {
  const { words, semaphore, signals, counter, histogram } = scene;
  const wrong: string[] = [];
  const between = (what: string, least: number, found: number, most: number) => {
    if (found < least || found > most) wrong.push(`${what}: found ${found}; expected ${least} to ${most}`);
  };

  for (const name of LOCKS) {
    const token = await scene[name].lockAsync(PATIENCE).catch((error: unknown) => {
      if (error instanceof AbandonedError) return error.token;
      throw error;
    });
    const { copies, done } = words.locks[name];
    if (!token.abandoned && copies[0] !== copies[1]) wrong.push(`${name}: what it protects is torn at the end`);
    between(name, sum(done), copies[0]!, sum(done) + deaths.length);
    token.unlock();
  }

  (await semaphore.acquireAsync(PERMITS, PATIENCE)).release();
  between("semaphore", PERMITS, semaphore.available, PERMITS);
  between("signals", sum(words.added) - sum(words.taking), signals.available, sum(words.adding) - sum(words.taken));
  between("stock", sum(words.put) - sum(words.getting), words.stock[0]!, sum(words.putting) - sum(words.got));
  between("counter", sum(words.counted), counter.exact(), sum(words.counting));
  between("histogram", sum(words.recorded), histogram.snapshot().count, sum(words.recording));
  const { count, again } = scene.replicated.get();
  between("replicated", sum(words.replaced), count, sum(words.replacing));
  if (again !== count || scene.replicated.version !== count) wrong.push("replicated: torn at the end");
  const { tally } = scene;
  const { counts } = tally.representative;
  for (const [worker, least] of words.broadcast.entries())
    between(`updates of worker ${worker}`, least, counts[worker] ?? 0, words.broadcasting[worker]!);
  const added = tally.gather(({ added }) => added).reduce((a, b) => a + b, 0);
  between("tally's words", sum(words.tallied), added, sum(words.tallying));
  between("tally's root", sum(words.tallied), tally.root.all.load(), added);
  const { map } = scene;
  const [number, object] = [map.get("number") as number, map.get("object") as Counted];
  between("map's number", sum(words.updated), number ?? 0, sum(words.updating));
  between("map's object", sum(words.updated), object?.count ?? 0, sum(words.updating));
  if (object?.count !== object?.again) wrong.push("map: its object is torn at the end");
  const entries = [...map].length;
  between("map", entries, map.size, entries);
  wrong.push(...(await wrongInCache(scene)));
  const { latch } = scene;
  between("latch", COUNTS - sum(words.countingDown), latch.left, COUNTS - sum(words.countedDown));
  if (latch.abandoned && deaths.length === 0) wrong.push("latch: it is abandoned, but nobody died");
  const isOver = latch.waitAsync(PATIENCE);
  latch.countDown(latch.left);
  await isOver;
  for (const which of [0, 1] as const) {
    if (scene.onces[which].done && words.worked[which] === 0) wrong.push("once: it is done, but nobody did it");
  }

  for (const name of CHANNELS) {
    const { begun, sent, received, receiving } = words.channels[name];
    const heard = { values: new Map(), bytes: new Map() };
    scene[name].close();
    for (;;) {
      const message = (await scene[name].receiveAsync(PATIENCE)) as Message | Uint8Array | undefined;
      if (message === undefined) break;
      note({ scene, heard, wrong: (what) => wrong.push(what) }, name, message);
    }
    let missing = 0;
    for (const [worker, known] of sent.entries()) {
      const mine = received.subarray(worker * MOST_SENT, (worker + 1) * MOST_SENT);
      missing += mine.subarray(0, known).filter((times) => times === 0).length;
      between(`${name}: messages that nobody sent`, 0, sum(mine.subarray(begun[worker]!)), 0);
    }
    // Who died while it received may have had one in its hand.
    between(
      `${name}: messages that are missing`,
      0,
      missing,
      deaths.filter((worker) => receiving[worker] === 1).length,
    );
  }
  return wrong;
}

/** Each entry is whole and in one of the queues; nobody waits for a load of the dead; and no bound is passed. */
async function wrongInCache({ cache }: Scene): Promise<string[]> {
  const wrong: string[] = [];
  for (let which = 0; which < LOADED; which++) {
    const { count, again } = await cache.fetch(`loaded ${which}`, () => ({ count: 1, again: 1 }), PATIENCE);
    if (count !== again) wrong.push("cache: a value is torn at the end");
  }
  const entries = [...cache];
  if (entries.some(([, { count, again }]) => count !== again)) wrong.push("cache: a value is torn at the end");
  if (entries.length !== cache.size) wrong.push(`cache: ${entries.length} entries; its size is ${cache.size}`);
  if (cache.size > cache.mostEntries || cache.bytes > cache.mostBytes) wrong.push("cache: more than it may have");
  const queued = queuedIn(cache);
  if (queued !== entries.length) wrong.push(`cache: ${queued} entries are in queues; expected ${entries.length}`);
  cache.clear();
  if (cache.size !== 0 || cache.bytes !== 0) wrong.push("cache: something is left after it was cleared");
  return wrong;
}

/** Offsets of kernel/library/cache-layout.ts: of the first partition, and of its queues. */
const PARTITION = 128;
const QUEUES = [40, 48];

/** Nodes in the queues of the only partition. @returns NaN if one does not lead back */
function queuedIn({ space, handle: { address } }: Scene["cache"]): number {
  const words = new Int32Array(space.memory.buffer);
  let nodes = 0;
  for (const queue of QUEUES) {
    const end = address + PARTITION + queue;
    let last = end;
    do {
      const next = words[(last >>> 2) + 1]! >>> 0;
      if (words[next >>> 2]! >>> 0 !== last) return Number.NaN;
      if (next !== end) nodes++;
      last = next;
    } while (last !== end);
  }
  return nodes;
}

/** Slots that are taken. */
export function slotsOf({ kernel }: SharedSpace): number {
  let taken = 0;
  for (let slot = 1; slot <= kernel.workers(); slot++) taken += kernel.is_live(slot);
  return taken;
}

/** Bytes of the block in which each worker that uses maps writes what it looks for. */
const SCRATCH_BYTES = 1024;

/** Blocks of the allocator that are in use, but for those that workers have as long as they are there. */
export function blocksOf({ kernel }: SharedSpace): number {
  let blocks = 0;
  for (let at = kernel.next_block(0); at !== 0; at = kernel.next_block(at)) {
    if (kernel.block_bytes(at) !== SCRATCH_BYTES) blocks++;
  }
  return blocks;
}
