// @ts-check
// Puts beside dist/report/page.js what a report carries inside: its style, its browser script, and uPlot with its
// licence at the head. uPlot is thereby a dependency of the build only. Runs after tsc, of whose output it takes a module.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src", "report");
const target = join(root, "dist", "report");
// uPlot exports no paths but its entry, dist/uPlot.cjs.js.
const uPlot = dirname(dirname(createRequire(import.meta.url).resolve("uplot")));
/** The browser script's modules, each after those that it imports. */
const CLIENT = [
  join(root, "dist", "experiments", "measurement.js"),
  ...["rows", "text", "chart", "marks", "lines", "shares", "client"].map((name) => join(source, `page.${name}.js`)),
];

await mkdir(target, { recursive: true });
await copyFile(join(source, "page.css"), join(target, "page.css"));
await writeFile(join(target, "page.client.js"), await joined(CLIENT));
await copyFile(join(uPlot, "dist", "uPlot.min.css"), join(target, "uPlot.min.css"));

const { version } = JSON.parse(await readFile(join(uPlot, "package.json"), "utf8"));
const licence = (await readFile(join(uPlot, "LICENSE"), "utf8")).trim();
const script = await readFile(join(uPlot, "dist", "uPlot.iife.min.js"), "utf8");
if (/<\/script/i.test(script)) throw new Error("Cannot put uPlot into a page: received a script with </script in it");
await writeFile(join(target, "uPlot.iife.min.js"), `/*! uPlot ${version}, MIT\n\n${licence}\n*/\n${script}`);

/**
 * One module of many, for a page that can load none: without their imports and exports, they share one scope.
 * @param {string[]} files
 */
async function joined(files) {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const module = texts
    .join("\n")
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^export (?=const |function )/gm, "")
    .replace(/^\/\/(?: @ts-check|# sourceMappingURL=).*\n?/gm, "");
  const obstacle = /^(?:import|export)\b.*|<\/script/im.exec(module);
  if (obstacle) throw new Error(`Cannot join the page's modules: received "${obstacle[0]}" in one of them`);
  return module;
}
