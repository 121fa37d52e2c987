import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { End } from "#machines/machines/checked/index.js";
import { casesOf } from "../../random-cases.js";
import { BYTES, COMMON, endOf, enumerate, type Operation, type Straight, toText } from "./enumerator.js";
import { checkAll, endsOf, parallel } from "./programs.js";

const SIZES = [1, 2, 4, 8] as const;

/** Few places and values, so that accesses meet; plain ones anywhere, atomic ones where they may be. */
const operation: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom("load", "load", "store", "store", "store", "rmw", "cas", "fence"),
    size: fc.constantFrom(...SIZES),
    atomic: fc.boolean(),
    operator: fc.constantFrom("add", "sub", "and", "or", "xor", "xchg"),
    value: fc.bigInt({ min: 1n, max: 3n }),
    repeated: fc.boolean(),
    expected: fc.bigInt({ min: 0n, max: 2n }),
    place: fc.nat(1000),
  })
  .map(({ place, repeated, ...rest }) => {
    const aligned = rest.atomic || rest.kind === "rmw" || rest.kind === "cas";
    const places = aligned ? Math.floor(COMMON / rest.size) : COMMON - rest.size + 1;
    const address = (place % places) * (aligned ? rest.size : 1);
    const value = repeated ? BigInt.asUintN(8 * rest.size, rest.value * 0x0101010101010101n) : rest.value;
    return { ...rest, address, value } as Operation;
  });

/** What so many processors do, each up to so many operations, some of them in the processor's own word. */
function processors(count: number, most: number): fc.Arbitrary<Straight> {
  const operations = Array.from({ length: count }, (_, processor) => {
    const own = operation
      .filter(({ size }) => size <= 4)
      .map((its) => ({ ...its, address: COMMON + 4 * processor + (4 - its.size) }));
    const either = fc.oneof({ arbitrary: operation, weight: 4 }, { arbitrary: own, weight: 1 });
    return fc.array(either, { minLength: 1, maxLength: most });
  });
  return fc.tuple(...operations);
}

const repair = fc.array(operation, { maxLength: 2 });

/** Three processors with fewer operations: the enumeration is to end. */
const program = fc.oneof(processors(2, 4), processors(3, 2));

function formatEnd({ results, memory }: End): string {
  const found = results.map((values) => values.map((value) => BigInt.asUintN(64, value as bigint)));
  return endOf(found, [...new Uint8Array(memory.buffer, 0, BYTES)]);
}

const MODELS = [
  { model: "sc", buffered: "plain" },
  { model: "tso", buffered: "plain" },
  { model: "tso", buffered: "all" },
] as const;

describe("check", () => {
  test.each(MODELS)("check finds every end that a program can have, and no other, under %j", async (memory) => {
    const property = fc.asyncProperty(program, async (straight) => {
      const ends = await endsOf(parallel(straight.map(toText)), memory, formatEnd);
      expect(ends).toEqual(enumerate(straight, memory).ends);
    });
    await fc.assert(property, { numRuns: casesOf(200) });
  });

  test.each(MODELS)("check finds every end that a program can have whose processors die, under %j", async (memory) => {
    const property = fc.asyncProperty(
      processors(2, 3),
      repair,
      fc.integer({ min: 1, max: 2 }),
      async (straight, repair, most) => {
        const program = parallel(straight.map(toText), `(func (export "repair") (param i32) ${toText(repair)})`);
        const options = { ...memory, mode: "states", deaths: { entry: "repair", most } } as const;
        const ends = await endsOf(program, options, formatEnd);
        expect(ends).toEqual(enumerate(straight, memory, { repair, most }).ends);
      },
    );
    await fc.assert(property, { numRuns: casesOf(200) });
  });

  test("check finds a data race exactly if there is one, with processors that die", async () => {
    const property = fc.asyncProperty(processors(2, 3), repair, async (straight, repair) => {
      const program = parallel(straight.map(toText), `(func (export "repair") (param i32) ${toText(repair)})`);
      const { violation } = await checkAll(program, { mode: "states", deaths: { entry: "repair" } });
      const { race } = enumerate(straight, { model: "sc", buffered: "plain" }, { repair, most: 1 });
      expect(violation?.kind).toBe(race ? "race" : undefined);
    });
    await fc.assert(property, { numRuns: casesOf(200) });
  });

  test.each(["states", "executions"] as const)(
    "check finds a data race exactly if there is one, by %s",
    async (mode) => {
      const property = fc.asyncProperty(program, async (straight) => {
        const { violation } = await checkAll(parallel(straight.map(toText)), { mode });
        const { race } = enumerate(straight, { model: "sc", buffered: "plain" });
        expect(violation?.kind).toBe(race ? "race" : undefined);
      });
      await fc.assert(property, { numRuns: casesOf(300) });
    },
  );
});
