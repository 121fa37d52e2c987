import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createMemory, createProgram, isParallel, loadProgram } from "#dist/program/program.js";
import { encode, importOf } from "../processor/encoder.js";

const folder = await mkdtemp(join(tmpdir(), "landspout-program-"));
afterAll(() => rm(folder, { recursive: true }));

const module = (more: object) => encode({ types: [], functions: [], exports: [], ...more });

test("loadProgram takes the kernel with its memory and its source map", async () => {
  const kernel = await loadProgram(new URL("../../dist/kernel.wasm", import.meta.url));
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
