import { expect, test } from "vitest";
import { readConstant } from "#machines/wasm/constant-expression.js";
import { Reader } from "#machines/wasm/reader.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { constant, encode } from "../processor/encoder.js";
import { onPlatform } from "../processor/engines.js";

const LINE = Number(process.versions.node.split(".")[0]);
const END = 0x0b;
const [ADD_32, SUBTRACT_32, MULTIPLY_32, ADD_64, SUBTRACT_64, MULTIPLY_64] = [0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e];
const i32 = (value: number) => constant("i32", value);
const i64 = (value: bigint) => constant("i64", value);
/** Global 0, whose value is -8. */
const GLOBAL = { type: "i32", mutable: false, value: { bits: 0xfffffff8n } } as const;

test.each([
  ["i32.add", "i32", [...i32(-1), ...i32(2), ADD_32], 1],
  ["i32.add that overflows", "i32", [...i32(0x7fffffff), ...i32(1), ADD_32], -0x80000000],
  ["i32.add beyond 32 bits", "i32", [...i32(-1), ...i32(-1), ADD_32], -2],
  ["i32.sub that overflows", "i32", [...i32(0), ...i32(1), SUBTRACT_32], -1],
  ["i32.mul that overflows", "i32", [...i32(0x7fffffff), ...i32(3), MULTIPLY_32], 0x7ffffffd],
  ["i64.add beyond 32 bits", "i64", [...i64(0xffffffffn), ...i64(1n), ADD_64], 0x100000000n],
  ["i64.add that overflows", "i64", [...i64(2n ** 63n - 1n), ...i64(1n), ADD_64], -(2n ** 63n)],
  ["i64.sub", "i64", [...i64(5n), ...i64(7n), SUBTRACT_64], -2n],
  ["i64.mul that overflows", "i64", [...i64(2n ** 62n), ...i64(6n), MULTIPLY_64], -(2n ** 63n)],
  ["a sum of three and a global", "i32", [0x23, 0, ...i32(4), ADD_32, ...i32(10), ADD_32], 6],
] as const)("readConstant computes %s, in as many bits as the type has", (_, type, expression, value) => {
  const { bits } = readConstant(new Reader(new Uint8Array([...expression, END])), [GLOBAL]);
  expect(bits).toBe(BigInt.asUintN(type === "i32" ? 32 : 64, BigInt(value)));
  const globals = [
    [0x7f, 0, ...i32(-8), END],
    [type === "i32" ? 0x7f : 0x7e, 0, ...expression, END],
  ];
  const bytes = encode({ types: [], functions: [], globals, exports: [{ name: "value", kind: 3, index: 1 }] });
  // Node 20 has only constants in constant expressions.
  expect(WebAssembly.validate(bytes)).toBe(LINE >= 22);
  if (LINE >= 22) expect(onPlatform(bytes, createRegisterCode(bytes)).global("value")).toBe(value);
});
