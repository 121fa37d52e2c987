import { describe, expect, test } from "vitest";
import { AcquisitionOrder } from "#machines/experiments/order.js";

/** Plays `+0` (processor 0 begins to wait) and `0` (it acquires). */
function play(processors: number, events: string): number | undefined {
  const order = new AcquisitionOrder(processors);
  for (const event of events.split(" ")) {
    if (event.startsWith("+")) order.arrived(Number(event.slice(1)));
    else order.acquired(Number(event));
  }
  return order.overtaken;
}

describe("AcquisitionOrder.overtaken", () => {
  test("AcquisitionOrder.overtaken is 0 for a queue, however long it is", () => {
    expect(play(3, "+0 +1 +2 0 +0 1 +1 2 +2 0 1 2")).toBe(0);
  });

  test("AcquisitionOrder.overtaken counts the waits during which another acquired twice", () => {
    // Of four waits only 1's is one: 0 acquired before it and, arrived later, before it again.
    expect(play(2, "+0 +1 0 +0 0 1 +0 0")).toBe(1 / 4);
  });

  test("AcquisitionOrder.overtaken does not add up different processors' acquisitions", () => {
    expect(play(4, "+3 +0 +1 +2 0 1 2 3")).toBe(0);
  });

  test("AcquisitionOrder.overtaken is undefined where nobody waited", () => {
    expect(new AcquisitionOrder(2).overtaken).toBeUndefined();
  });
});
