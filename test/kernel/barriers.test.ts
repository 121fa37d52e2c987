import { afterAll, describe, expect, test } from "vitest";
import { NativeMachine } from "#dist/machines/native/machine.js";
import { entryPrefix, loadKernel } from "#dist/program/kernel.js";
import {
  barrierCases,
  checkBarrier,
  checkDone,
  nativeProcessors,
  PROCESSORS,
  prepare,
  runNative,
} from "../stepped/conformance.js";
import { SteppedMachine } from "../stepped/machine.js";

const kernel = await loadKernel();
const machine = await SteppedMachine.load(kernel, new URL("../../dist/kernel.wasm", import.meta.url));
const native = new NativeMachine();
afterAll(() => native.close());

const barriers = kernel.algorithms.filter((algorithm) => algorithm.kind === "barrier");
/** kernel/workloads/experiment.ts */
const FOREVER = 2 ** 32 - 1;

describe.each(barriers.map((barrier) => [barrier.name, barrier] as const))("%s", (_, barrier) => {
  const prefix = entryPrefix(barrier.name);

  test.each(PROCESSORS)(`${prefix}_barrier lets nobody leave before all %i arrived`, (processors) => {
    const runs = barrierCases(processors).map((test) => checkBarrier(machine, barrier, test));
    const sleeps = runs.reduce((sum, run) => sum + run.sleeps, 0);
    if (barrier.waits === "parking" && processors > 1) expect(sleeps).toBeGreaterThan(0);
    else expect(sleeps).toBe(0);
  });

  test.each(nativeProcessors(barrier))(
    `${prefix}_barrier lets nobody leave before all %i threads arrived`,
    async (processors) => {
      const load = { processors, turns: 1000, observed: true };
      checkDone(machine.kernel, await runNative(native, machine, barrier, load), load, "on threads");
    },
  );

  test(`${prefix}_run ends with the same episode everywhere when it is stopped`, async () => {
    const processors = 2;
    machine.boot(processors);
    const experiment = prepare(machine.kernel, barrier, { processors, turns: FOREVER }, 1);
    const stop = () => machine.kernel.experiment_stop(experiment);
    const run = await native.run(kernel, `${prefix}_run`, {
      processors,
      arguments: [experiment],
      memory: machine.memory,
      timeLimit: { milliseconds: 20, stop, patience: 60_000 },
    });
    expect(run.cutOff).toEqual([]);
    const done = [0, 1].map((processor) => machine.kernel.experiment_done(experiment, processor));
    expect(done[0]).toBeGreaterThan(0);
    expect(done[1]).toBe(done[0]);
  });
});
