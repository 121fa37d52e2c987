import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The code of a worker that consists of several files, as one module that Node can import. What is in dist/ stays
 * there.
 */
export async function bundle(entry: URL, options: { readonly minify?: boolean } = {}): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    ...options,
    plugins: [
      {
        name: "dist",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^#(library|machines)\// }, ({ path }) => ({
            path: import.meta.resolve(path),
            external: true,
          })),
      },
    ],
  });
  return new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
}
