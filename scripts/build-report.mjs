// @ts-check
// Bundles what a report carries inside: its browser script with uPlot, uPlot's licence at the head, and their styles.
// They lie beside report/page.js in packages/machines/dist as page.bundle.js and page.bundle.css. uPlot is thereby a dependency of the build
// only. No bundle can end the element it stands in: esbuild escapes </script in scripts and </style in styles.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const uPlot = `${root}node_modules/uplot`;
const { version } = JSON.parse(await readFile(`${uPlot}/package.json`, "utf8"));
const licence = (await readFile(`${uPlot}/LICENSE`, "utf8")).trim();

await build({
  absWorkingDir: root,
  entryPoints: { "page.bundle": "packages/machines/src/report/page/main.ts" },
  outdir: "packages/machines/dist/report",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "inline",
  banner: { js: `/*! uPlot ${version}, MIT\n\n${licence}\n*/` },
});
