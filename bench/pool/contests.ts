/** The pool against npm's pools: who takes part in which work, and what is to be reached. */
import type { Contest, Goal, Turn } from "../comparison.js";
import { USER } from "../user.js";
import { KEYS, keyedTurn, keyedWork } from "./keyed.js";
import type { PoolPeer } from "./peer.js";
import { POOLS } from "./peers.js";
import { atOnceTurn, type Batch, failuresTurn, idleTurn, mapTurn, oneAtATimeTurn, transferTurn } from "./turns.js";

const PISCINAS = ["piscina, sync", "piscina, async", "piscina, disabled"];
const JEST = "jest-worker";
const OTHERS = [...PISCINAS, "tinypool", "poolifier", "workerpool"];
const ALL = [...OTHERS, JEST];

/** In one piece, as one that was read. */
const TEXT = Buffer.alloc(10_240, "0123456789").toString();
const MEGABYTE = 2 ** 20;

/** The sizes of works. */
interface Sizes {
  readonly workers: readonly number[];
  readonly nulls: number;
  readonly objects: number;
  readonly texts: number;
  readonly buffers: number;
  readonly failures: number;
  readonly single: number;
  /** Milliseconds. */
  readonly idle: number;
  readonly arrivals: number;
}

const WHOLE: Sizes = {
  workers: [2, 8],
  nulls: 200_000,
  objects: 50_000,
  texts: 10_000,
  buffers: 500,
  failures: 10_000,
  single: 3_000,
  idle: 1_000,
  arrivals: 2_000,
};
const SMOKE: Sizes = {
  workers: [2],
  nulls: 500,
  objects: 100,
  texts: 100,
  buffers: 20,
  failures: 100,
  single: 50,
  idle: 20,
  arrivals: 50,
};

/** By a pool's name. */
type Entrants = ReadonlyMap<string, PoolPeer>;
type Take = (peer: PoolPeer) => Promise<Turn>;

export async function poolContests(cores: number, smoke: boolean): Promise<Contest[]> {
  const entrants = new Map<string, PoolPeer>();
  for (const [name, load] of Object.entries(POOLS)) entrants.set(name, await load());
  const sizes = smoke ? SMOKE : WHOLE;
  return sizes.workers.flatMap((workers) => [
    ...throughput(entrants, sizes, workers),
    ...latency(entrants, sizes, workers, cores),
    ...keyed(entrants, sizes, workers, cores),
  ]);
}

function throughput(entrants: Entrants, sizes: Sizes, workers: number): Contest[] {
  const name = (what: string) => `${what}, ${workers} workers`;
  const contest = (what: string, peers: readonly string[], goals: readonly Goal[], take: Take) => {
    const names = ["landspout", ...peers];
    return { work: name(what), contenders: contenders(entrants, names, take), goals };
  };
  const objects: Batch = {
    task: "echo",
    count: sizes.objects,
    argument: (id) => ({ ...USER, id }),
    isRight: (outcome) => (outcome as typeof USER).email === USER.email,
  };
  const texts: Batch = {
    task: "echo",
    count: sizes.texts,
    argument: () => TEXT,
    isRight: (outcome) => outcome === TEXT,
  };
  const nulls: Batch = { task: "nothing", count: sizes.nulls };
  const mapped = "landspout, map";
  const atOnce = contest(
    `${nulls.count.toLocaleString("en")} null tasks at once`,
    ALL,
    [
      { ...goal(ALL, 1 / 20), within: 1e9 / 1.2e6 },
      { ...goal(PISCINAS, 1 / 20), within: 1_000, of: "processor" },
      { ours: mapped, peers: ALL, atMost: undefined, within: 1e9 / 3e6 },
    ],
    (peer) => atOnceTurn(peer, workers, nulls),
  );
  return [
    {
      ...atOnce,
      contenders: {
        ...contenders(
          entrants,
          ["landspout"],
          (peer) => mapTurn(peer, workers, nulls),
          () => mapped,
        ),
        ...atOnce.contenders,
      },
    },
    contest("object of 100 bytes", ALL, [goal(OTHERS, 1 / 5), goal([JEST], 1)], (peer) =>
      atOnceTurn(peer, workers, objects),
    ),
    contest("string of 10 KB", ALL, [goal(OTHERS, 1 / 2), goal([JEST], 1)], (peer) => atOnceTurn(peer, workers, texts)),
    contest("1 MB transferred", OTHERS, [goal(OTHERS, 1)], (peer) =>
      transferTurn(peer, workers, sizes.buffers, MEGABYTE),
    ),
    contest("an error thrown", ALL, [goal(ALL, 1)], (peer) => failuresTurn(peer, workers, sizes.failures)),
  ];
}

function latency(entrants: Entrants, sizes: Sizes, workers: number, cores: number): Contest[] {
  const names = ["landspout", "landspout, block", ...ALL];
  const single = (what: string, busy: number, within?: number): Contest => ({
    work: `one task at a time${what}, ${workers} workers`,
    contenders: contenders(entrants, names, (peer) => oneAtATimeTurn(peer, workers, sizes.single, busy)),
    goals: ["landspout", "landspout, block"].map((ours) => ({
      ours,
      peers: ALL,
      atMost: 1,
      ...(within !== undefined && { within }),
    })),
  });
  return [
    single("", 0, 1_500),
    single(", cores shared", cores - 1),
    {
      work: `a second of an idle pool, ${workers} workers`,
      contenders: contenders(entrants, ["no pool", ...names], (peer) => idleTurn(peer, workers, sizes.idle)),
      goals: [{ ...goal(["no pool"], undefined), within: 1e6 }],
    },
  ];
}

/** With two pools of one worker each, or more, a program chooses the worker itself. */
function keyed(entrants: Entrants, sizes: Sizes, workers: number, cores: number): Contest[] {
  const [piscina, sharded, leastBusy] = ["piscina, sync", "landspout, sharded by hand", "landspout, least busy"];
  const share = Math.ceil(KEYS / workers);
  const states = [
    { title: "20 KB", bytes: 20_000, kept: KEYS, goals: [goal([leastBusy], 1.1), goal([piscina], undefined)] },
    { title: "200 KB", bytes: 200_000, kept: share, goals: [goal([piscina], 1 / 5), goal([sharded], 1.1)] },
    { title: "2 MB", bytes: 2_000_000, kept: share, goals: [goal([piscina], 1 / 5), goal([sharded], 1.1)] },
  ];
  return states.map(({ title, bytes, kept, goals }) => {
    const work = keyedWork(bytes, kept, cores);
    const name = `keyed, ${title}, ${workers} workers`;
    console.log(
      `${name}: ${milliseconds(work.warm)} where the state is there, ${milliseconds(work.cold)} where it is made, ` +
        `${Math.round(work.rate * 1000)} tasks a second, ${kept} of ${KEYS} states kept by a worker`,
    );
    return {
      work: name,
      contenders: contenders(entrants, ["landspout", piscina, sharded, leastBusy], (peer) =>
        keyedTurn(peer, workers, work, sizes.arrivals),
      ),
      goals,
    };
  });
}

function milliseconds(time: number): string {
  return `${time.toPrecision(2)} ms`;
}

/** Those of the names who are there. */
function contenders(entrants: Entrants, names: readonly string[], take: Take, called = (name: string) => name) {
  const present = names.flatMap((name) => {
    const peer = entrants.get(name);
    return peer ? [[called(name), () => take(peer)] as const] : [];
  });
  return Object.fromEntries(present);
}

/** Of the pool. */
function goal(peers: readonly string[], atMost: number | undefined): Goal {
  return { ours: "landspout", peers, atMost };
}
