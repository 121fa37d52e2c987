import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rollup } from "rollup";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = `${root}packages/library/dist/`;

/** The library's files of which a bundle of this program has something, by bundler. */
const FILES: Record<string, (program: string) => Promise<string[]>> = {
  esbuild: async (contents) => {
    const { metafile } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      metafile: true,
      absWorkingDir: library,
    });
    const [output] = Object.values(metafile.outputs);
    return Object.entries(output!.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
  },
  Rollup: async (code) => {
    const bundle = await rollup({
      input: "program",
      plugins: [
        {
          name: "program",
          resolveId: (id) =>
            id === "program" ? id : id === "landspout" ? { id: `${library}index.js`, moduleSideEffects: false } : null,
          load: (id) => (id === "program" ? code : null),
        },
      ],
      treeshake: { moduleSideEffects: (id) => id === "program" },
    });
    const { output } = await bundle.generate({ format: "esm" });
    const { modules } = output[0];
    return Object.keys(modules)
      .filter((id) => modules[id]!.renderedLength > 0)
      .map((id) => id.replace(library, ""));
  },
};

const PROGRAM = `
import { Mutex, SharedSpace } from "landspout";
const mutex = new Mutex(new SharedSpace());
mutex.lock().unlock();
`;

describe.each(Object.keys(FILES))("A bundle by %s", (bundler) => {
  test("carries of the library what its program needs", async () => {
    const files = await FILES[bundler]!(PROGRAM);
    expect(files).toContain("mutex.js");
    expect(files).toContain("space.js");
    expect(
      files.filter((file) => /^(structured|channel|clustered|condition|histogram|rw-lock|receive|names)/.test(file)),
    ).toEqual([]);
  });

  test("has every class if its program receives", async () => {
    const files = await FILES[bundler]!(`import { receive } from "landspout"; receive(globalThis.message);`);
    expect(files).toEqual(expect.arrayContaining(["mutex.js", "channel.js", "structured-reader.js", "latch.js"]));
  });
});
