// @ts-check
// Builds both packages into their dist/. With --check it also checks types, style and documentation. Of what can begin,
// the first in these lists begins first: what takes long and what others wait for.
import { runSteps } from "./steps.mjs";

// The code ships without comments and source maps, the declarations with comments. The first step checks the types of
// both.
const CODE =
  "--noCheck --declaration false --removeComments --sourceMap false --inlineSources false " +
  "--tsBuildInfoFile packages/library/dist/.code.tsbuildinfo";

/** @type {readonly import("./steps.mjs").Step[]} */
const BUILD = [
  { name: "machines", command: "tsc -p packages/machines" },
  { name: "library's types", command: "tsc -p packages/library --emitDeclarationOnly" },
  { name: "library's code", command: `tsc -p packages/library ${CODE}` },
  { name: "guardian", command: "node scripts/build-guardian.mjs", after: ["library's code"] },
  { name: "types for require", command: "node scripts/build-require-types.mjs", after: ["library's types"] },
  { name: "interpreter", command: "node scripts/build-interpreter.mjs", after: ["machines"] },
  { name: "library.wasm", command: "node scripts/build-library.mjs" },
  { name: "kernel.wasm", command: "node scripts/build-kernel.mjs" },
  { name: "report's page", command: "node scripts/build-report.mjs" },
];

/** @type {readonly import("./steps.mjs").Step[]} */
const CHECK = [
  { name: "types of tests", command: "tsc -p test", after: ["machines", "library's types"] },
  { name: "types of bench", command: "tsc -p bench --noEmit", after: ["machines", "library's types"] },
  { name: "documentation", command: "typedoc --emit none" },
  { name: "types of scripts", command: "tsc -p scripts" },
  { name: "types of the report's page", command: "tsc -p packages/machines/src/report/page" },
  { name: "style", command: "biome check --error-on-warnings" },
];

await runSteps(process.argv.includes("--check") ? [...BUILD, ...CHECK] : BUILD);
