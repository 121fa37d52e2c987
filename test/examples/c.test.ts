// @module-tag clang
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findMachine } from "#machines/files/machine.js";
import { check, type Mode } from "#machines/machines/checked/index.js";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import type { Program } from "#machines/program/program.js";
import { compileC } from "../program/clang.js";

const native = new NativeMachine();
afterAll(() => native.close());

const EXAMPLES = [
  { name: "peterson", processors: 2, wrong: "-DPLAIN", kind: "race", init: undefined },
  { name: "spsc-queue", processors: 2, wrong: "-DPUBLISH_FIRST", kind: "race", init: { entry: "init" } },
  { name: "mutex", processors: 3, wrong: "-DLOST_WAKEUP", kind: "deadlock", init: undefined },
] as const;

describe.each(EXAMPLES)("$name of examples/c", ({ name, processors, wrong, kind, init }) => {
  const checked = (program: Program, mode: Mode) =>
    check(program, { processors, entries: "run", final: { entry: "final" }, ...(init && { init }), mode });

  test.each(["-O0", "-O2"])(`${name}.c runs on this computer and on a simulated one, with %s`, async (flag) => {
    const program = compileC(`${name}.c`, [flag]);
    const server = new SimulatedMachine(await findMachine("server"));
    for (const machine of [native, server]) {
      const { memory } = await machine.run(program, "run", { processors });
      await machine.run(program, "final", { processors: 1, memory });
    }
  });

  // Without optimization, loops that wait also access their own words on the stack.
  describe.each(["-O0", "-O2"])("with %s", (flag) => {
    test.each(["executions", "states"] as const)(`${name}.c is right in every interleaving: %s`, async (mode) => {
      const { violation, races } = await checked(compileC(`${name}.c`, [flag]), mode);
      expect(violation).toBeUndefined();
      expect(races).toBeGreaterThan(0);
    });

    test.each(["executions", "states"] as const)(`${name}.c with ${wrong} is caught: %s`, async (mode) => {
      const { violation } = await checked(compileC(`${name}.c`, [flag, wrong]), mode);
      expect(violation?.kind).toBe(kind);
    });
  });
});

test("examples/c/peterson.c with -DPLAIN excludes where stores are seen at once, and not under total store order", async () => {
  const program = compileC("peterson.c", ["-DPLAIN"]);
  const options = { processors: 2, entries: "run", final: { entry: "final" }, mode: "states", races: false } as const;
  expect((await check(program, options)).violation).toBeUndefined();
  expect((await check(program, { ...options, model: "tso" })).violation?.kind).toBe("final");
});

test("examples/c/counter.c is linearizable, and not with -DLOSSY", async () => {
  const options = { processors: 3, entries: "run", specification: "specification" } as const;
  expect((await check(compileC("counter.c"), options)).violation).toBeUndefined();
  expect((await check(compileC("counter.c", ["-DLOSSY"]), options)).violation?.kind).toBe("history");
});

test.each(["-O0", "-O2"])("examples/c/robust-mutex.c survives deaths, and not with -DHASTY, with %s", async (flag) => {
  const options = { processors: 2, entries: "run", final: { entry: "final" }, deaths: { entry: "repair", most: 2 } };
  expect((await check(compileC("robust-mutex.c", [flag]), options)).violation).toBeUndefined();
  expect((await check(compileC("robust-mutex.c", [flag, "-DHASTY"]), options)).violation?.kind).toBe("deadlock");
});

test.each(["-O0", "-O1", "-O2", "-Os"])(
  "examples/c/compile passes nothing through an installed wasm-opt, with %s",
  (flag) => {
    const folder = mkdtempSync(join(tmpdir(), "landspout-wasm-opt-"));
    try {
      const called = join(folder, "called");
      writeFileSync(join(folder, "wasm-opt"), `#!/bin/sh\ntouch ${called}\nexit 1\n`, { mode: 0o755 });
      compileC("mutex.c", [flag], "", `${folder}${delimiter}${process.env.PATH}`);
      expect(existsSync(called)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
