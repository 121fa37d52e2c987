import { describe, expect, test } from "vitest";
import { Contention } from "#machines/experiments/contention.js";

const SECTION = 100;

/** Four processors acquire in turn; `referred` tells the time of each reference that a release at 0 causes. */
function watch(referred: (processor: number) => readonly number[]): Contention {
  const watched = new Contention(SECTION);
  for (const processor of [0, 1, 2, 3]) watched.arrived(processor);
  for (const processor of [0, 1, 2, 3]) {
    const acquired = 1000 * processor;
    watched.acquired(processor, acquired);
    for (const other of [0, 1, 2, 3]) for (const time of referred(other)) watched.referred(other, acquired + time);
    watched.referred(processor, acquired + SECTION);
  }
  return watched;
}

describe("Contention.disturbed", () => {
  test("is 1 where everybody looks again after a release, and 0 where nobody does", () => {
    expect(watch(() => [10]).disturbed).toBe(1);
    expect(watch(() => []).disturbed).toBe(0);
  });

  test("is the part that looks again, of those who still wait at the next release", () => {
    // After the first release 2 and 3 wait on, after the second 3 alone.
    expect(watch((processor) => (processor === 3 ? [10] : [])).disturbed).toBe(2 / 3);
  });

  test("leaves out who refers to memory all the time", () => {
    expect(watch((processor) => (processor === 3 ? [10, 60] : [10])).disturbed).toBe(1);
    expect(watch(() => [10, 60]).disturbed).toBeUndefined();
  });

  test("is undefined where nobody waits on", () => {
    const watched = new Contention(SECTION);
    watched.arrived(0);
    watched.acquired(0, 0);
    watched.referred(0, SECTION);
    expect(watched.disturbed).toBeUndefined();
  });
});

describe("Contention.quiescence", () => {
  test("is from a release to the last reference of those who still wait, by their number", () => {
    const watched = new Contention(100);
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
    expect(watched.quiescence).toEqual([undefined, 3, 18]);
  });

  test("has the mean of releases with as many waiting", () => {
    const watched = new Contention(10);
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
    expect(watched.quiescence[1]).toBe(4);
  });
});
