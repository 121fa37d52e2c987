// @ts-check
// Writes packages/library/dist/platform/{guardian,executor}-code.js: the threads that repair, and a pool's workers in Node,
// each as one script in a string. A bundler that does not know of a thread's file leaves it out; what is in a string is there
// wherever the library is. The script of workers is the larger part of a pool, and few programs read it: it is compressed.
// From what tsc made of packages/library/src/platform/*-guardian.ts and pool/executor.ts, after it. And says to bundlers that
// the module with a pool's tasks is none of theirs: tsc leaves out comments.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { base64, DECODE, publish, root } from "./assemblyscript.mjs";

/** In the script, the modules' bytes are what `guardianScript` puts before it: they are in the library once. */
const MODULES = `
${DECODE}
export const libraryText = landspoutModules.library;
export const instructionsText = landspoutModules.instructions;
export const libraryBytes = decode(libraryText);
export const instructionsBytes = decode(instructionsText);
`;

/** @type {import("esbuild").Plugin} */
const embedded = {
  name: "embedded",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(modules|guardian-code|executor-code)\.js$/ }, ({ path }) => ({
      path: basename(path),
      namespace: "embedded",
    }));
    // These threads start none.
    onLoad({ filter: /./, namespace: "embedded" }, ({ path }) => ({
      contents:
        path === "modules.js"
          ? MODULES
          : "export const nodeGuardian = '', browserGuardian = '', compressedExecutor = '';",
    }));
  },
};

/** @param {"node" | "browser"} platform @param {string} file */
async function script(platform, file) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [`${root}packages/library/dist/${file}.js`],
    bundle: true,
    write: false,
    platform,
    format: platform === "node" ? "cjs" : "iife",
    target: "es2023",
    minifySyntax: true,
    minifyWhitespace: true,
    // A guardian is small, and its names help whoever reads it.
    minifyIdentifiers: file === "pool/executor",
    define: { "import.meta.url": "undefined" },
    plugins: [embedded],
  });
  return outputFiles[0]?.text ?? "";
}

/** @param {string} text */
const compressed = (text) =>
  brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
    },
  });

const TASKS = "packages/library/dist/pool/task-functions.js";
const IMPORT = "import(url)";
const NOT_THEIRS = "import(/* webpackIgnore: true */ /* @vite-ignore */ url)";
const tasks = await readFile(`${root}${TASKS}`, "utf8");
if (!tasks.includes(IMPORT) && !tasks.includes(NOT_THEIRS)) throw new Error(`Cannot find ${IMPORT} in ${TASKS}`);
await publish(TASKS, tasks.replace(IMPORT, NOT_THEIRS));

await publish(
  "packages/library/dist/platform/guardian-code.js",
  `export const nodeGuardian = ${JSON.stringify(await script("node", "platform/node-guardian"))};
export const browserGuardian = ${JSON.stringify(await script("browser", "platform/browser-guardian"))};
`,
);

await publish(
  "packages/library/dist/platform/executor-code.js",
  `export const compressedExecutor = "${base64(compressed(await script("node", "pool/executor")))}";
`,
);
