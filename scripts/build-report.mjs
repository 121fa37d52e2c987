// @ts-check
// Bundles what a report carries inside: its browser script and its styles. They lie beside report/page.js in
// packages/machines/dist as page.bundle.js and page.bundle.css. No bundle can end the element it stands in: esbuild
// escapes </script in scripts and </style in styles.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: { "page.bundle": "packages/machines/src/report/page/main.ts" },
  outdir: "packages/machines/dist/report",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  charset: "utf8",
});
