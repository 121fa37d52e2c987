// @ts-check
// The types of the package for CommonJS, which gets its ES modules by `require`: what declares them is copied to
// dist/require, where TypeScript takes it for CommonJS. With the declarations of ES modules, TypeScript before 5.8 reports
// error TS1479 to whoever requires the package.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../dist/", import.meta.url));
const to = `${root}require`;
/** The package's entry points: package.json has them in "exports". */
const files = ["library/index.d.ts", "library/debug/index.d.ts", "machines.d.ts"];

await rm(to, { recursive: true, force: true });
for (const file of files) {
  const source = await readFile(join(root, file), "utf8");
  for (const [, from] of source.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
    const imported = normalize(join(dirname(file), `${from}.d.ts`));
    if (!files.includes(imported)) files.push(imported);
  }
  await mkdir(dirname(join(to, file)), { recursive: true });
  await writeFile(join(to, file), source.replace(/\n?\/\/# sourceMappingURL=.*/, ""));
}
await writeFile(`${to}/package.json`, '{ "type": "commonjs" }\n');
