import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkImports, INSTRUCTIONS } from "#machines/program/instructions.js";
import { loadKernel } from "#machines/program/kernel.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { encode } from "../processor/encoder.js";

test("checkImports takes the kernel's", async () => {
  const { module } = createRegisterCode((await loadKernel()).bytes);
  expect(module.imports.length).toBeGreaterThan(5);
  expect(() => checkImports("kernel.wasm", module)).not.toThrow();
});

test("checkImports refuses other functions, and machine instructions of other types", () => {
  const { module } = createRegisterCode(encode({ types: [], functions: [], exports: [] }));
  const importing = (from: string, name: string, parameters: ("i32" | "f64")[]) => ({
    ...module,
    imports: [{ module: from, name, type: { parameters, results: [] } }],
  });
  expect(() => checkImports("a.wasm", importing("env", "pause", []))).toThrow(
    /^Cannot run a\.wasm: received an import of env\.pause; expected machine instructions only: machine\.processor, /,
  );
  expect(() => checkImports("a.wasm", importing("machine", "toString", []))).toThrow("import of machine.toString");
  expect(() => checkImports("a.wasm", importing("machine", "mark", ["i32", "f64"]))).toThrow(
    "Cannot run a.wasm: received an import of machine.mark as (i32, f64) -> (); expected (i32, i32) -> ()",
  );
});

test("Every machine instruction is declared in kernel/machine.ts and in the table, with the same type", async () => {
  const text = await readFile(new URL("../../kernel/machine.ts", import.meta.url), "utf8");
  const TYPES: Record<string, string[]> = { u32: ["i32"], f64: ["f64"], void: [] };
  const declared = [...text.matchAll(/^export declare function (\w+)\((.*)\): (\w+);$/gm)].map(
    ([, name, parameters, result]) => [
      name,
      {
        parameters: [...parameters!.matchAll(/: (\w+)/g)].flatMap(([, type]) => TYPES[type!]),
        results: TYPES[result!],
      },
    ],
  );
  const table = Object.entries(INSTRUCTIONS).map(([name, { parameters, results }]) => [name, { parameters, results }]);
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(table));
});
