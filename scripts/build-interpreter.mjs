// @ts-check
// Compiles packages/machines/src/processor/interpreter/ to dist/processor/interpreter.wasm there, and what simulated machines link to it: the
// accesses to a program's memory and the runner. The instructions' numbers, and the cases of the loop that compute, are
// made from the table that the lowering uses too: dist/wasm/instructions.js.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, root } from "./assemblyscript.mjs";

const FOLDER = "packages/machines/src/processor/interpreter";
const table = pathToFileURL(join(root, "packages/machines/dist/wasm/instructions.js")).href;
const { COMPUTATIONS, INSTRUCTIONS, TRAPS } =
  /** @type {typeof import("../packages/machines/src/wasm/instructions.js")} */ (await import(table));

/** @typedef {(typeof COMPUTATIONS)[number]} Computation */

/** @param {string} name */
const identifier = (name) => name.replaceAll(".", "_");

/** The cases of one computation: of registers, with a constant, and those that branch. @param {Computation} computation */
function cases(computation) {
  const { name, constant, branch } = computation;
  return [
    one(computation, false, false),
    ...(constant ? [one(computation, true, false)] : []),
    ...(branch ? [one(computation, false, true)] : []),
    ...(constant && branch ? [one(computation, true, true)] : []),
  ].join(`\n// ${name}\n`);
}

/** @param {Computation} computation @param {boolean} constant @param {boolean} branch */
function one({ name, operands, result, expression, traps = [] }, constant, branch) {
  const first = branch ? 1 : 2;
  const lines = operands.map((type, i) => {
    const word = `CODE + ${4 * (first + i)}`;
    const last = constant && i === operands.length - 1;
    const value = last ? `<${type}>load<i32>(pc, ${word})` : `load<${type}>(base + load<u32>(pc, ${word}))`;
    return `const ${"ab"[i]} = ${value};`;
  });
  for (const { condition, trap } of traps) {
    lines.push(`if (${condition}) return trap(Trap.${trap}, context, pc, base, current, remaining);`);
  }
  const end = 4 * (first + operands.length);
  if (branch) {
    lines.push(`pc = ${expression} ? load<u32>(pc, CODE + ${end}) : pc + ${end + 4};`);
  } else {
    const wide = ["i32", "u32"].includes(result) ? `store<u64>(to, <u32>(${expression}));` : undefined;
    lines.push("const to = base + load<u32>(pc, CODE + 4);");
    lines.push(wide ?? `store<${result}>(to, ${expression});`, `pc += ${end};`);
  }
  const label = `${branch ? "branch." : ""}${name}${constant ? ".k" : ""}`;
  return `case Op.${identifier(label)}: {\n${lines.join("\n")}\ncontinue;\n}`;
}

/** @param {string} name @param {readonly string[]} members */
const enumeration = (name, members) => `export const enum ${name} { ${members.map(identifier).join(", ")} }\n`;

// Shared, so that what was made of it stays valid when it grows.
const SHARED = ["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"];
const loop = await readFile(join(root, FOLDER, "interpreter.ts"), "utf8");
await compile([`${FOLDER}/interpreter.ts`], "packages/machines/dist/processor/interpreter.wasm", {
  generated: new Map([
    [`${FOLDER}/numbers.ts`, enumeration("Op", INSTRUCTIONS)],
    [`${FOLDER}/traps.ts`, enumeration("Trap", Object.keys(TRAPS))],
    [`${FOLDER}/interpreter.ts`, loop.replace("// @computations", () => COMPUTATIONS.map(cases).join("\n"))],
  ]),
  options: SHARED,
});

const GUEST = "packages/machines/src/processor/guest/guest.ts";
const imported = ["--importMemory", "--initialMemory", "0"];
await compile([GUEST], "packages/machines/dist/processor/guest.wasm", { options: imported });
await compile([GUEST], "packages/machines/dist/processor/guest-shared.wasm", { options: [...imported, ...SHARED] });
await compile(
  ["packages/machines/src/machines/simulated/processors/runner/runner.ts"],
  "packages/machines/dist/machines/simulated/processors/runner.wasm",
  {
    options: [...imported, ...SHARED],
  },
);
