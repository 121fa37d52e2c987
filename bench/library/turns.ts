/** What a contender does in one round of each work, with what it did checked. */
import { measure } from "mitata";
import { jainIndex, summarize } from "#machines/index.js";
import { Disqualified, type Turn } from "../comparison.js";
import type { Crew } from "./crew.js";
import type { ChannelShape, Peer } from "./peer.js";
import { PROTECTED, type Report, type Sections } from "./work.js";

/** A peer and its threads. */
export interface Entrant {
  readonly peer: Peer;
  readonly crew: Crew;
  /** Of each work. */
  readonly milliseconds: number;
}

/** Nanoseconds of processor time for each measurement of an uncontended pair. */
const PAIR_TIME = 30e6;
/** A batch of awaited pairs: long beside the clock. */
const BATCH = 1_000;
const BATCHES = 15;

/** Nanoseconds of a pair, called by the main thread. */
export async function pairTurn(pair: () => void): Promise<number> {
  return (await measure(pair, { min_cpu_time: PAIR_TIME })).p50;
}

/** Nanoseconds of an awaited pair, called by the main thread. */
export async function awaitedPairsTurn(pairs: (pairs: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  while (times.length < BATCHES) {
    const start = performance.now();
    await pairs(BATCH);
    times.push(((performance.now() - start) * 1e6) / BATCH);
  }
  return summarize(times)!.median;
}

/** Throughput first; then the longest wait, as clocks around every acquisition cost as much as a lock. */
export async function contendedTurn(
  { peer, crew, milliseconds }: Entrant,
  workers: number,
  sections: Sections,
): Promise<Turn> {
  const run = async (observed: boolean) => {
    const result = await crew.run("contended", peer.lock!.create(workers), milliseconds, { observed, sections });
    const [acquisitions, increases] = [sum(result.reports), result.words[PROTECTED]];
    if (acquisitions !== increases) throw new Disqualified(`${increases} increases in ${acquisitions} acquisitions`);
    return result;
  };
  const { reports, elapsed, others } = await run(false);
  const observed = await run(true);
  return {
    time: elapsed / sum(reports),
    others: Math.max(others, observed.others),
    longestWait: 1e6 * Math.max(...observed.reports.map(({ longestWait }) => longestWait!)),
    fairness: jainIndex(reports.map(({ operations }) => operations)),
  };
}

/** Nanoseconds of the critical section and the think time alone. */
export async function unlockedTurn({ peer, crew, milliseconds }: Entrant, sections: Sections): Promise<Turn> {
  const { reports, elapsed, others } = await crew.run("contended", peer.lock!.create(1), milliseconds, { sections });
  return { time: elapsed / sum(reports), others };
}

/** Nanoseconds of a round trip. */
export async function pingPongTurn({ peer, crew, milliseconds }: Entrant): Promise<Turn> {
  const { reports, elapsed, others } = await crew.run("pingPong", peer.monitor!.create(2), milliseconds, {});
  const turns = reports.map(({ operations }) => operations);
  if (Math.abs(turns[0]! - turns[1]!) > 1) throw new Disqualified(`${turns[0]} turns of one, ${turns[1]} of the other`);
  return { time: elapsed / Math.min(...turns), others };
}

/** Nanoseconds a message. */
export async function messagesTurn({ peer, crew, milliseconds }: Entrant, shape: ChannelShape): Promise<Turn> {
  const { reports, elapsed, others } = await crew.run("messages", peer.channel!.create(shape), milliseconds, { shape });
  const [sent, received] = [sum(reports.slice(0, shape.producers)), sum(reports.slice(shape.producers))];
  if (sent !== received) throw new Disqualified(`${sent} messages sent, ${received} received`);
  return { time: elapsed / received, others };
}

/** Nanoseconds between additions of `workers` threads. */
export async function countingTurn({ peer, crew, milliseconds }: Entrant, workers: number): Promise<Turn> {
  const shares = peer.counter!.create(workers);
  const { reports, elapsed, others } = await crew.run("counting", shares, milliseconds, {});
  const [added, counted] = [sum(reports), peer.counter!.attach(shares[0]!.handle as never).read()];
  if (added !== counted) throw new Disqualified(`${added} added, ${counted} counted`);
  return { time: elapsed / added, others };
}

/** Nanoseconds between pairs of an allocation and a free, of `workers` threads with `live` blocks each. */
export async function allocationTurn(
  { peer, crew, milliseconds }: Entrant,
  live: number,
  workers: number,
): Promise<Turn> {
  const { reports, elapsed, others } = await crew.run("allocation", peer.allocator!.create(workers), milliseconds, {
    live,
  });
  return { time: elapsed / sum(reports), others };
}

function sum(reports: readonly Report[]): number {
  return reports.reduce((all, { operations }) => all + operations, 0);
}
