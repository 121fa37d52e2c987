/** What a contender does in one round of each work, with its answers checked. Each turn has threads of its own. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { summarize } from "#machines/index.js";
import { Disqualified, type Turn } from "../comparison.js";
import { coreTimes, othersShare } from "../cores.js";
import { PEERS, type PeerName } from "./peers.js";
import { type Called, run, warmUp } from "./run.js";
import type { CallerTask } from "./thread.js";
import { calling, type SizeName } from "./values.js";

/** Threads that call, and those that they call. */
export interface Crowd {
  readonly callers: number;
  readonly servers: number;
}

/** Nanoseconds of a call, in the middle; of a crowd, of all callers together. */
export async function blockingTurn(
  peer: PeerName,
  size: SizeName,
  { callers, servers }: Crowd,
  milliseconds: number,
): Promise<Turn> {
  const started = await (await PEERS[peer]()).start(servers, callers);
  const workers = started.handles.map(({ handle, transfer }) => {
    const task: CallerTask = { peer, handle, size, milliseconds };
    return new Worker(new URL("./thread.js", import.meta.url), { workerData: task, transferList: [...transfer] });
  });
  try {
    for (const [answer] of await Promise.all(workers.map((worker) => once(worker, "message")))) {
      if (answer !== "ready") throw new Disqualified(answer as string);
    }
    const before = coreTimes();
    const answers = Promise.all(workers.map((worker) => once(worker, "message")));
    for (const worker of workers) worker.postMessage("go");
    const called = (await answers).map(([answer]) => answer as Called);
    const others = othersShare(before, coreTimes());
    const [first] = called;
    const all = called.reduce((sum, { calls }) => sum + calls, 0);
    const elapsed = Math.max(...called.map(({ nanoseconds }) => nanoseconds));
    const longestWait = Math.max(...called.map(({ longest }) => longest));
    return { time: callers === 1 ? first!.median : elapsed / all, longestWait, others };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    await started.close();
  }
}

/** The same of a call from this thread, which blocks. */
export async function blockingHereTurn(peer: PeerName, size: SizeName, milliseconds: number): Promise<Turn> {
  const its = await PEERS[peer]();
  const started = await its.start(1, 1);
  try {
    const call = calling(size, its.open(started.handles[0]!.handle).blocking!(size));
    warmUp(call, milliseconds);
    const before = coreTimes();
    const { median, longest } = run(call, milliseconds);
    return { time: median, longestWait: longest, others: othersShare(before, coreTimes()) };
  } finally {
    await started.close();
  }
}

/** Calls before the clock starts. */
const WARM_UP = 3000;
/** Of one after the other: those between two looks at the clock. */
const BLOCK = 16;

/** Nanoseconds of a call from this thread, in the middle of calls one after the other; or of all, so many outstanding. */
export async function promisedTurn(peer: PeerName, outstanding: number, milliseconds: number): Promise<Turn> {
  const its = await PEERS[peer]();
  const started = await its.start(1, 1);
  try {
    const call = its.open(started.handles[0]!.handle).promised!("8 bytes");
    let next = 0;
    const checked = async () => {
      const value = next++;
      if ((await call(value)) !== value + 1) throw new Disqualified(`another answer than ${value + 1}`);
    };
    const measure = outstanding === 1 ? oneByOne : (time: number, least: number) => many(outstanding, time, least);
    async function oneByOne(time: number, least: number): Promise<number> {
      const blocks: number[] = [];
      const from = performance.now();
      for (let to = from; to - from < time || blocks.length * BLOCK < least; ) {
        for (let i = 0; i < BLOCK; i++) await checked();
        const now = performance.now();
        blocks.push(((now - to) * 1e6) / BLOCK);
        to = now;
      }
      return summarize(blocks)!.median;
    }
    async function many(outstanding: number, time: number, least: number): Promise<number> {
      const from = performance.now();
      const first = next;
      const party = async () => {
        do await checked();
        while (next - first < least || performance.now() - from < time);
      };
      await Promise.all(Array.from({ length: outstanding }, party));
      return ((performance.now() - from) * 1e6) / (next - first);
    }
    await measure(0, WARM_UP);
    const before = coreTimes();
    const time = await measure(milliseconds, 0);
    return { time, others: othersShare(before, coreTimes()) };
  } finally {
    await started.close();
  }
}
