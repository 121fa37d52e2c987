/** What random modules are made of. */

import { COMPUTATIONS } from "#machines/wasm/instructions.js";
import type { ValueType } from "#machines/wasm/module.js";
import { OPCODES } from "#machines/wasm/operators.js";
import { constant, EMPTY_BLOCK, type Signature } from "./encoder.js";
import type { OPERANDS } from "./operands.js";

export type Numeric = keyof typeof OPERANDS;
export const NUMERIC: readonly Numeric[] = ["i32", "i64", "f32", "f64"];

export const TYPES: readonly Signature[] = [
  { parameters: [], results: [] },
  { parameters: ["i32"], results: ["i32"] },
  { parameters: ["i64", "i32"], results: ["i64"] },
  { parameters: ["f64", "f32"], results: ["f32"] },
  { parameters: ["i32", "i64"], results: ["i64", "i32"] },
  { parameters: ["i32"], results: ["f64", "i32", "i64"] },
  { parameters: ["f64"], results: ["f64"] },
  { parameters: ["funcref"], results: ["funcref"] },
  { parameters: ["i32", "i32", "i32"], results: [] },
  { parameters: [], results: ["i32", "i32"] },
  { parameters: ["i32"], results: [] },
];
export const LOOP_TYPE = 10n;
export const LOCALS: readonly ValueType[] = ["i32", "i32", "i64", "f32", "f64", "funcref", "i32"];
/** Global 0 is the fuel; the others are for the program. */
export const GLOBALS: readonly ValueType[] = ["i32", "i32", "i64", "f32", "f64", "funcref"];
export const FUEL = 400;
export const DATA_SEGMENTS = 2;
export const ELEMENT_SEGMENTS = 3;
export const TABLES = 2;
export const MEMORY_BYTES = 65536;

/** Opcodes of the instructions with that many operands of the type, by the type of the result. */
const computations = COMPUTATIONS.flatMap(({ name, operands }) => {
  const code = OPCODES.get(name);
  if (code === undefined) return [];
  const [, type, operation] = /^(...)\.(\w+)$/.exec(name)!;
  const compares = /^(eqz?|ne|[lg][te](_[su])?)$/.test(operation!);
  const from = (/_(i32|i64|f32|f64)(_[su])?$/.exec(operation!)?.[1] ?? type) as Numeric;
  return [{ code, from, arity: operands.length, result: (compares ? "i32" : type) as Numeric, name }];
});
/** Bits of a NaN are the platform's choice: reinterpretation and copysign would show them. */
const OPAQUE = /reinterpret_f|copysign/;
const of = (result: Numeric) => computations.filter((each) => each.result === result && !OPAQUE.test(each.name));
export const COMPUTATIONS_OF = { i32: of("i32"), i64: of("i64"), f32: of("f32"), f64: of("f64") };

/** Loads and stores: opcode and the logarithm of the size. Floats are not loaded, for the bits of NaNs. */
export const LOADS: Record<"i32" | "i64", readonly [code: number, log: number][]> = {
  i32: [
    [0x28, 2],
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ],
  i64: [
    [0x29, 3],
    [0x30, 0],
    [0x31, 0],
    [0x32, 1],
    [0x33, 1],
    [0x34, 2],
    [0x35, 2],
  ],
};
export const STORES: Record<"i32" | "i64", readonly [code: number, log: number][]> = {
  i32: [
    [0x36, 2],
    [0x3a, 0],
    [0x3b, 1],
  ],
  i64: [
    [0x37, 3],
    [0x3c, 0],
    [0x3d, 1],
    [0x3e, 2],
  ],
};
/** Atomic instructions come in groups of seven: i32, i64, i32 8 bits, i32 16 bits, i64 8, 16 and 32 bits. */
export const ATOMIC_LOGS = {
  i32: [
    [0, 2],
    [2, 0],
    [3, 1],
  ],
  i64: [
    [1, 3],
    [4, 0],
    [5, 1],
    [6, 2],
  ],
} as const;
export const ATOMIC_LOAD = 0x10;
export const ATOMIC_STORE = 0x17;
export const ATOMIC_MODIFY = 0x1e;
export const ATOMIC_COMPARE = 0x48;

/** Uses up fuel, and traps without. */
export function burn(): number[] {
  const left = [0x23, 0, ...constant("i32", 1), 0x6b, 0x24, 0];
  return [...left, 0x23, 0, 0x45, 0x04, EMPTY_BLOCK, 0x00, 0x0b];
}
