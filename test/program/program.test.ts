import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadProgram } from "#machines/files/program.js";
import { createMemory, createProgram, isParallel, moduleOf } from "#machines/program/program.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { encode, importOf } from "../processor/encoder.js";
import { assemble } from "./assemble.js";

const folder = await mkdtemp(join(tmpdir(), "landspout-program-"));
afterAll(() => rm(folder, { recursive: true }));

const module = (more: object) => encode({ types: [], functions: [], exports: [], ...more });

test("loadProgram takes the kernel with its memory and its source map", async () => {
  const kernel = await loadProgram(new URL("../../packages/machines/dist/kernel.wasm", import.meta.url));
  expect(kernel.name).toBe("kernel.wasm");
  expect(kernel.memory).toEqual({
    initial: 1,
    maximum: 65536,
    shared: true,
    imported: { module: "env", name: "memory" },
  });
  expect(kernel.sourceMap?.sources).toContain("kernel/locks/mcs.ts");
  expect(isParallel(kernel)).toBe(true);
});

test("loadProgram says that there is no such file, or that it is no module", async () => {
  await expect(loadProgram(join(folder, "none.wasm"))).rejects.toThrow(/^Cannot load none\.wasm: ENOENT/);
  const file = join(folder, "text.wasm");
  await writeFile(file, "hello, world");
  await expect(loadProgram(file)).rejects.toThrow(
    /^Cannot load text\.wasm: received no WebAssembly module: .*magic word/,
  );
});

test("createProgram takes modules with an unshared memory, and with none", () => {
  const own = createProgram("own.wasm", module({ memories: [[0, 2]] }));
  expect(own.memory).toEqual({ initial: 2, maximum: 65536, shared: false, imported: undefined });
  expect(isParallel(own)).toBe(false);
  expect(createMemory(own).buffer).toBeInstanceOf(ArrayBuffer);
  expect(createProgram("none.wasm", module({})).memory.maximum).toBe(0);
  const imported = createProgram("imported.wasm", module({ imports: [importOf("js", "heap", [2, 1, 1, 3])] }));
  expect(imported.memory).toEqual({ initial: 1, maximum: 3, shared: false, imported: { module: "js", name: "heap" } });
});

const HIDDEN = `(module (global $__stack_pointer (mut i32) (i32.const 66560))
  (func $crash (export "crash") (drop (i32.const 123456)) (unreachable)))`;

test("createProgram exports a stack pointer that the module keeps to itself, and leaves other bytes alone", () => {
  const program = createProgram("hidden.wasm", assemble(HIDDEN));
  expect(WebAssembly.Module.exports(moduleOf(program))).toEqual([
    { name: "crash", kind: "function" },
    { name: "__stack_pointer", kind: "global" },
  ]);
  expect(createProgram("exported.wasm", program.bytes).bytes).toBe(program.bytes);
  const without = assemble(HIDDEN.replaceAll("__stack_pointer", "__stack"));
  expect(createProgram("without.wasm", without).bytes).toBe(without);
});

test("createProgram takes the first global of a nameless module of clang's for its stack pointer, if it can be one", () => {
  const exportsOf = (globals: string, producers: string) => {
    const text = `(module ${globals} (func (export "f")))`;
    const section = Buffer.from(`\u0000\u0000\u0009producers${producers}`);
    section[1] = section.length - 2;
    const program = createProgram("nameless.wasm", new Uint8Array(Buffer.concat([assemble(text), section])));
    return WebAssembly.Module.exports(moduleOf(program)).map(({ name }) => name);
  };
  const pointer = "(global (mut i32) (i32.const 66560))";
  expect(exportsOf(pointer, "clang")).toEqual(["f", "__stack_pointer"]);
  expect(exportsOf(pointer, "AssemblyScript")).toEqual(["f"]);
  expect(exportsOf("(global i32 (i32.const 66560))", "clang")).toEqual(["f"]);
  expect(exportsOf("", "clang")).toEqual(["f"]);
});

test("createProgram keeps the source map at the code that an added export moves", () => {
  const bytes = assemble(HIDDEN);
  const crash = Buffer.from(bytes).indexOf(Buffer.from([0x41, 0xc0, 0xc4, 0x07]));
  // Line 1 of a.c from the module's first byte on, line 5 from the function's.
  const sourceMap = { version: 3, sources: ["a.c"], mappings: `AAAA,${base64Number(crash)}AIA` };
  const program = createProgram("hidden.wasm", bytes, sourceMap as unknown as SourceMapPayload);
  const { locations, entries } = createRegisterCode(program.bytes, program.sourceMap);
  expect(program.bytes.length).toBeGreaterThan(bytes.length);
  expect(locations.at(entries[0]!)).toEqual({ function: "crash", file: "a.c", line: 5 });
});

/**
 * A positive number as source maps write it: base64 digits of five bits, the lowest first, below a bit for the sign.
 */
function base64Number(number: number): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let text = "";
  for (let rest = number * 2; ; rest >>= 5) {
    text += digits[(rest & 31) | (rest > 31 ? 32 : 0)];
    if (rest <= 31) return text;
  }
}
