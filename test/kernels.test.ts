import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import asc from "assemblyscript/asc";
import { describe, expect, test } from "vitest";
import { findPreset } from "#machines/machines/presets/find.js";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { createProgram } from "#machines/program/program.js";
import { assemble } from "./program/assemble.js";

const root = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const page = read("docs/kernels.md");

/** The whole kernel of the page, compiled with the options that the page says. */
async function compileKernel() {
  const source = /```typescript\n([\s\S]*?)```/.exec(page)![1]!;
  const command = /npx asc (kernel\.ts .*) \\\n +(.*)\n/.exec(page)!;
  let bytes: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([...command[1]!.split(" "), ...command[2]!.split(" ")], {
    stderr,
    readFile: (name) => {
      if (name === "kernel.ts") return source;
      return existsSync(new URL(`kernel/${name}`, root)) ? read(`kernel/${name}`) : null;
    },
    writeFile: (name, contents) => {
      if (name === "kernel.wasm") bytes = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || bytes === undefined) throw new Error(stderr.toString(), { cause: error });
  return createProgram("kernel.wasm", new Uint8Array(bytes));
}

describe("docs/kernels.md", () => {
  test("has a whole kernel, which runs a program and says what became of it", async () => {
    const kernel = await compileKernel();
    const boot = async (body: string) => {
      const program = assemble(`(module (memory 4) (func (export "run") (result i32) ${body}))`);
      const images = [createProgram("program.wasm", program)];
      return (await bootMachine(findPreset("numachine"), kernel, { processors: 1, images, cycles: 1e8 })).status;
    };
    const far = "(i32.const 200000)";
    expect(await boot(`(i32.store ${far} (i32.const 41)) (i32.add (i32.const 1) (i32.load ${far}))`)).toBe(42);
    expect(await boot("unreachable")).toBe(1);
  });

  test("names files that there are", () => {
    const files = [...page.matchAll(/`((?:kernel|programs|test)\/[\w./-]*)`/g)].map(([, path]) => path!);
    const own = [...page.matchAll(/`([\w-]+\.ts)`/g)].map(([, file]) => `kernel/os/minimal/${file}`);
    expect(files.length).toBeGreaterThan(5);
    expect(own.length).toBeGreaterThan(10);
    expect([...files, ...own].filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test("says what the kernel is asked for, as its file does", () => {
    const words = (text: string, row: RegExp) => [...text.matchAll(row)].map(([, word]) => word).sort();
    expect(words(page, /^\| `([\w:=]+)` /gm)).toEqual(
      words(read("kernel/os/minimal/arguments.ts"), /^ \* {5}([\w:=]+) {4}/gm),
    );
  });

  const commands = [...page.matchAll(/^ {4}npx landspout (boot minimal .*)$/gm)].map(([, command]) => command!);

  test.each(commands)("has a command that runs: %s", async (command) => {
    const parameters = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
    const main = fileURLToPath(new URL("packages/machines/dist/cli/main.js", root));
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...parameters]);
    expect(stdout).toMatch(/hello from process 2\n1229 primes\n|0 wrong words\n/);
  });
});
