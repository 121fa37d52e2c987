import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Value } from "#machines/processor/processors.js";
import type { ValueType } from "#machines/wasm/module.js";
import { casesOf } from "../random-cases.js";
import { type Engine, onPlatform, onProcessor, type Treatment } from "./engines.js";
import { randomModule } from "./generator.js";
import { OPERANDS } from "./operands.js";

/** An argument of the type, by a number. */
function argument(type: ValueType, choice: number): Value {
  if (type === "funcref" || type === "externref") return null;
  return OPERANDS[type][choice % OPERANDS[type].length]!;
}

/** Everything that can be seen of an instance. */
function observe(engine: Engine, globals: readonly string[]): unknown {
  return { globals: globals.map((name) => engine.global(name)), bytes: engine.memory.buffer.byteLength };
}

function agree(choices: Uint8Array, calls: readonly number[], treatment: Treatment): void {
  const { bytes, functions, globals } = randomModule(choices);
  const processor = onProcessor(bytes, treatment);
  const platform = onPlatform(bytes, processor.code);
  for (const call of calls) {
    const { name, parameters } = functions[call % functions.length]!;
    const values = parameters.map((type, i) => argument(type, (call >> 3) + i));
    for (const engine of [processor, platform]) engine.call("refuel", [null]);
    const expected = platform.call(name, values);
    expect(processor.call(name, values), name).toEqual(expected);
    expect(observe(processor, globals)).toEqual(observe(platform, globals));
    const [ours, theirs] = [processor, platform].map(({ memory }) => Buffer.from(memory.buffer));
    if (!ours!.equals(theirs!)) {
      const at = ours!.findIndex((byte, i) => byte !== theirs![i]);
      expect.fail(`after ${name} the byte at ${at} is ${ours![at]}; the platform's is ${theirs![at]}`);
    }
  }
}

describe("Processors.run of random modules", () => {
  test.each([
    ["stays", 400],
    ["moves", 100],
    ["has the second image", 100],
  ] as const)("Processors.run executes them as the platform does when the processor %s", (treatment, all) => {
    const choices = fc.uint8Array({ minLength: 200, maxLength: 1500, size: "max" });
    const calls = fc.array(fc.nat({ max: 255 }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(choices, calls, (bytes, list) => agree(bytes, list, treatment)),
      { numRuns: casesOf(all) },
    );
  });
});
