/**
 * Shared maps against lmdb and a Map behind a port, shared caches against lru-cache, calls by a reference against others: who
 * takes part in which work, and what is to be reached. A longest wait is that of a thousand operations of one thread.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Contest, Goal, Turn } from "../comparison.js";
import { coreTimes, othersShare } from "../cores.js";
import type { CallName } from "./calls.js";
import type { CallTask } from "./calls-thread.js";
import { PEERS, type PeerName } from "./peers.js";
import type { Done, Task } from "./thread.js";
import type { WorkName } from "./works.js";

/** Those that are asked to be maps. */
const MAPS: readonly PeerName[] = ["landspout", "lmdb", "a Map behind a port"];

const CACHES: readonly PeerName[] = ["SharedCache", "SharedCache, shared alone", "lru-cache"];

/** Nanoseconds an operation of all threads together. */
async function turn(peer: PeerName, work: WorkName, threads: number, milliseconds: number): Promise<Turn> {
  const its = await PEERS[peer]();
  const handle = await its.make();
  const workers = Array.from({ length: threads }, () => {
    const task: Task = { peer, handle, work, milliseconds };
    const transferList = handle instanceof MessagePort ? [handle as never] : [];
    return new Worker(new URL("./thread.js", import.meta.url), { workerData: task, transferList });
  });
  try {
    return await measured(workers);
  } finally {
    await its.close(handle);
  }
}

/** Nanoseconds a call, in a thread that makes no others. */
function calls(name: CallName, milliseconds: number): Promise<Turn> {
  const task: CallTask = { name, milliseconds };
  return measured([new Worker(new URL("./calls-thread.js", import.meta.url), { workerData: task })]);
}

/** What threads say that begin at once. Ends them. */
async function measured(workers: readonly Worker[]): Promise<Turn> {
  try {
    await Promise.all(workers.map((worker) => once(worker, "message")));
    const before = coreTimes();
    const used = process.cpuUsage();
    const answers = Promise.all(workers.map((worker) => once(worker, "message")));
    for (const worker of workers) worker.postMessage("go");
    const done = (await answers).map(([answer]) => answer as Done);
    const operations = done.reduce((sum, { operations }) => sum + operations, 0);
    const nanoseconds = Math.max(...done.map(({ nanoseconds }) => nanoseconds));
    const { user, system } = process.cpuUsage(used);
    const processor = ((user + system) * 1000) / operations;
    const longestWait = Math.max(...done.map(({ longest }) => longest));
    return { time: nanoseconds / operations, longestWait, processor, others: othersShare(before, coreTimes()) };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

export function objectContests(cores: number, milliseconds: number): Contest[] {
  const contest = (work: WorkName, threads: number, goals: readonly Goal[]): Contest => ({
    work: `map: ${work}, ${threads} thread${threads > 1 ? "s" : ""}`,
    contenders: Object.fromEntries(
      (Object.keys(PEERS) as PeerName[])
        .filter((peer) => MAPS.includes(peer) && (threads === 1 || peer !== "a Map behind a port"))
        .map((peer) => [peer, () => turn(peer, work, threads, milliseconds)]),
    ),
    goals,
  });
  const against = (peer: PeerName, atMost: number, within?: number): Goal => ({
    ours: "landspout",
    peers: [peer],
    atMost,
    ...(within !== undefined && { within }),
  });
  const cache: Contest = {
    work: "cache: get an object of 100 bytes",
    contenders: Object.fromEntries(
      CACHES.map((peer) => [peer, () => turn(peer, "get one of few objects of 100 bytes", 1, milliseconds)]),
    ),
    goals: [
      { ours: "SharedCache", peers: ["lru-cache"], atMost: 1.5, within: 60 },
      { ours: "SharedCache, shared alone", peers: ["lru-cache"], atMost: undefined, within: 1000 },
    ],
  };
  const called = (names: readonly CallName[]) =>
    Object.fromEntries(names.map((name) => [name, () => calls(name, milliseconds)]));
  const reference: Contest = {
    work: "clustered object: a call",
    contenders: called(["reference", "direct call", "Map.get", "Proxy"]),
    goals: [
      { ours: "reference", peers: ["direct call"], atMost: undefined, within: 2.5 },
      { ours: "reference", peers: ["Map.get"], atMost: 1 },
      { ours: "reference", peers: ["Proxy"], atMost: 1 / 10 },
    ],
  };
  const replicated: Contest = {
    work: "replicated: get what was not changed",
    contenders: {
      ...called(["Replicated.get"]),
      "a message to the owner": () => turn("a Map behind a port", "get a number", 1, milliseconds),
    },
    goals: [{ ours: "Replicated.get", peers: ["a message to the owner"], atMost: 1 / 1000, within: 3 }],
  };
  const writers: Contest = {
    work: "map: set a number, two writers and one",
    contenders: {
      "landspout, two writers": () => turn("landspout", "set a number", 2, milliseconds),
      "landspout, one writer": () => turn("landspout", "set a number", 1, milliseconds),
    },
    goals: [{ ours: "landspout, two writers", peers: ["landspout, one writer"], atMost: 1 / 1.6 }],
  };
  const many = 4 * cores;
  const crowd = (work: WorkName): Contest => ({
    work: `map: ${work}, ${many} threads and ${cores}`,
    contenders: {
      [`landspout, ${many} threads`]: () => turn("landspout", work, many, milliseconds),
      [`landspout, ${cores} threads`]: () => turn("landspout", work, cores, milliseconds),
    },
    goals: [
      { ours: `landspout, ${many} threads`, peers: [`landspout, ${cores} threads`], atMost: 1.05 },
      {
        ours: `landspout, ${many} threads`,
        peers: [`landspout, ${cores} threads`],
        atMost: undefined,
        within: 20e6,
        of: "longestWait",
      },
    ],
  });
  return [
    contest("get a number", 1, [against("lmdb", 1 / 3, 150), against("a Map behind a port", 1 / 50)]),
    contest("get an object of 100 bytes", 1, [against("lmdb", 1 / 3, 700), against("a Map behind a port", 1 / 50)]),
    contest("set a number", 1, [against("lmdb", 1 / 3, 500)]),
    contest("set an object of 100 bytes", 1, [against("lmdb", 1 / 3, 1000)]),
    contest("read, seldom write", 2, [against("lmdb", 1 / 3)]),
    ...(cores > 1 ? [writers, crowd("read a number, seldom write"), crowd("read, seldom write")] : []),
    cache,
    reference,
    replicated,
  ];
}
