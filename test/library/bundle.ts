import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ALL_CASES } from "../random-cases.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(root, "dist/.bundled");
/** Of every Node line, too: what the documentation's programs import in .ci/run is what is shipped. */
const AS_SHIPPED = ALL_CASES || Boolean(process.env.CI);
/** What the library imports where it is there. */
const OPTIONAL = ["@opentelemetry/api"];

/**
 * The code of a worker that consists of several files, as one file that Node can import, with what it imports of dist/:
 * a worker loads that in half the processor time that the library's some sixty files take. The threads that start workers
 * load it as it is shipped, and so do the documentation's programs and a pool's workers.
 */
export async function bundle(entry: URL, { minify = false } = {}): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    minify,
    external: OPTIONAL,
    plugins: [
      {
        name: "dist",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^#(library|machines)\// }, ({ path }) => ({
            path: fileURLToPath(import.meta.resolve(path)),
          }));
        },
      },
    ],
  });
  const file = join(FOLDER, basename(entry.pathname).replace(/\.\w+$/, minify ? ".min.js" : ".js"));
  await mkdir(FOLDER, { recursive: true });
  // Another process may make the same at the same time, or read it.
  const own = `${file}.${process.pid}`;
  await writeFile(own, outputFiles[0]!.contents);
  await rename(own, file);
  return pathToFileURL(file);
}

/**
 * A folder for programs that import the library by its name: likewise one file of it, and that of `landspout/debug`; in
 * `npm run test:all`, and with CI=1, the shipped package.
 */
export async function folderWithLibrary(): Promise<URL> {
  const folder = join(root, AS_SHIPPED ? "dist/.docs" : "dist/.bundled/programs");
  const installed = join(folder, "node_modules/landspout");
  await mkdir(AS_SHIPPED ? folder : installed, { recursive: true });
  if (!AS_SHIPPED) {
    const dist = join(root, "packages/library/dist");
    await build({
      // The script of a Pool's workers is where the library looks for it.
      entryPoints: {
        "dist/index": `${dist}/index.js`,
        "dist/debug": `${dist}/debug/index.js`,
        "pool/executor": `${dist}/pool/executor.js`,
      },
      chunkNames: "dist/[name]-[hash]",
      outdir: installed,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      external: OPTIONAL,
    });
    const exports = { ".": "./dist/index.js", "./debug": "./dist/debug.js" };
    await writeFile(join(installed, "package.json"), JSON.stringify({ type: "module", exports }));
  }
  return pathToFileURL(`${folder}/`);
}
