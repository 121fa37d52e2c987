// @ts-check
// Builds both packages into their dist/. With --check it also checks types, style and documentation, with --types types
// alone. Of what can begin, the first in these lists begins first: what takes long and what others wait for.
import { runSteps } from "./steps.mjs";

// Two packages have a command of that name.
const TSC = "node node_modules/typescript-7/bin/tsc";

// The code ships without comments and source maps, the declarations with comments. The first step checks the types of
// both.
const CODE =
  "--noCheck --declaration false --removeComments --sourceMap false --inlineSources false " +
  "--tsBuildInfoFile packages/library/dist/.code.tsbuildinfo";

/** @type {readonly import("./steps.mjs").Step[]} */
const BUILD = [
  { name: "machines", command: `${TSC} -p packages/machines` },
  { name: "library's types", command: `${TSC} -p packages/library --emitDeclarationOnly` },
  { name: "library's code", command: `${TSC} -p packages/library ${CODE}` },
  { name: "guardian", command: "node scripts/build-guardian.mjs", after: ["library's code"] },
  { name: "types for require", command: "node scripts/build-require-types.mjs", after: ["library's types"] },
  { name: "interpreter", command: "node scripts/build-interpreter.mjs", after: ["machines"] },
  { name: "library.wasm", command: "node scripts/build-library.mjs" },
  { name: "kernel.wasm", command: "node scripts/build-kernel.mjs" },
  { name: "kernels that boot, programs", command: "node scripts/build-systems.mjs" },
  { name: "calls on this computer", command: "node scripts/build-native-calls.mjs" },
  { name: "report's page", command: "node scripts/build-report.mjs" },
];

/** @type {readonly import("./steps.mjs").Step[]} */
const TYPES = [
  { name: "types of tests", command: `${TSC} -p test`, after: ["machines", "library's types", "library.wasm"] },
  { name: "types of bench", command: `${TSC} -p bench --noEmit`, after: ["machines", "library's types"] },
  { name: "types of scripts", command: `${TSC} -p scripts`, after: ["machines"] },
  { name: "types of the report's page", command: `${TSC} -p packages/machines/src/report/page` },
];

/** @type {readonly import("./steps.mjs").Step[]} */
const CHECK = [
  { name: "documentation", command: "typedoc --emit none" },
  { name: "style", command: "biome check --error-on-warnings" },
];

/** @param {string} option */
const asked = (option) => process.argv.includes(option);
await runSteps([...BUILD, ...(asked("--check") || asked("--types") ? TYPES : []), ...(asked("--check") ? CHECK : [])]);
