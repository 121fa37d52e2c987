import { describe, expect, test } from "vitest";
import { Disturbance } from "#machines/experiments/disturbance.js";

const SECTION = 100;

/** Four processors acquire in turn; `referred` tells the time of each reference that a release at 0 causes. */
function watch(referred: (processor: number) => readonly number[]): Disturbance {
  const watched = new Disturbance(SECTION);
  for (const processor of [0, 1, 2, 3]) watched.arrived(processor);
  for (const processor of [0, 1, 2, 3]) {
    const acquired = 1000 * processor;
    watched.acquired(processor, acquired);
    for (const other of [0, 1, 2, 3]) for (const time of referred(other)) watched.referred(other, acquired + time);
    watched.referred(processor, acquired + SECTION);
  }
  return watched;
}

describe("Disturbance", () => {
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
    const watched = new Disturbance(SECTION);
    watched.arrived(0);
    watched.acquired(0, 0);
    watched.referred(0, SECTION);
    expect(watched.disturbed).toBeUndefined();
  });
});
