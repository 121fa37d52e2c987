// @ts-check
// The AssemblyScript compiler as the build uses it: names kept, no runtime, files replaced whole.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles AssemblyScript files to one module.
 * @param {string[]} files
 * @param {string} target
 * @param {{ generated?: Map<string, string>, options?: string[] }} [more] files that exist in memory only; the compiler's options
 */
export async function compile(files, target, { generated = new Map(), options = [] } = {}) {
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
      basename(target),
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
  if (error) {
    process.stderr.write(stderr.toString());
    process.exit(1);
  }
  for (const [name, contents] of outputs) await publish(join(dirname(target), name), contents);
}

/** @param {string} file @param {string | Uint8Array} contents */
export async function publish(file, contents) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, `${file}.new`), contents);
  await rename(join(root, `${file}.new`), join(root, file));
}
