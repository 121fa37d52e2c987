import { INTERRUPT } from "../../../program/privileged.js";
import { Event, type EventQueue } from "../events.js";
import { LINK_KEY } from "../memory/memory-system.js";
import type { BootedProcessor } from "./booted-processor.js";

/**
 * Interrupts on their way: each is a disturbance, since no processor may be ahead of what it is interrupted by. So one that
 * another processor or a device sends takes no less than the cycles by which processors may be ahead.
 */
export class Interrupts {
  readonly #events: EventQueue;
  readonly #processors: readonly BootedProcessor[];
  readonly #notice: number;
  readonly #arrived: (processor: BootedProcessor, now: number) => void;

  /**
   * @param notice cycles by which processors may be ahead of events
   * @param arrived one is pending that was not
   */
  constructor(
    events: EventQueue,
    processors: readonly BootedProcessor[],
    notice: number,
    arrived: (processor: BootedProcessor, now: number) => void,
  ) {
    this.#events = events;
    this.#processors = processors;
    this.#notice = notice;
    this.#arrived = arrived;
  }

  /** An interrupt that is sent now arrives at a processor after so many cycles. */
  send(now: number, way: number, to: number, number: number): void {
    this.#at(now + Math.max(way, this.#notice), (time) => this.#pend(this.#processors[to]!, number, time));
  }

  /** In place of the timer that was set; 0 for none. */
  setTimer(processor: BootedProcessor, cycles: number): void {
    const setting = ++processor.timer;
    if (cycles === 0) return;
    this.#at(processor.at + cycles, (now) => {
      if (processor.timer === setting) this.#pend(processor, INTERRUPT.timer, now);
    });
  }

  /** A request of a processor's has ended now. */
  complete(processor: BootedProcessor, request: number, now: number): void {
    this.#at(now + Math.max(1, this.#notice), (time) => {
      processor.completions.push(request);
      this.#arrived(processor, time);
    });
  }

  #pend(processor: BootedProcessor, number: number, now: number): void {
    processor.pendingInterrupts |= 1 << number;
    this.#arrived(processor, now);
  }

  #at(time: number, run: (now: number) => void): void {
    this.#events.disturb(new Event(LINK_KEY), time, run);
  }
}
