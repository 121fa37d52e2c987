// @ts-check
// The AssemblyScript compiler as the build uses it: names kept, no runtime, files replaced whole. What was compiled
// from the same sources before is taken from dist/compiled/.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const INITIAL_PAGES = 1;
const MAXIMUM_PAGES = 65536;

/** The options of modules whose instances have one memory. */
export const SHARED_MEMORY = [
  "--sourceMap",
  "--enable",
  "threads",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  String(INITIAL_PAGES),
  "--maximumMemory",
  String(MAXIMUM_PAGES),
];

/**
 * Compiles AssemblyScript files to one module; exits if they have errors.
 * @param {string[]} files
 * @param {string} target
 * @param {Sources} [sources]
 */
export async function compile(files, target, sources) {
  const outputs = await outputsOf(files, basename(target), sources);
  for (const [name, contents] of outputs) await publish(join(dirname(target), name), contents);
}

/**
 * The module that AssemblyScript files are compiled to, in base 64; exits if they have errors.
 * @param {string[]} files
 * @param {Sources} [sources]
 */
export async function compileText(files, sources) {
  const outputs = await outputsOf(files, "module.wasm", sources);
  return base64(/** @type {Uint8Array} */ (outputs.get("module.wasm")));
}

/** @param {Uint8Array} bytes */
export const base64 = (bytes) => Buffer.from(bytes).toString("base64");

/**
 * What reads that again, for code that ships. Each worker does so before it can do anything: where there is a `Buffer`,
 * in some hundredths of the time.
 */
export const DECODE = `const decode = (text) =>
  globalThis.Buffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (character) => character.charCodeAt(0));`;

/**
 * A compilation that succeeded: hashes of the sources by their names, null of one that was looked for and is not there;
 * and what was written, text or bytes in base 64.
 * @typedef {{ sources: Record<string, string | null>, outputs: [name: string, text: string | null, bytes: string][] }} Compiled
 */

/** @param {string[]} files @param {string} target @param {Sources} [sources] */
async function outputsOf(files, target, sources = {}) {
  const request = JSON.stringify([await versionOf("assemblyscript"), OPTIONS, files, target, sources.options]);
  const record = `dist/compiled/${target}.${hash(request).slice(0, 16)}.json`;
  const former = await outputsBefore(record, sources);
  if (former !== undefined) return former;
  const { outputs, errors, read } = await assemble(files, target, sources);
  if (errors !== "") {
    process.stderr.write(errors);
    process.exit(1);
  }
  /** @type {Compiled} */
  const compiled = {
    sources: Object.fromEntries([...read].map(([file, text]) => [file, hashIfThere(text)])),
    outputs: [...outputs].map(([name, contents]) =>
      typeof contents === "string" ? [name, contents, ""] : [name, null, base64(contents)],
    ),
  };
  await publish(record, JSON.stringify(compiled));
  return outputs;
}

/** What the record has, if all sources are what they were. @param {string} record @param {Sources} sources */
async function outputsBefore(record, { generated }) {
  const text = await readIfThere(record);
  if (text === null) return undefined;
  /** @type {Compiled} */
  const { sources, outputs } = JSON.parse(text);
  for (const [file, was] of Object.entries(sources)) {
    if (hashIfThere(generated?.get(file) ?? (await readIfThere(file))) !== was) return undefined;
  }
  return new Map(outputs.map(([name, text, bytes]) => [name, text ?? Buffer.from(bytes, "base64")]));
}

/** @param {string} name */
const versionOf = async (name) =>
  JSON.parse(await readFile(join(root, "node_modules", name, "package.json"), "utf8")).version;

/** @param {string} file */
const readIfThere = (file) => readFile(join(root, file), "utf8").catch(() => null);

/** @param {string} text */
const hash = (text) => createHash("sha256").update(text).digest("hex");

/** @param {string | null} text */
const hashIfThere = (text) => (text === null ? null : hash(text));

/** Of every compilation. */
const OPTIONS = ["--config", "none", "-O3", "--noAssert", "--runtime", "stub", "--debug"];

/**
 * What compile writes, by the files' names, what is wrong, and the sources that were looked for.
 * @typedef {{ generated?: Map<string, string>, options?: string[] }} Sources files that exist in memory only,
 *   or take the place of those that exist; the compiler's options
 * @param {string[]} files
 * @param {string} target
 * @param {Sources} [sources]
 */
export async function assemble(files, target, { generated = new Map(), options = [] } = {}) {
  // Loading the compiler takes longer than finding that there is nothing to compile.
  const { default: asc } = await import("assemblyscript/asc");
  /** @type {Map<string, string | Uint8Array>} */
  const outputs = new Map();
  /** @type {Map<string, string | null>} */
  const read = new Map();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([...files, "--baseDir", root, "--outFile", target, ...OPTIONS, ...options], {
    stderr,
    readFile: async (name) => {
      const text = generated.get(name) ?? (await readIfThere(name));
      read.set(name, text);
      return text;
    },
    writeFile: (name, contents) => void outputs.set(name, contents),
    listFiles: () => [],
  });
  return { outputs, errors: error ? stderr.toString() || error.message : "", read };
}

/** @param {string} file @param {string | Uint8Array} contents */
export async function publish(file, contents) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, `${file}.new`), contents);
  await rename(join(root, `${file}.new`), join(root, file));
}
