// @ts-check
// Compiles packages/machines/src/processor/interpreter/, and what simulated machines link to it: the accesses to a
// program's memory and the runner. Their bytes become JavaScript in dist/, so that machines need no file, in Node, in
// browsers and in bundles. The instructions' numbers, and the cases of the loop that compute, are made from the table
// that the lowering uses too: dist/wasm/instructions.js.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compileText, publish, root } from "./assemblyscript.mjs";

const FOLDER = "packages/machines/src/processor/interpreter";
const table = pathToFileURL(join(root, "packages/machines/dist/wasm/instructions.js")).href;
const { COMPUTATIONS, INSTRUCTIONS, TRAPS } =
  /** @type {typeof import("../packages/machines/src/wasm/instructions.js")} */ (await import(table));

/** @typedef {(typeof COMPUTATIONS)[number]} Computation */

/** @param {string} name */
const identifier = (name) => name.replaceAll(".", "_");

/**
 * The cases of one computation: of registers, with a constant, and those that branch.
 *
 * @param {Computation} computation
 */
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
/** For processors without a kernel mode, and with one. */
const PLAIN = ["--use", "PRIVILEGED=0"];
const WITH_KERNEL_MODE = ["--use", "PRIVILEGED=1"];

/** @param {readonly string[]} mode */
const compileInterpreter = (mode) =>
  compileText([`${FOLDER}/interpreter.ts`], {
    generated: new Map([
      [`${FOLDER}/numbers.ts`, enumeration("Op", INSTRUCTIONS)],
      [`${FOLDER}/traps.ts`, enumeration("Trap", Object.keys(TRAPS))],
      [`${FOLDER}/interpreter.ts`, loop.replace("// @computations", () => COMPUTATIONS.map(cases).join("\n"))],
    ]),
    // Pages that most runs need no more than: most never grow.
    options: ["--initialMemory", "256", ...SHARED, ...mode],
  });
const interpreter = await compileInterpreter(PLAIN);
const privilegedInterpreter = await compileInterpreter(WITH_KERNEL_MODE);

const GUEST = "packages/machines/src/processor/guest/guest.ts";
const RUNNER = "packages/machines/src/machines/simulated/processors/runner/runner.ts";
const imported = ["--importMemory", "--initialMemory", "0"];
const guest = await compileText([GUEST], { options: imported });
const sharedGuest = await compileText([GUEST], { options: [...imported, ...SHARED] });
const runner = await compileText([RUNNER], { options: [...imported, ...SHARED, ...PLAIN] });
const privilegedRunner = await compileText([RUNNER], { options: [...imported, ...SHARED, ...WITH_KERNEL_MODE] });

await publish(
  "packages/machines/dist/processor/modules.js",
  modules("..", { interpreter, privilegedInterpreter, guest, sharedGuest }),
);
await publish(
  "packages/machines/dist/machines/simulated/processors/modules.js",
  modules("../../..", { runner, privilegedRunner }),
);

/** JavaScript that has modules' bytes. @param {string} above the path to dist/ @param {Record<string, string>} texts */
function modules(above, texts) {
  const lines = Object.entries(texts).map(([name, text]) => `export const ${name}Bytes = decodeBase64("${text}");\n`);
  return `import { decodeBase64 } from "${above}/wasm/base64.js";\n${lines.join("")}`;
}
