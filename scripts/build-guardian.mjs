// @ts-check
// Writes packages/library/dist/platform/guardian-code.js: the threads that repair, each as one script in a string. A
// bundler that does not know of the guardian's file leaves it out; what is in a string is there wherever the library
// is. From what tsc made of packages/library/src/platform/*-guardian.ts, after it.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { DECODE, publish, root } from "./assemblyscript.mjs";

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
    onResolve({ filter: /\/(modules|guardian-code)\.js$/ }, ({ path }) => ({
      path: basename(path),
      namespace: "embedded",
    }));
    // A guardian starts none.
    onLoad({ filter: /./, namespace: "embedded" }, ({ path }) => ({
      contents: path === "modules.js" ? MODULES : "export const nodeGuardian = '', browserGuardian = '';",
    }));
  },
};

/** @param {"node" | "browser"} platform */
async function script(platform) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [`${root}packages/library/dist/platform/${platform}-guardian.js`],
    bundle: true,
    write: false,
    platform,
    format: platform === "node" ? "cjs" : "iife",
    target: "es2023",
    minifySyntax: true,
    minifyWhitespace: true,
    define: { "import.meta.url": "undefined" },
    plugins: [embedded],
  });
  return outputFiles[0]?.text ?? "";
}

await publish(
  "packages/library/dist/platform/guardian-code.js",
  `export const nodeGuardian = ${JSON.stringify(await script("node"))};
export const browserGuardian = ${JSON.stringify(await script("browser"))};
`,
);
