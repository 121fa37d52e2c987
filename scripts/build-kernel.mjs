// @ts-check
// Compiles the algorithms of kernel/ to kernel.wasm in packages/machines/dist, with names and a source map. Writes the
// same as JavaScript to program/kernel-module.js there, and to program/catalogue.js their catalogue, from the comment
// at the head of each one's file: so loadKernel needs no file, in Node, in browsers and in bundles. Nothing else lists
// the algorithms. What is exported of each is kernel/kinds/algorithm.ts and the file of its kind beside that.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { base64, compile, publish, root, SHARED_MEMORY } from "./assemblyscript.mjs";

/** @typedef {{ kind: string, name: string, title: string, text: string, [tag: string]: string }} Algorithm */

/** What every algorithm exports that a number of processors alone makes. */
const ALL = "algorithm";
/** In the order of the catalogue: where a kind's algorithms are, and which files of kinds/ are compiled for each. */
const KINDS = [
  { kind: "lock", folder: "locks", entries: [ALL, "lock"] },
  { kind: "barrier", folder: "barriers", entries: [ALL, "barrier"] },
  { kind: "counter", folder: "counters", entries: [ALL, "counter"] },
  { kind: "policy", folder: "scheduling", entries: ["policy"] },
  { kind: "object", folder: "existence", entries: [ALL, "object"] },
];

/** The names of a folder's files. @param {string} folder */
const namesIn = async (folder) => (await readdir(join(root, folder))).sort().map((file) => basename(file, ".ts"));

/** A file of the kernel, with the prose and the tags of the comment at its head. @param {string} file */
async function readHeaded(file) {
  const text = await readFile(join(root, file), "utf8");
  const head = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(text)?.[1];
  if (!head) throw new Error(`Cannot describe ${file}: received no comment at its head; expected /** ... */`);
  const lines = head.split("\n").map((line) => line.replace(/^ \* ?/, ""));
  const prose = lines.filter((line) => !line.startsWith("@"));
  /** @type {Record<string, string>} */
  const tags = {};
  for (const [, tag, value] of lines.join("\n").matchAll(/^@(\w+) (.+)$/gm)) if (tag && value) tags[tag] = value;
  return { text, prose: prose.join("\n").trim(), tags };
}

/**
 * @param {string} kind
 * @param {string} folder
 * @param {string} name
 * @param {readonly string[]} needed
 * @returns {Promise<Algorithm>}
 */
async function describe(kind, folder, name, needed) {
  const file = `kernel/${folder}/${name}.ts`;
  const { prose, tags } = await readHeaded(file);
  const missing = needed.filter((tag) => !(tag in tags));
  if (missing.length > 0) throw new Error(`Cannot describe ${file}: received no @${missing.join(", @")} in its head`);
  const [title, description] = prose.split(/:\s/, 2);
  if (!title || !description) throw new Error(`Cannot describe ${file}: received a head without "Title: what it does"`);
  return { kind, name, title, text: prose, ...tags };
}

const texts = new Map([[ALL, await readFile(join(root, `kernel/kinds/${ALL}.ts`), "utf8")]]);
/** @type {Algorithm[]} */
const catalogue = [];
for (const { kind, folder } of KINDS) {
  const { text, tags } = await readHeaded(`kernel/kinds/${kind}.ts`);
  texts.set(kind, text);
  const needed = tags.heads?.split(" ") ?? [];
  const names = await namesIn(`kernel/${folder}`);
  catalogue.push(...(await Promise.all(names.map((name) => describe(kind, folder, name, needed)))));
}
const twice = catalogue.find((a, i) => catalogue.findIndex((b) => b.name === a.name) !== i);
if (twice)
  throw new Error(
    `Cannot name two algorithms "${twice.name}": received the ${twice.kind} ${twice.name}; expected a new name`,
  );

/** An algorithm's entries, by the file that they are in, in memory only. @param {Algorithm} algorithm */
function entriesOf({ kind, name }) {
  const prefix = name.replaceAll("-", "_");
  const { folder, entries } = /** @type {typeof KINDS[number]} */ (KINDS.find((one) => one.kind === kind));
  return entries.map((of) => {
    const text = String(texts.get(of))
      .replace(/(?<=as algorithm from )"[^"]*"/, `"../${folder}/${name}"`)
      .replace(/^export function (?=\w)/gm, `export function ${prefix}_`);
    return /** @type {const} */ ([`kernel/kinds/${name}.${of}.ts`, text]);
  });
}

const generated = new Map(catalogue.flatMap(entriesOf));
const DIST = "packages/machines/dist";
await compile(["kernel/kernel.ts", ...generated.keys()], `${DIST}/kernel.wasm`, {
  generated,
  options: SHARED_MEMORY,
});
const bytes = await readFile(join(root, DIST, "kernel.wasm"));
const { version, sources, mappings } = JSON.parse(await readFile(join(root, DIST, "kernel.wasm.map"), "utf8"));
await publish(
  `${DIST}/program/kernel-module.js`,
  `import { decodeBase64 } from "../wasm/base64.js";
export const bytes = decodeBase64("${base64(bytes)}");
export const sourceMap = ${JSON.stringify({ version, sources, mappings })};
`,
);
await publish(
  `${DIST}/program/catalogue.js`,
  `export const algorithms = ${JSON.stringify(catalogue, null, 1)};
`,
);
