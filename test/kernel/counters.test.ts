import { afterAll, describe, test } from "vitest";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { entryPrefix, loadKernel } from "#machines/program/kernel.js";
import {
  checkCounter,
  checkDone,
  checkSum,
  counterCases,
  MANY_PROCESSORS,
  manyNativeProcessors,
  nativeProcessors,
  objectOf,
  PROCESSORS,
  runNative,
} from "../stepped/conformance.js";
import { SteppedMachine } from "../stepped/machine.js";

const kernel = await loadKernel();
const machine = await SteppedMachine.load(kernel, new URL("../../packages/machines/dist/kernel.wasm", import.meta.url));
const native = new NativeMachine();
afterAll(() => native.close());

const counters = kernel.algorithms.filter((algorithm) => algorithm.kind === "counter");

describe.each(counters.map((counter) => [counter.name, counter] as const))("%s", (_, counter) => {
  const prefix = entryPrefix(counter.name);

  test.each([...PROCESSORS, ...MANY_PROCESSORS])(
    `${prefix}_exact is the sum of all additions of %i processors`,
    (processors) => {
      for (const test of counterCases(processors)) checkCounter(machine, counter, test);
    },
  );

  const onThreads = `${prefix}_exact is the sum of all additions of %i threads`;
  const runsOnThreads = async (processors: number) => {
    const load = { processors, turns: 1_000_000 };
    const experiment = await runNative(native, machine, counter, load);
    checkDone(machine.kernel, experiment, load, "on threads");
    checkSum(machine.kernel, counter, objectOf(machine, experiment), load, "on threads");
  };
  test.each(nativeProcessors(counter))(onThreads, runsOnThreads);
  test.each(manyNativeProcessors(counter))(onThreads, { tags: "long" }, runsOnThreads);
});
