import { describe, expect, test } from "vitest";
import { call, hostInstance } from "#machines/experiments/kernel-host.js";
import { loadKernel } from "#machines/index.js";
import { createMemory } from "#machines/program/program.js";

const kernel = await loadKernel();

const NONE = 0xffff_ffff;
const LATER = 0xffff_fffe;
const FOR_EVER = 0xffff_ffff;
/** Of one queue for all processors, and a processor that was the last one of a task is not cold for it. */
const POLICIES = ["fcfs", "last-processor", "minimum-intervening", "limited-minimum-intervening", "priority"];

/** Two processors; tasks 0 and 2 were executed by processor 0, and 1 and 3 by processor 1. All are idle. */
function twoProcessors(policy: string, bound: number) {
  const host = hostInstance(kernel, createMemory(kernel));
  host.boot(2);
  const ageing = policy === "priority" ? 1 : 4;
  const scheduler = call(host, policy, "create", 2, 4, ageing, bound);
  const entry = (name: string, ...parameters: number[]) => call(host, policy, name, scheduler, ...parameters) >>> 0;
  for (let p = 0; p < 2; p++) entry("come", p);
  for (let task = 0; task < 4; task++) {
    entry("ready", 0, task, 0);
    expect(entry("next", task % 2, 0)).toBe(task);
    entry("done", task % 2);
  }
  for (let p = 0; p < 2; p++) expect(entry("next", p, 0)).toBe(NONE);
  return entry;
}

describe.each(POLICIES)("An idle processor of %s that procrastinates", (policy) => {
  test.each([1000, 1001])("declines a cold task until its bound is over, from time %i on", (now) => {
    const entry = twoProcessors(policy, 100);
    entry("ready", 0, 0, now);
    expect(entry("next", 1, now)).toBe(LATER);
    expect(entry("next", 1, now + 90)).toBe(LATER);
    expect(entry("wait", 1, now + 90)).toBeLessThanOrEqual(10);
    expect(entry("next", 1, now + 100)).toBe(0);
  });

  test("is rung for a task that is warm for it, whenever that becomes ready", () => {
    for (let now = 1; now < 30; now++) {
      for (const task of [0, 1]) expect(twoProcessors(policy, FOR_EVER)("ready", 0, task, now)).toBe(task);
    }
  });

  test("takes a warm task behind cold ones that are older", () => {
    const entry = twoProcessors(policy, FOR_EVER);
    entry("ready", 0, 1, 1);
    expect(entry("next", 1, 1)).toBe(1);
    entry("ready", 0, 3, 2);
    entry("ready", 0, 0, 9);
    expect(entry("next", 0, 9)).toBe(0);
  });
});
