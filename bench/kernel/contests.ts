import { measure } from "mitata";
import type { Contest } from "../comparison.js";
import { ATOMICS_LOCKS, type CalledLock } from "./atomics-locks.js";
import type { KernelContenders } from "./contenders.js";
import type { PeersProgram } from "./peers-program.js";

const PAIRS = 1_000_000;
/** Nanoseconds of processor time for each measurement of a called pair. */
const CALLED_TIME = 30e6;
/** pthread_barrier's episodes take some microseconds: ten times as long at least. */
const TENTH = 0.1;

/** All of them; those with C where its compiler and libraries are there. */
export function kernelContests(
  kernel: KernelContenders,
  peers: PeersProgram | undefined,
  cores: number,
  ms: number,
): Contest[] {
  return [
    ...(peers ? pairContests(kernel, peers) : []),
    ...calledContests(kernel),
    ...(peers ? contendedContests(kernel, peers, cores, ms) : []),
    ...(peers ? barrierContests(kernel, peers, ms) : []),
    ...(peers ? mutexContests(kernel, peers, cores, ms) : []),
    oversubscribedContest(kernel, cores),
  ];
}

/** Against C: the same operations, and Concurrency Kit's. */
function pairContests(kernel: KernelContenders, peers: PeersProgram): Contest[] {
  const goals = { "test-and-set": 1.7, ticket: 1.2, anderson: 1.7, mcs: 1.2, clh: 1.7 };
  return Object.entries(goals).map(([name, atMost]) => ({
    work: `uncontended pair: ${name}`,
    contenders: {
      landspout: () => kernel.pair(name),
      "C, seq_cst": () => peers.measure("pair", name, PAIRS),
      "Concurrency Kit": () => peers.measure("pair", `ck-${name}`, PAIRS),
    },
    goals: [
      { ours: "landspout", peers: ["C, seq_cst"], atMost: 1.2 },
      { ours: "landspout", peers: ["Concurrency Kit"], atMost },
    ],
  }));
}

/** Called from JavaScript, against the same lock written with `Atomics`. */
function calledContests(kernel: KernelContenders): Contest[] {
  return Object.entries(ATOMICS_LOCKS).map(([name, atomics]) => ({
    work: `pair called from JavaScript: ${name}`,
    contenders: { landspout: calledPair(kernel.called(name)), Atomics: calledPair(atomics) },
    goals: [{ ours: "landspout", peers: ["Atomics"], atMost: 0.6 }],
  }));
}

function calledPair(lock: CalledLock): () => Promise<number> {
  const pair = () => {
    lock.acquire();
    lock.release();
  };
  return async () => (await measure(pair, { min_cpu_time: CALLED_TIME })).p50;
}

/** All cores at one lock: our time between acquisitions at most 1 / 0.8 of Concurrency Kit's. */
function contendedContests(kernel: KernelContenders, peers: PeersProgram, cores: number, ms: number): Contest[] {
  return ["ticket", "mcs", "clh", "anderson"].map((name) => ({
    work: `contended, ${cores} processors: ${name}`,
    contenders: {
      landspout: () => kernel.operation(name, cores),
      "Concurrency Kit": () => peers.measure("contended", `ck-${name}`, cores, ms),
    },
    goals: [{ ours: "landspout", peers: ["Concurrency Kit"], atMost: 1 / 0.8 }],
  }));
}

/** Two processors at a barrier. */
function barrierContests(kernel: KernelContenders, peers: PeersProgram, ms: number): Contest[] {
  const inC = ["dissemination", "sense-reversing"];
  return [...inC, "mcs-tree"].map((name) => ({
    work: `barrier, 2 processors: ${name}`,
    contenders: {
      landspout: () => kernel.operation(name, 2),
      ...(inC.includes(name) && { "C, seq_cst": () => peers.measure("barrier", name, 2, ms) }),
      "Concurrency Kit": () => peers.measure("barrier", `ck-${name}`, 2, ms),
      pthread_barrier: () => peers.measure("barrier", "pthread-barrier", 2, ms),
    },
    goals: [
      ...(inC.includes(name) ? [{ ours: "landspout", peers: ["C, seq_cst"], atMost: undefined }] : []),
      { ours: "landspout", peers: ["Concurrency Kit"], atMost: 1 / 0.8 },
      { ours: "landspout", peers: ["pthread_barrier"], atMost: TENTH },
    ],
  }));
}

/** The lock of real programs against the one of C. */
function mutexContests(kernel: KernelContenders, peers: PeersProgram, cores: number, ms: number): Contest[] {
  const goals = [{ ours: "landspout", peers: ["pthread_mutex"], atMost: undefined }];
  return [
    {
      work: "uncontended pair: spin-then-block",
      contenders: {
        landspout: () => kernel.pair("spin-then-block"),
        pthread_mutex: () => peers.measure("pair", "pthread-mutex", PAIRS),
      },
      goals,
    },
    {
      work: `oversubscribed, ${4 * cores} threads: spin-then-block`,
      contenders: {
        landspout: () => kernel.operation("spin-then-block", 4 * cores),
        pthread_mutex: () => peers.measure("contended", "pthread-mutex", 4 * cores, ms),
      },
      goals,
    },
  ];
}

/** Four times as many threads as cores, against one thread. */
function oversubscribedContest(kernel: KernelContenders, cores: number): Contest {
  const many = `${4 * cores} threads`;
  return {
    work: "oversubscribed: spin-then-block",
    contenders: {
      [many]: () => kernel.operation("spin-then-block", 4 * cores),
      "1 thread": () => kernel.operation("spin-then-block", 1),
    },
    goals: [{ ours: many, peers: ["1 thread"], atMost: 1 / 0.25 }],
  };
}
