// @ts-check
// Compiles lightweight calls for one thread of this computer to packages/machines/dist/native-calls/: kernel, client and server,
// at addresses of their own in one memory. kernel/native/calls/machine.ts takes the place of the privileged instructions, and
// A-stacks lie above the rest instead of above 3 GiB. Else the sources are those of the kernel that boots. Besides, messages
// between two threads.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compile, root, SHARED_MEMORY } from "./assemblyscript.mjs";

const DIST = "packages/machines/dist/native-calls";
/** Where packages/machines/src/experiments/native-calls.ts has them, too. */
const BASES = { client: 0x10000, server: 0x40000, kernel: 0x80000 };
const A_STACKS = 0x400000;

/** @param {string} file */
const textOf = (file) => readFile(join(root, file), "utf8");

/** @param {string} text @param {string} part @param {string} other */
function replaced(text, part, other) {
  if (!text.includes(part))
    throw new Error(`Cannot replace "${part}": received a source without it; expected it there`);
  return text.replace(part, other);
}

const machine = await textOf("kernel/native/calls/machine.ts");
const aStacks = replaced(await textOf("kernel/calls/a-stacks.ts"), "0xc0000000", String(A_STACKS));
const system = new Map([
  ["kernel/machine.ts", machine],
  ["kernel/privileged/machine.ts", 'export * from "../machine";\n'],
  ["kernel/calls/a-stacks.ts", aStacks],
]);
// Programs trap, and mark nothing.
const programs = new Map([["kernel/machine.ts", machine]]);

/** Up to the A-stacks' end. */
const PAGES = 80;

/** What the others are compiled with, but source maps: nobody reads them. */
const SHARED = SHARED_MEMORY.filter((option) => option !== "--sourceMap");

/** The last of two options counts. @param {number} base */
const at = (base) => [...SHARED, "--initialMemory", String(PAGES), "--memoryBase", String(base)];

await compile(["kernel/native/calls/kernel.ts"], `${DIST}/kernel.wasm`, {
  generated: system,
  options: [...at(BASES.kernel), "--importTable"],
});
await compile(["kernel/native/calls/client.ts"], `${DIST}/client.wasm`, {
  generated: programs,
  options: at(BASES.client),
});
await compile(["programs/calls-server.ts"], `${DIST}/server.wasm`, { generated: programs, options: at(BASES.server) });
await compile(["kernel/native/calls/exchange.ts"], `${DIST}/exchange.wasm`, { options: SHARED });
