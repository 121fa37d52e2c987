// @ts-check
// Compiles every kernel that boots, a folder of kernel/os/ with its kernel.ts, to packages/machines/dist/os/NAME.wasm with a
// source map, and the same as JavaScript for loadOperatingSystem, which needs no file; and every program of programs/ to
// dist/programs/NAME.wasm. Nothing else lists the kernels and the programs.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { base64, compile, publish, root, SHARED_MEMORY } from "./assemblyscript.mjs";

const DIST = "packages/machines/dist";
/** What programs are made of. */
const DECLARATIONS = "system.ts";

/** @param {string} folder */
const entriesOf = (folder) => readdir(join(root, folder), { withFileTypes: true });

const kernels = (await entriesOf("kernel/os")).filter((entry) => entry.isDirectory()).map(({ name }) => name);
for (const name of kernels.sort()) {
  // A context begins at an entry of the table, so that has to stay.
  await compile([`kernel/os/${name}/kernel.ts`], `${DIST}/os/${name}.wasm`, {
    options: [...SHARED_MEMORY, "--exportTable"],
  });
  const bytes = await readFile(join(root, DIST, `os/${name}.wasm`));
  const { version, sources, mappings } = JSON.parse(await readFile(join(root, DIST, `os/${name}.wasm.map`), "utf8"));
  await publish(
    `${DIST}/os/${name}.js`,
    `import { decodeBase64 } from "../wasm/base64.js";
export const bytes = decodeBase64("${base64(bytes)}");
export const sourceMap = ${JSON.stringify({ version, sources, mappings })};
`,
  );
}
await publish(
  `${DIST}/program/operating-system-modules.js`,
  `export const modules = {\n${kernels.map((name) => `  ${name}: () => import("../os/${name}.js"),\n`).join("")}};\n`,
);

/** Programs that figures of papers are reproduced with, which need no file. */
const MEASURED = ["calls-client", "calls-server"];

const programs = (await entriesOf("programs")).map(({ name }) => name).filter((name) => name.endsWith(".ts"));
for (const file of programs.sort()) {
  if (file === DECLARATIONS) continue;
  await compile([`programs/${file}`], `${DIST}/programs/${basename(file, ".ts")}.wasm`, { options: SHARED_MEMORY });
}
for (const name of MEASURED) {
  const bytes = await readFile(join(root, DIST, `programs/${name}.wasm`));
  await publish(
    `${DIST}/programs/${name}.js`,
    `import { decodeBase64 } from "../wasm/base64.js";
export const bytes = decodeBase64("${base64(bytes)}");
`,
  );
}
await publish(
  `${DIST}/program/measured-program-modules.js`,
  `export const modules = {\n${MEASURED.map((name) => `  "${name}": () => import("../programs/${name}.js"),\n`).join("")}};\n`,
);
