import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isLinearizable,
  type Operation,
  type SequentialObject,
} from "#machines/machines/checked/properties/linearizability.js";

const WRITE = 0;
const READ = 1;
const ADD = 2;

/** A register that can be added to; what is none of these takes all, possible where it is not 0. */
const register: SequentialObject = {
  initial: 0,
  after(state, operation, argument) {
    if (operation === WRITE) return { state: argument, result: 0 };
    if (operation === READ) return { state, result: state };
    if (operation === ADD) return { state: state + argument, result: state };
    return state === 0 ? undefined : { state: 0, result: state };
  },
};

type History = readonly (readonly Operation[])[];

/** By the definition: some order of all that returned and some that did not, one after the other. */
function isLinearizableByDefinition(history: History): boolean {
  const all = history.flatMap((operations, processor) =>
    operations.map((own, index) => ({ ...own, processor, index })),
  );
  const before = (a: (typeof all)[number], b: (typeof all)[number]) => b.returned[a.processor]! > a.index;
  const extend = (order: typeof all): boolean => {
    if (!order.every((b, i) => order.slice(i).every((a) => !before(a, b)))) return false;
    let state = register.initial;
    for (const { operation, argument, result } of order) {
      const after = register.after(state, operation, argument);
      if (after === undefined || (result !== undefined && result !== after.result)) return false;
      state = after.state;
    }
    const left = all.filter((one) => !order.includes(one));
    return left.every(({ result }) => result === undefined) || left.some((next) => extend([...order, next]));
  };
  return extend([]);
}

/** Histories of up to 3 processors: what each next event is, by who and with which numbers. */
const histories = fc
  .array(fc.record({ processor: fc.nat(2), operation: fc.nat(3), argument: fc.nat(2), result: fc.nat(3) }), {
    minLength: 2,
    maxLength: 11,
    size: "max",
  })
  .map((events): History => {
    const history: { -readonly [K in keyof Operation]: Operation[K] }[][] = [[], [], []];
    for (const { processor, operation, argument, result } of events) {
      const last = history[processor]!.at(-1);
      if (last !== undefined && last.result === undefined) {
        last.result = last.operation === WRITE ? 0 : result;
        continue;
      }
      const returned = history.map((operations) => operations.filter((one) => one.result !== undefined).length);
      history[processor]!.push({ operation, argument, result: undefined, returned });
    }
    return history;
  });

test("isLinearizable agrees with the definition", () => {
  const answers = { yes: 0, no: 0 };
  fc.assert(
    fc.property(histories, (history) => {
      const expected = isLinearizableByDefinition(history);
      answers[expected ? "yes" : "no"]++;
      expect(isLinearizable(history, register)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(300);
});

test("isLinearizable lets an operation that has not returned take effect, or not", () => {
  const read = (result: number): History => [
    [{ operation: WRITE, argument: 7, result: undefined, returned: [0, 0] }],
    [{ operation: READ, argument: 0, result, returned: [0, 0] }],
  ];
  expect(isLinearizable(read(7), register)).toBe(true);
  expect(isLinearizable(read(0), register)).toBe(true);
  expect(isLinearizable(read(5), register)).toBe(false);
});

test("isLinearizable keeps operations that did not overlap in their order", () => {
  const stale: History = [
    [{ operation: WRITE, argument: 7, result: 0, returned: [0, 0] }],
    [{ operation: READ, argument: 0, result: 0, returned: [1, 0] }],
  ];
  expect(isLinearizable(stale, register)).toBe(false);
});
