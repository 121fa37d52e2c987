// @ts-check
// Compiles the algorithms of kernel/ to kernel.wasm in packages/machines/dist, with names and a source map. Writes the
// same as JavaScript to program/kernel-module.js there, and to program/catalogue.js their catalogue, from the comment
// at the head of each one's file: so loadKernel needs no file, in Node, in browsers and in bundles. Nothing else lists
// the algorithms. What is exported of each is kernel/kinds/algorithm.ts and the file of its kind beside that.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { base64, compile, publish, root, SHARED_MEMORY } from "./assemblyscript.mjs";

/** @typedef {{ kind: string, name: string, title: string, text: string, [tag: string]: string }} Algorithm */

/** In the order of the catalogue. The algorithms of a kind are in the folder of its plural. */
const KINDS = ["lock", "barrier", "counter"];
/** What every algorithm exports, of whatever kind. */
const ALL = "algorithm";

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

/** @param {string} kind @param {string} name @param {readonly string[]} needed @returns {Promise<Algorithm>} */
async function describe(kind, name, needed) {
  const file = `kernel/${kind}s/${name}.ts`;
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
for (const kind of KINDS) {
  const { text, tags } = await readHeaded(`kernel/kinds/${kind}.ts`);
  texts.set(kind, text);
  const needed = tags.heads?.split(" ") ?? [];
  const names = await namesIn(`kernel/${kind}s`);
  catalogue.push(...(await Promise.all(names.map((name) => describe(kind, name, needed)))));
}
const twice = catalogue.find((a, i) => catalogue.findIndex((b) => b.name === a.name) !== i);
if (twice)
  throw new Error(
    `Cannot name two algorithms "${twice.name}": received ${twice.kind}s/${twice.name}.ts; expected a new name`,
  );

/** An algorithm's entries, by the file that they are in, in memory only. @param {Algorithm} algorithm */
function entriesOf({ kind, name }) {
  const prefix = name.replaceAll("-", "_");
  return [ALL, kind].map((of) => {
    const text = String(texts.get(of))
      .replace(/(?<=as algorithm from )"[^"]*"/, `"../${kind}s/${name}"`)
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
