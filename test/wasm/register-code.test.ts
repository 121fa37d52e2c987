import { describe, expect, test } from "vitest";
import { INSTRUCTIONS, TRANSFERS } from "#machines/wasm/instructions.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { encode, importOf } from "../processor/encoder.js";
import { assemble } from "../program/assemble.js";

/** The names of the instructions of a function, in order; computations have a register more than operands. */
function listing(text: string, name: string): string[] {
  const { module, words, entries } = createRegisterCode(assemble(text));
  const index = module.exports.get(name)!.index;
  const end = entries[index + 1] === undefined ? words.length : entries[index + 1]! / 4 - 5;
  const names: string[] = [];
  for (let word = entries[index]! / 4; word < end; ) {
    const instruction = INSTRUCTIONS[words[word]!]!;
    names.push(instruction);
    const transfer = TRANSFERS[instruction as keyof typeof TRANSFERS] as readonly string[] | undefined;
    word += 1 + (transfer?.length ?? (/eqz|nez|extend|wrap/.test(instruction) ? 2 : 3));
  }
  return names;
}

describe("createRegisterCode", () => {
  test("createRegisterCode makes operands of locals and constants, and one branch of a comparison", () => {
    const text = `(module (func (export "sum") (param $n i32) (result i32) (local $sum i32)
      (loop $again
        (local.set $sum (i32.add (local.get $sum) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br_if $again (i32.gt_s (local.get $n) (i32.const 0))))
      (local.get $sum)))`;
    expect(listing(text, "sum")).toEqual(["i32.add", "i32.add.k", "branch.i32.gt_s.k", "returnOne"]);
  });

  test("createRegisterCode keeps a local's value that is on the stack when the local is set", () => {
    const text = `(module (func (export "exchange") (param $a i32) (result i32)
      (local.get $a) (local.set $a (i32.const 5)) (i32.add (local.get $a))))`;
    expect(listing(text, "exchange")).toContain("copy");
  });

  test("createRegisterCode does not take a result that is dropped", () => {
    const text = `(module (memory 1 1) (func (export "count")
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))))`;
    expect(listing(text, "count")).toEqual(["constant32", "constant32", "readModifyWrite", "returnNone"]);
  });

  test("createRegisterCode refuses bytes with the platform's reason", () => {
    expect(() => createRegisterCode(new Uint8Array([0, 1, 2, 3]))).toThrow(WebAssembly.CompileError);
    const invalid = encode({
      types: [{ parameters: [], results: ["i32"] }],
      functions: [{ type: 0, locals: [], body: [] }],
      exports: [],
    });
    expect(() => createRegisterCode(invalid)).toThrow(/function #0 failed.*expected 1 elements/);
  });

  test.each([
    ["SIMD", "(func $f (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4)))"],
    ["SIMD", "(func $f (local v128))"],
    ["SIMD", "(func $f (param v128))"],
    [
      "SIMD",
      "(type $t (func (result v128))) (table 1 funcref) (func $f (drop (call_indirect (type $t) (i32.const 0))))",
    ],
    ["exceptions", "(tag $t) (func $f (throw $t))"],
    ["tail calls", "(func $f (return_call $f))"],
  ])("createRegisterCode refuses %s by its name and the function's", (feature, text) => {
    expect(() => createRegisterCode(assemble(`(module ${text} (export "f" (func $f)))`))).toThrow(
      new RegExp(`^Cannot execute function f: received ${feature}; expected WebAssembly 1.0 with `),
    );
  });

  test("createRegisterCode takes a tag that nothing throws", () => {
    const { exports } = createRegisterCode(assemble('(module (tag $t (export "t")) (func (export "f")))')).module;
    expect([...exports.keys()]).toEqual(["f"]);
  });

  test("createRegisterCode refuses imports that no machine gives", () => {
    const bytes = encode({ types: [], imports: [importOf("env", "base", [3, 0x7f, 0])], functions: [], exports: [] });
    expect(() => createRegisterCode(bytes)).toThrow(
      "Cannot execute the import env.base: received a global; expected a function or a memory",
    );
  });

  test("createRegisterCode reads what the module says of its memory, imported or its own", () => {
    const memoryOf = (text: string) => createRegisterCode(assemble(text)).module.memory;
    expect(memoryOf('(module (import "js" "heap" (memory 2 5 shared)))')).toEqual({
      initial: 2,
      maximum: 5,
      shared: true,
      imported: { module: "js", name: "heap" },
    });
    expect(memoryOf("(module (memory 3))")).toEqual({ initial: 3, maximum: 65536, shared: false, imported: undefined });
    expect(memoryOf("(module)")).toBeUndefined();
  });

  test("createRegisterCode reads a call_indirect whose table's number is padded, as linkers write it", () => {
    const bytes = (table: number[]) =>
      encode({
        types: [{ parameters: [], results: ["i32"] }],
        functions: [{ type: 0, locals: [], body: [0x41, 0, 0x11, 0, ...table] }],
        tables: [[0x70, 0, 1]],
        exports: [],
      });
    expect(createRegisterCode(bytes([0x80, 0x80, 0x80, 0x80, 0])).words).toEqual(createRegisterCode(bytes([0])).words);
  });
});
