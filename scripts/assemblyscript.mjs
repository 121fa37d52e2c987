// @ts-check
// The AssemblyScript compiler as the build uses it: names kept, no runtime, files replaced whole.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

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

/** @param {string[]} files @param {string} target @param {Sources} [sources] */
async function outputsOf(files, target, sources) {
  const { outputs, errors } = await assemble(files, target, sources);
  if (errors !== "") {
    process.stderr.write(errors);
    process.exit(1);
  }
  return outputs;
}

/**
 * What compile writes, by the files' names, and what is wrong.
 * @typedef {{ generated?: Map<string, string>, options?: string[] }} Sources files that exist in memory only, or take the
 *   place of those that exist; the compiler's options
 * @param {string[]} files
 * @param {string} target
 * @param {Sources} [sources]
 */
export async function assemble(files, target, { generated = new Map(), options = [] } = {}) {
  /** @type {Map<string, string | Uint8Array>} */
  const outputs = new Map();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      ...files,
      "--baseDir",
      root,
      "--config",
      "none",
      "--outFile",
      target,
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--debug",
      ...options,
    ],
    {
      stderr,
      readFile: async (name, baseDir) => generated.get(name) ?? readFile(join(baseDir, name), "utf8").catch(() => null),
      writeFile: (name, contents) => void outputs.set(name, contents),
      listFiles: () => [],
    },
  );
  return { outputs, errors: error ? stderr.toString() || error.message : "" };
}

/** @param {string} file @param {string | Uint8Array} contents */
export async function publish(file, contents) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, `${file}.new`), contents);
  await rename(join(root, `${file}.new`), join(root, file));
}
