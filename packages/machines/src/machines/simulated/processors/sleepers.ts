import type { GuestMemory } from "../../../processor/memory.js";
import type { ProcessorDescription } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import type { SimulatedProcessor } from "./simulated-processor.js";

/** What `memory.atomic.wait` returns. */
const WOKEN = 0;
const NOT_EQUAL = 1;
const TIMED_OUT = 2;

/** Nanoseconds of a sleep without a time limit; so are all numbers below 0. */
const FOR_EVER = -1n;

/** One sleep of one processor: a later one of the same has its own, so that no old time limit ends it. */
interface Sleep {
  readonly processor: SimulatedProcessor;
}

/** The processors that sleep in `memory.atomic.wait`, by address, in the order in which they fell asleep. */
export class Sleepers {
  readonly #byAddress = new Map<number, Sleep[]>();
  readonly #guest: GuestMemory;
  readonly #description: ProcessorDescription;
  readonly #events: EventQueue;
  readonly #awoken: (processor: SimulatedProcessor) => void;

  /** @param awoken lets a processor whose reference is back go on, at `at` */
  constructor(
    guest: GuestMemory,
    description: ProcessorDescription,
    events: EventQueue,
    awoken: (processor: SimulatedProcessor) => void,
  ) {
    this.#guest = guest;
    this.#description = description;
    this.#events = events;
    this.#awoken = awoken;
  }

  /** The wait that a processor executes takes effect: it sleeps, unless memory has another value. */
  wait(processor: SimulatedProcessor, now: number): void {
    const { address, size, low, high, low2, high2 } = processor.access;
    processor.high = 0;
    this.#guest.load(address, size);
    if (this.#guest.low !== low || this.#guest.high !== high) {
      processor.low = NOT_EQUAL;
      return;
    }
    processor.asleep = true;
    const sleep = { processor };
    const sleeps = this.#byAddress.get(address) ?? [];
    this.#byAddress.set(address, sleeps);
    sleeps.push(sleep);
    const nanoseconds = (BigInt(high2) << 32n) | BigInt(low2 >>> 0);
    if (nanoseconds <= FOR_EVER) return;
    const cycles = Math.ceil((Number(nanoseconds) * this.#description.megahertz) / 1000);
    this.#events.call(now + cycles, processor.key, (time) => {
      const place = sleeps.indexOf(sleep);
      if (place < 0) return;
      sleeps.splice(place, 1);
      this.#wake(processor, TIMED_OUT, time);
    });
  }

  /** The notify that a processor executes takes effect. */
  notify(processor: SimulatedProcessor, now: number): void {
    const { address, low } = processor.access;
    const woken = this.#byAddress.get(address)?.splice(0, low >>> 0) ?? [];
    for (const { processor: sleeper } of woken) {
      this.#events.call(now + this.#description.wake, sleeper.key, (time) => this.#wake(sleeper, WOKEN, time));
    }
    processor.low = woken.length;
    processor.high = 0;
  }

  #wake(processor: SimulatedProcessor, result: number, now: number): void {
    processor.asleep = false;
    processor.low = result;
    processor.high = 0;
    // Its own reference may still be on the way back: then it goes on when that is there.
    if (processor.pending) return;
    processor.at = Math.max(processor.at, now);
    this.#awoken(processor);
  }
}
