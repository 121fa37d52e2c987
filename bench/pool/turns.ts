/** What a contender does in one round of each work, with what it did checked. Each turn has workers of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { summarize } from "#machines/index.js";
import { Disqualified, type Turn } from "../comparison.js";
import { coreTimes, othersShare } from "../cores.js";
import type { PoolPeer, RunningPool, TaskName } from "./peer.js";

/** Some tasks of a kind, and the result of each. */
export interface Batch {
  readonly task: TaskName;
  readonly count: number;
  /** A new one for each task, as programs have them. */
  readonly argument?: (i: number) => unknown;
  /** Whether a task's outcome is the right one; results are all undefined where it is not said. */
  readonly isRight?: (outcome: unknown) => boolean;
}

/** The part of a batch that is run before the clock starts: code is compiled, threads are there. */
const WARM_UP = 0.1;
/** Milliseconds in which a turn has to end. */
const PATIENCE = 120_000;
/** And in which a pool has to have closed. */
const CLOSING = 3_000;
/** How many buffers are under way at once. */
const BUFFERS = 8;
/** Milliseconds after which a pool that had a task has nothing to do any more. */
const REST = 300;

/** All of the batch is submitted before the first result is looked at. */
export function atOnceTurn(peer: PoolPeer, workers: number, batch: Batch): Promise<Turn> {
  return withPool(peer, workers, async (pool) => {
    await atOnce(pool, batch, Math.ceil(batch.count * WARM_UP));
    return await timed(batch.count, () => atOnce(pool, batch, batch.count));
  });
}

async function atOnce(pool: RunningPool, { task, argument, isRight = isUndefined }: Batch, count: number) {
  const outcomes: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) outcomes.push(pool.run(task, argument?.(i)));
  for (const outcome of await Promise.all(outcomes)) check(isRight(outcome), outcome);
}

/** As `atOnceTurn`, but each task fails. */
export function failuresTurn(peer: PoolPeer, workers: number, count: number): Promise<Turn> {
  const failures = async (pool: RunningPool, count: number) => {
    const outcomes = await Promise.allSettled(Array.from({ length: count }, () => pool.run("fail")));
    for (const { status } of outcomes) check(status === "rejected", status);
  };
  return withPool(peer, workers, async (pool) => {
    await failures(pool, Math.ceil(count * WARM_UP));
    return await timed(count, () => failures(pool, count));
  });
}

/** Results are taken one after the other. */
export function mapTurn(peer: PoolPeer, workers: number, { task, count }: Batch): Promise<Turn> {
  const mapped = async (pool: RunningPool, count: number) => {
    let results = 0;
    for await (const result of pool.map!(task, count)) {
      check(result === undefined, result);
      results++;
    }
    check(results === count, results);
  };
  return withPool(peer, workers, async (pool) => {
    await mapped(pool, Math.ceil(count * WARM_UP));
    return await timed(count, () => mapped(pool, count));
  });
}

/** Buffers of so many bytes are moved, some at a time. */
export function transferTurn(peer: PoolPeer, workers: number, count: number, bytes: number): Promise<Turn> {
  const moved = async (pool: RunningPool, count: number) => {
    let left = count;
    const party = async () => {
      while (left-- > 0) {
        const buffer = new ArrayBuffer(bytes);
        check((await pool.transfer!("byteLength", buffer)) === bytes, "another length");
        check(buffer.byteLength === 0, "a buffer that is still here");
      }
    };
    await Promise.all(Array.from({ length: BUFFERS }, party));
  };
  return withPool(peer, workers, async (pool) => {
    await moved(pool, Math.ceil(count * WARM_UP));
    return await timed(count, () => moved(pool, count));
  });
}

/** Each task is submitted when the one before has ended: the median. `busy` threads compute meanwhile. */
export async function oneAtATimeTurn(peer: PoolPeer, workers: number, count: number, busy: number): Promise<Turn> {
  const threads = Array.from({ length: busy }, () => new Worker("for (;;);", { eval: true }));
  try {
    return await withPool(peer, workers, async (pool) => {
      for (let i = 0; i < count * WARM_UP; i++) await pool.run("nothing");
      const times: number[] = [];
      const { others } = await timed(count, async () => {
        for (let i = 0; i < count; i++) {
          const begin = performance.now();
          await pool.run("nothing");
          times.push((performance.now() - begin) * 1e6);
        }
      });
      return { time: summarize(times)!.median, ...(others !== undefined && { others }) };
    });
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Nanoseconds of processor time in a second in which a pool has nothing to do. */
export function idleTurn(peer: PoolPeer, workers: number, milliseconds: number): Promise<Turn> {
  return withPool(peer, workers, async (pool) => {
    await Promise.all(Array.from({ length: 100 }, () => pool.run("nothing")));
    await sleep(REST);
    const { user, system } = process.cpuUsage();
    const begin = performance.now();
    await sleep(milliseconds);
    const used = process.cpuUsage({ user, system });
    return { time: ((used.user + used.system) * 1e6) / (performance.now() - begin) };
  });
}

/** Nanoseconds of an operation, by the clock and of processor time. */
export async function timed(operations: number, work: () => Promise<unknown>): Promise<Turn> {
  const opened = coreTimes();
  const usage = process.cpuUsage();
  const begin = performance.now();
  await work();
  const time = ((performance.now() - begin) * 1e6) / operations;
  const { user, system } = process.cpuUsage(usage);
  return { time, processor: ((user + system) * 1000) / operations, others: othersShare(opened, coreTimes()) };
}

/** @throws {Disqualified} where the pool fails or does not end */
export async function withPool(peer: PoolPeer, workers: number, work: (pool: RunningPool) => Promise<Turn>) {
  const pool = await peer.start(workers);
  const expired = new AbortController();
  try {
    const limit = sleep(PATIENCE, undefined, { signal: expired.signal }).then(() => {
      throw new Disqualified(`it does not end within ${PATIENCE / 1000} s`);
    });
    return await Promise.race([work(pool), limit]);
  } catch (error) {
    throw error instanceof Disqualified ? error : new Disqualified(String(error));
  } finally {
    expired.abort();
    // Poolifier's destroy() now and then never ends while the cores are busy.
    await Promise.race([pool.close(), sleep(CLOSING)]);
  }
}

function isUndefined(outcome: unknown): boolean {
  return outcome === undefined || outcome === null;
}

function check(isRight: boolean, outcome: unknown): void {
  if (!isRight) throw new Disqualified(`it gives ${String(outcome).slice(0, 80)}`);
}
