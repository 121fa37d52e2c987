/** Tasks that each need the state of their key: who gets a task decides whether the state is there or has to be made. */
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "#machines/machines/random.js";
import type { Turn } from "../comparison.js";
import { coreTimes, othersShare } from "../cores.js";
import type { PoolPeer } from "./peer.js";
import { useState } from "./states.js";
import { withPool } from "./turns.js";

export const KEYS = 64;
/** The part of the cores' time that the tasks would take if all states were there. */
const LOAD = 0.1;
/** Arrivals come at ticks of a millisecond: more a second would only make the crowds at each tick larger. */
const MOST_A_SECOND = 4_000;
const SEED = 1993;
/** Milliseconds in which the least time of a task is found: what other programs do meanwhile is no part of that. */
const TRIALS = 500;

/** Of the keys' weights up to each. */
const CUMULATED = Array.from({ length: KEYS }, (_, key) =>
  Array.from({ length: key + 1 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b),
);

/** What tasks of a size of state cost, and how often they come. */
export interface KeyedWork {
  readonly words: number;
  /** How many keys' states a worker keeps. */
  readonly kept: number;
  /** Milliseconds of processor time of a task whose state is there, or has to be made. */
  readonly warm: number;
  readonly cold: number;
  /** Arrivals in a millisecond, on average. */
  readonly rate: number;
}

/** Measures on this thread what a task costs. */
export function keyedWork(bytes: number, kept: number, cores: number): KeyedWork {
  const words = bytes / Uint32Array.BYTES_PER_ELEMENT;
  const cost = (keys: number) => {
    let least = Number.POSITIVE_INFINITY;
    const end = performance.now() + TRIALS;
    for (let i = 0, begin = 0; begin < end; i++) {
      begin = performance.now();
      useState({ key: i % keys, words, kept: 1 });
      least = Math.min(least, performance.now() - begin);
    }
    return least;
  };
  const [cold, warm] = [cost(2), cost(1)];
  return { words, kept, warm, cold, rate: Math.min((LOAD * cores) / warm, MOST_A_SECOND / 1000) };
}

/** Mean response of arrivals that wait for nobody, after as many milliseconds of them that do not count. */
export function keyedTurn(peer: PoolPeer, workers: number, work: KeyedWork, milliseconds: number): Promise<Turn> {
  return withPool(peer, workers, async (pool) => {
    const random = new Random(SEED);
    const key = () => zipf(fraction(random));
    const interval = () => -Math.log(1 - fraction(random));
    const arrivals = async () => {
      const responses: Promise<number>[] = [];
      const begin = performance.now();
      let due = begin;
      for (;;) {
        const now = performance.now();
        if (now >= begin + milliseconds) break;
        for (; due <= now; due += interval() / work.rate) {
          const order = { key: key(), words: work.words, kept: work.kept };
          responses.push(pool.keyed!("useState", order, order.key).then(() => performance.now() - now));
        }
        await sleep(1);
      }
      return await Promise.all(responses);
    };
    await arrivals();
    const opened = coreTimes();
    const responses = await arrivals();
    const others = othersShare(opened, coreTimes());
    return { time: (responses.reduce((a, b) => a + b, 0) * 1e6) / responses.length, others };
  });
}

/** Keys of which number i is asked for 1 / (i + 1) times as often as number 0; from 0 up to 1. */
function zipf(fraction: number): number {
  const total = CUMULATED.at(-1)!;
  return CUMULATED.findIndex((sum) => fraction * total < sum);
}

/** From 0 up to 1. */
function fraction(random: Random): number {
  const parts = 2 ** 30;
  return random.below(parts) / parts;
}
