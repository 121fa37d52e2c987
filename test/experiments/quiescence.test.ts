import { describe, expect, test } from "vitest";
import { Quiescence } from "#machines/experiments/quiescence.js";

describe("Quiescence", () => {
  test("is from a release to the last reference of those who still wait, by their number", () => {
    const watched = new Quiescence(100);
    for (const processor of [0, 1, 2]) watched.arrived(processor);
    watched.acquired(0, 10);
    watched.referred(0, 15);
    watched.referred(0, 112);
    watched.referred(1, 120);
    watched.referred(2, 130);
    watched.acquired(1, 125);
    // The critical section's own reference is not of waiting.
    watched.referred(1, 140);
    watched.referred(1, 230);
    watched.referred(2, 233);
    watched.acquired(2, 240);
    watched.referred(2, 345);
    expect(watched.times).toEqual([undefined, 3, 18]);
  });

  test("has the mean of releases with as many waiting", () => {
    const watched = new Quiescence(10);
    for (const [begin, quiet] of [
      [0, 4],
      [100, 8],
      [200, 0],
    ] as const) {
      watched.arrived(0);
      watched.arrived(1);
      watched.acquired(0, begin);
      watched.referred(0, begin + 20);
      watched.referred(1, begin + 20 + quiet);
      watched.acquired(1, begin + 50);
      watched.referred(1, begin + 70);
    }
    expect(watched.times[1]).toBe(4);
  });
});
