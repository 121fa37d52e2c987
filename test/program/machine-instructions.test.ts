import { expect, test } from "vitest";
import { loadKernel } from "#machines/program/kernel.js";
import { checkImports } from "#machines/program/machine-instructions.js";
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
