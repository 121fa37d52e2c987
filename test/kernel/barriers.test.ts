import { afterAll, describe, expect, test } from "vitest";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { entryPrefix, loadKernel } from "#machines/program/kernel.js";
import { casesOf } from "../random-cases.js";
import {
  barrierCases,
  checkBarrier,
  checkDone,
  MANY_PROCESSORS,
  manyNativeProcessors,
  nativeProcessors,
  PROCESSORS,
  prepare,
  runNative,
} from "../stepped/conformance.js";
import { SteppedMachine } from "../stepped/machine.js";
import { replay } from "../stepped/schedule.js";

const kernel = await loadKernel();
const machine = await SteppedMachine.load(kernel, new URL("../../packages/machines/dist/kernel.wasm", import.meta.url));
const native = new NativeMachine();
afterAll(() => native.close());

const barriers = kernel.algorithms.filter((algorithm) => algorithm.kind === "barrier");
const globals = machine.kernel as unknown as Record<string, WebAssembly.Global>;
/** kernel/workloads/experiment.ts */
const FOREVER = 2 ** 32 - 1;

describe.each(barriers.map((barrier) => [barrier.name, barrier] as const))("%s", (_, barrier) => {
  const prefix = entryPrefix(barrier.name);

  const keepsAll = (processors: number) => {
    const runs = barrierCases(processors).map((test) => checkBarrier(machine, barrier, test));
    const sleeps = runs.reduce((sum, run) => sum + run.sleeps, 0);
    if (barrier.waits === "parking" && processors > 1) expect(sleeps).toBeGreaterThan(0);
    else expect(sleeps).toBe(0);
  };
  const keeps = `${prefix}_barrier lets nobody leave before all %i arrived`;
  test.each(PROCESSORS)(keeps, keepsAll);
  test.each(MANY_PROCESSORS)(keeps, { tags: "long" }, keepsAll);

  test(`${prefix}_run marks all arrivals of an episode before anybody leaves it`, () => {
    const { "Event.Arrived": Arrived, "Event.Left": Left } = globals;
    const processors = 5;
    const { marks } = checkBarrier(machine, barrier, {
      ...{ processors, turns: 20, observed: true, mode: "random at accesses", seed: 1 },
    });
    expect(marks).toHaveLength(2 * processors * 20);
    for (let episode = 1; episode <= 20; episode++) {
      const inOrder = marks.filter(({ value }) => value === episode).map(({ event }) => event);
      expect(inOrder).toEqual([...Array(processors).fill(Arrived!.value), ...Array(processors).fill(Left!.value)]);
    }
  });

  if (barrier.communicates === "messages") {
    test(`${prefix}_barrier is refused on threads, which share memory`, async () => {
      const load = { processors: 2, turns: 1 };
      await expect(runNative(native, machine, barrier, load)).rejects.toThrow(
        /Cannot (send|receive): .* pass no messages; expected a machine with messages/,
      );
    });

    test(`${prefix}_run leaves shared memory as it was`, () => {
      const test = { processors: 9, turns: 10, mode: "random at accesses", seed: 1 } as const;
      machine.boot(test.processors);
      const experiment = prepare(machine.kernel, barrier, test, test.seed);
      const shared = () => Buffer.from(machine.memory.buffer, 0, globals.SHARED_BYTES!.value);
      const before = Buffer.from(shared());
      machine.run(`${prefix}_run`, experiment, test);
      checkDone(machine.kernel, experiment, test, replay(test));
      expect(shared().equals(before)).toBe(true);
    });
    return;
  }

  const onThreads = `${prefix}_barrier lets nobody leave before all %i threads arrived`;
  const runsOnThreads = async (processors: number) => {
    const load = { processors, turns: casesOf(1000), observed: true };
    checkDone(machine.kernel, await runNative(native, machine, barrier, load), load, "on threads");
  };
  test.each(nativeProcessors(barrier))(onThreads, runsOnThreads);
  test.each(manyNativeProcessors(barrier))(onThreads, { tags: "long" }, runsOnThreads);

  test(`${prefix}_run ends with the same episode everywhere when it is stopped`, async () => {
    const processors = 2;
    machine.boot(processors);
    const experiment = prepare(machine.kernel, barrier, { processors, turns: FOREVER }, 1);
    const stop = () => machine.kernel.experiment_stop(experiment);
    const run = await native.run(kernel, `${prefix}_run`, {
      processors,
      arguments: [experiment],
      memory: machine.memory,
      timeLimit: { duration: 20e6, stop, patience: 60e9 },
    });
    expect(run.cutOff).toEqual([]);
    const done = [0, 1].map((processor) => machine.kernel.experiment_done(experiment, processor));
    expect(done[0]).toBeGreaterThan(0);
    expect(done[1]).toBe(done[0]);
  });
});
