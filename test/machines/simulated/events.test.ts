import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Event, EventQueue } from "#machines/machines/simulated/events.js";

/** Scheduled as the `order`-th of all. */
class Noted extends Event {
  constructor(
    key: number,
    readonly order: number,
  ) {
    super(key);
  }
}

/** From now on: in the same cycle, within the wheel, at its edge, and far beyond it. */
const delays = fc.oneof(
  fc.nat(3),
  fc.nat(40),
  fc.nat(1100),
  fc.constantFrom(1022, 1023, 1024, 1025, 2047, 2048, 1_000_000),
);

describe("EventQueue", () => {
  test("takes events in the order of time, key and scheduling, also those that are scheduled meanwhile", () => {
    const steps = fc.array(
      fc.record({
        scheduled: fc.array(fc.tuple(delays, fc.integer({ min: -1, max: 3 })), { maxLength: 6 }),
        taken: fc.nat(4),
      }),
      { maxLength: 60, size: "max" },
    );
    fc.assert(
      fc.property(steps, (trace) => {
        const queue = new EventQueue();
        let pending: Noted[] = [];
        let order = 0;
        const takeOne = () => {
          pending.sort((a, b) => a.time - b.time || a.key - b.key || a.order - b.order);
          const expected = pending[0];
          // In one comparison: there are many, and an expectation takes longer than the queue.
          const time = expected?.time ?? Number.POSITIVE_INFINITY;
          const right = queue.nextTime === time && queue.take() === expected && (!expected || queue.now === time);
          if (!right) throw new Error(`it is ${queue.now}: expected event ${expected?.order} at ${time}`);
          pending = pending.slice(1);
        };
        for (const { scheduled, taken } of trace) {
          for (const [delay, key] of scheduled) {
            const event = new Noted(key, order++);
            queue.schedule(event, queue.now + delay, () => {});
            pending.push(event);
          }
          for (let i = 0; i < taken; i++) takeOne();
        }
        while (pending.length > 0) takeOne();
        takeOne();
      }),
      { numRuns: 300 },
    );
  });

  test("takes an event again that was scheduled again, with its next step", () => {
    const queue = new EventQueue();
    const event = new Noted(0, 7);
    const happened: [step: string, now: number, order: number][] = [];
    const step =
      (name: string) =>
      (now: number, { order }: Noted) =>
        happened.push([name, now, order]);
    for (const [name, time] of [
      ["near", 5],
      ["far", 5000],
      ["next", 5001],
    ] as const) {
      queue.schedule(event, time, step(name));
      expect(queue.take()).toBe(event);
      event.happen(queue.now);
    }
    expect(queue.take()).toBeUndefined();
    expect(happened).toEqual([
      ["near", 5, 7],
      ["far", 5000, 7],
      ["next", 5001, 7],
    ]);
  });

  test("calls a function with the time of its call", () => {
    const queue = new EventQueue();
    const called: number[] = [];
    queue.call(7, 0, (now) => called.push(now));
    queue.call(3, 0, (now) => called.push(now));
    for (let event = queue.take(); event !== undefined; event = queue.take()) event.happen(queue.now);
    expect(called).toEqual([3, 7]);
  });

  test("knows the next disturbance, whatever the order in which they were scheduled", () => {
    const queue = new EventQueue();
    const seen: [number, number][] = [];
    queue.call(1, 0, () => {});
    for (const time of [9, 4, 2000, 4]) {
      queue.disturb(new Event(0), time, (now) => seen.push([now, queue.nextDisturbance]));
    }
    expect(queue.nextDisturbance).toBe(4);
    for (let event = queue.take(); event !== undefined; event = queue.take()) event.happen(queue.now);
    expect(seen).toEqual([
      [4, 4],
      [4, 9],
      [9, 2000],
      [2000, Number.POSITIVE_INFINITY],
    ]);
  });
});
