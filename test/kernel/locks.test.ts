import { afterAll, describe, expect, test } from "vitest";
import type { Load } from "#machines/experiments/kinds/kind.js";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { type Algorithm, entryPrefix, loadKernel } from "#machines/program/kernel.js";
import { type Claim, claimsOf } from "#machines/proofs/claim.js";
import { casesOf } from "../random-cases.js";
import {
  checkDone,
  checkLock,
  checkOrder,
  checkProtected,
  entryOf,
  lockCases,
  MANY_PROCESSORS,
  manyNativeProcessors,
  nativeProcessors,
  objectOf,
  PROCESSORS,
  prepare,
  queueOf,
  recordOf,
  runNative,
} from "../stepped/conformance.js";
import { SteppedMachine } from "../stepped/machine.js";
import { replay, schedules } from "../stepped/schedule.js";

const kernel = await loadKernel();
const machine = await SteppedMachine.load(kernel, new URL("../../packages/machines/dist/kernel.wasm", import.meta.url));
const native = new NativeMachine();
afterAll(() => native.close());

const locks = kernel.algorithms.filter((algorithm) => algorithm.kind === "lock");
const AT_PAUSES = [...schedules("round robin at pauses", 1), ...schedules("random at pauses", 3)];

/**
 * Of a lock that counts: the words with which its counts wrap at 2^32 on the way; see
 * packages/machines/src/proofs/claim.ts.
 */
function wrappingWords(lock: Algorithm, load: Load): Claim["words"] | undefined {
  return claimsOf(lock, load).find(({ setting }) => setting === "counts wrap")?.words;
}

describe.each(locks.map((lock) => [lock.name, lock] as const))("%s", (_, lock) => {
  const prefix = entryPrefix(lock.name);

  const admitsOne = (processors: number) => {
    const runs = lockCases(processors).map((test) => checkLock(machine, lock, test));
    const sleeps = runs.reduce((sum, run) => sum + run.sleeps, 0);
    if (lock.waits === "parking" && processors > 1) expect(sleeps).toBeGreaterThan(0);
    else expect(sleeps).toBe(0);
  };
  const admits = `${prefix}_acquire admits one processor at a time and each in the end, of %i`;
  test.each(PROCESSORS)(admits, admitsOne);
  test.each(MANY_PROCESSORS)(admits, { tags: "long" }, admitsOne);

  if (lock.order === "fifo") {
    const serves = `${prefix}_acquire serves %i processors in the order in which they come`;
    const servesAll = (processors: number) => {
      const load = { processors, turns: Math.ceil(600 / processors), busy: 1, think: 1, observed: true };
      for (const schedule of AT_PAUSES) {
        const test = { ...load, ...schedule };
        const run = checkLock(machine, lock, test);
        expect(queueOf(machine, run).longest, `how many wait at once ${replay(test)}`).toBeGreaterThanOrEqual(
          processors - 1,
        );
        checkOrder(machine, run, test);
      }
    };
    test.each(PROCESSORS)(serves, servesAll);
    test.each(MANY_PROCESSORS)(serves, { tags: "long" }, servesAll);
  }

  test(`${prefix}_release leaves the lock as it was, after more than a million acquisitions`, () => {
    const test = { processors: 4, turns: 50, mode: "random at accesses", seed: 1 } as const;
    machine.boot(test.processors);
    const experiment = prepare(machine.kernel, lock, test, test.seed);
    const pairs = (processor: number) =>
      entryOf(machine.kernel, lock, "pairs")(
        objectOf(machine, experiment),
        recordOf(machine, experiment, processor),
        casesOf(1_000_000),
      );
    for (let processor = 0; processor < test.processors; processor++) {
      machine.run(`${prefix}_run`, experiment, test);
      checkDone(machine.kernel, experiment, test, replay(test));
      checkProtected(machine.kernel, experiment, test, replay(test), processor + 1);
      pairs(processor);
    }
  });

  test(`${prefix}_pairs acquires a lock of one processor a million times`, () => {
    machine.boot(1);
    const L = entryOf(machine.kernel, lock, "create")(1) as number;
    const I = entryOf(machine.kernel, lock, "attach")(L, 0) as number;
    entryOf(machine.kernel, lock, "pairs")(L, I, 1_000_000);
  });

  if (wrappingWords(lock, { processors: 1, turns: 1 })) {
    const wraps = `${prefix}_acquire goes on in order when its count wraps, with %i processors`;
    const wrapsAll = (processors: number) => {
      const load = { processors, turns: Math.ceil(200 / processors), busy: 1, observed: true };
      const words = wrappingWords(lock, load)!;
      for (const schedule of [...AT_PAUSES, ...schedules("random at accesses", casesOf(10))]) {
        const test = { ...load, ...schedule };
        let count = 0;
        const run = checkLock(machine, lock, test, (object) => {
          for (const [offset, value] of words) machine.write(object + offset, value);
          count = object + words[0]![0];
        });
        expect(machine.read(count)).toBe(words[0]![1] + load.processors * load.turns - 2 ** 32);
        if (AT_PAUSES.includes(schedule)) checkOrder(machine, run, test);
      }
    };
    test.each(PROCESSORS)(wraps, wrapsAll);
    test.each(MANY_PROCESSORS)(wraps, { tags: "long" }, wrapsAll);
  }

  const onThreads = `${prefix}_acquire admits one processor at a time, of %i threads`;
  const runsOnThreads = async (processors: number) => {
    const load = { processors, turns: Math.ceil(casesOf(4000) / processors), busy: 20, observed: true };
    const experiment = await runNative(native, machine, lock, load);
    checkDone(machine.kernel, experiment, load, "on threads");
    checkProtected(machine.kernel, experiment, load, "on threads");
  };
  test.each(nativeProcessors(lock))(onThreads, runsOnThreads);
  test.each(manyNativeProcessors(lock))(onThreads, { tags: "long" }, runsOnThreads);
});

test("checkOrder notices that test_and_set_acquire serves out of order", () => {
  const lock = locks.find(({ name }) => name === "test-and-set")!;
  const execution = {
    processors: 4,
    turns: 100,
    busy: 1,
    think: 1,
    observed: true,
    mode: "random at pauses",
    seed: 1,
  } as const;
  const run = checkLock(machine, lock, execution);
  expect(() => checkOrder(machine, run, execution)).toThrow(/who came before \(replay: .*"random at pauses","seed":1/);
});
