// @ts-check
// Puts beside dist/report/page.js what a report carries inside: its style, its browser script, and uPlot with its
// licence at the head. uPlot is thereby a dependency of the build only.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src", "report");
const target = join(root, "dist", "report");
// uPlot exports no paths but its entry, dist/uPlot.cjs.js.
const uPlot = dirname(dirname(createRequire(import.meta.url).resolve("uplot")));

await mkdir(target, { recursive: true });
for (const file of ["page.css", "page.client.js"]) await copyFile(join(source, file), join(target, file));
await copyFile(join(uPlot, "dist", "uPlot.min.css"), join(target, "uPlot.min.css"));

const { version } = JSON.parse(await readFile(join(uPlot, "package.json"), "utf8"));
const licence = (await readFile(join(uPlot, "LICENSE"), "utf8")).trim();
const script = await readFile(join(uPlot, "dist", "uPlot.iife.min.js"), "utf8");
if (/<\/script/i.test(script)) throw new Error("Cannot put uPlot into a page: received a script with </script in it");
await writeFile(join(target, "uPlot.iife.min.js"), `/*! uPlot ${version}, MIT\n\n${licence}\n*/\n${script}`);
