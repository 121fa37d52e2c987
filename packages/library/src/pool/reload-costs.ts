/**
 * What a task costs more where its key's state is cold: learned from how long the tasks of each name have run, warm and cold.
 * An idle executor leaves a task to one where it is warm for as long.
 */
import { COLD, WARM } from "./layout.js";

/** A mean that forgets: the weight of what is new. */
const WEIGHT = 1 / 16;
/** Keyed tasks between two answers. */
const PERIOD = 64;
/** Microseconds: nobody waits longer than that for another executor, whatever was learned. */
const MOST = 1_000_000;

interface Means {
  warm: number | undefined;
  cold: number | undefined;
  count: number;
}

export class ReloadCosts {
  readonly #means = new Map<string, Means>();
  #sinceAnswer = 0;

  /**
   * A task has run for so many microseconds.
   *
   * @returns what reloading costs, now and then; else undefined
   */
  note(name: string, flags: number, ran: number): number | undefined {
    if ((flags & (WARM | COLD)) === 0) return undefined;
    let means = this.#means.get(name);
    if (!means) {
      means = { warm: undefined, cold: undefined, count: 0 };
      this.#means.set(name, means);
    }
    means.count++;
    if (flags & WARM) means.warm = moved(means.warm, ran);
    else means.cold = moved(means.cold, ran);
    if (++this.#sinceAnswer < PERIOD) return undefined;
    this.#sinceAnswer = 0;
    return this.#cost();
  }

  /** The difference, over the names of which both are known, each as often as it was executed. */
  #cost(): number {
    let sum = 0;
    let count = 0;
    for (const { warm, cold, count: these } of this.#means.values()) {
      if (warm === undefined || cold === undefined) continue;
      sum += (cold - warm) * these;
      count += these;
    }
    return count === 0 ? 0 : Math.min(Math.max(Math.round(sum / count), 0), MOST);
  }
}

function moved(mean: number | undefined, value: number): number {
  return mean === undefined ? value : mean + (value - mean) * WEIGHT;
}
