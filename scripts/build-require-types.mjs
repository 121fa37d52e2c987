// @ts-check
// The types of the packages for CommonJS, which gets its ES modules by `require`: what declares them is copied to
// dist/require, where TypeScript takes it for CommonJS. With the declarations of ES modules, TypeScript before 5.8 reports
// error TS1479 to whoever requires the package.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** Entry points: each package.json has them in "exports". */
const PACKAGES = { library: ["index.d.ts", "debug/index.d.ts"], machines: ["index.d.ts"] };

for (const [name, files] of Object.entries(PACKAGES)) {
  const dist = fileURLToPath(new URL(`../packages/${name}/dist/`, import.meta.url));
  const to = `${dist}require`;
  await rm(to, { recursive: true, force: true });
  for (const file of files) {
    const source = await readFile(join(dist, file), "utf8");
    for (const [, from] of source.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
      const imported = normalize(join(dirname(file), `${from}.d.ts`));
      if (!files.includes(imported)) files.push(imported);
    }
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(join(to, file), source.replace(/\n?\/\/# sourceMappingURL=.*/, ""));
  }
  await writeFile(`${to}/package.json`, '{ "type": "commonjs" }\n');
}
