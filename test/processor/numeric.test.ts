import { describe, expect, test } from "vitest";
import type { Value } from "#machines/processor/processors.js";
import { COMPUTATIONS } from "#machines/wasm/instructions.js";
import { OPCODES } from "#machines/wasm/operators.js";
import { constant, encode, type Signature } from "./encoder.js";
import { onPlatform, onProcessor } from "./engines.js";
import { OPERANDS } from "./operands.js";

type Number_ = keyof typeof OPERANDS;

/** WebAssembly's numeric instructions, with what they take and give. */
const INSTRUCTIONS = COMPUTATIONS.flatMap(({ name, operands, branch }) => {
  const code = OPCODES.get(name);
  if (code === undefined) return [];
  const [, result, operation] = /^(i32|i64|f32|f64)\.(\w+)$/.exec(name)!;
  const from = /_(i32|i64|f32|f64)(_[su])?$/.exec(operation!)?.[1] ?? result!;
  const compares = /^(eqz?|ne|[lg][te](_[su])?)$/.test(operation!);
  return [
    {
      name,
      code,
      operand: from as Number_,
      arity: operands.length,
      result: (compares ? "i32" : result) as Number_,
      branch: branch === true,
    },
  ];
});

const get = (local: number) => [0x20, local];

/** One module with the instruction between registers, after a constant, before one, and as a condition. */
function moduleOf({ code, operand, arity, result, branch }: (typeof INSTRUCTIONS)[number]) {
  const type: Signature = { parameters: [operand, operand], results: [result] };
  const bodies: [name: string, body: number[]][] = [];
  const operands = Array.from({ length: arity }, (_, i) => get(i)).flat();
  bodies.push(["registers", [...operands, ...code]]);
  if (arity === 2) {
    for (const [i, value] of OPERANDS[operand].entries()) {
      bodies.push([`right ${i}`, [...get(0), ...constant(operand, value), ...code]]);
      bodies.push([`left ${i}`, [...constant(operand, value), ...get(0), ...code]]);
      if (branch) bodies.push([`if right ${i}`, [...get(0), ...constant(operand, value), ...code, ...choice(0)]]);
    }
  }
  if (result === "i32") {
    for (const negations of [0, 1, 2]) bodies.push([`if ${negations}`, [...operands, ...code, ...choice(negations)]]);
    bodies.push(["br_if", [0x02, 0x40, ...operands, ...code, 0x0d, 0, 0x41, 5, 0x0f, 0x0b, 0x41, 6]]);
    bodies.push(["negated", [...operands, ...code, 0x45]]);
  }
  return encode({
    types: [type],
    functions: bodies.map(([, body]) => ({ type: 0, locals: [], body })),
    exports: bodies.map(([name], index) => ({ name, kind: 0, index })),
  });
}

/** 2 or 3 by the top of the stack, negated so many times. */
function choice(negations: number): number[] {
  return [...Array(negations).fill(0x45), 0x04, 0x7f, 0x41, 2, 0x05, 0x41, 3, 0x0b];
}

describe("Processors.run of one numeric instruction", () => {
  test("covers all of WebAssembly 1.0's, sign extension's and saturating conversions'", () => {
    expect(INSTRUCTIONS).toHaveLength(0xc4 - 0x45 + 1 + 8);
  });

  test.each(INSTRUCTIONS)("Processors.run computes $name as the platform does", (instruction) => {
    const bytes = moduleOf(instruction);
    const processor = onProcessor(bytes);
    const platform = onPlatform(bytes, processor.code);
    const values: readonly Value[] = OPERANDS[instruction.operand];
    for (const name of processor.code.module.exports.keys()) {
      const others = instruction.arity === 2 && !/right|left/.test(name) ? values : [values[0]!];
      for (const a of values) {
        for (const b of others) {
          const expected = platform.call(name, [a, b]);
          const outcome = processor.call(name, [a, b]);
          if (JSON.stringify(outcome, text) === JSON.stringify(expected, text)) continue;
          expect(outcome, `${name} of ${a} and ${b}`).toEqual(expected);
        }
      }
    }
  });
});

function text(_: string, value: unknown): unknown {
  return typeof value === "bigint" || typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : value;
}
