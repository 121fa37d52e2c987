// @ts-check
// Runs the property tests with a new seed, which it prints, or with the one that it is given: npm run test:random --
// SEED
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv[2];
if (given !== undefined && !/^\d+$/.test(given)) {
  console.error(`Cannot test: received the seed ${given}; expected a whole number`);
  process.exit(2);
}
const seed = given ?? String(randomInt(2 ** 31));

const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join("test", file))
  .filter((file) => readFileSync(join(root, file), "utf8").includes('from "fast-check"'));

const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--tags-filter", "!long", ...files], {
  cwd: root,
  env: { ...process.env, FAST_CHECK_SEED: seed, ALL_CASES: "1" },
  stdio: "inherit",
});
console.log(`Again: npm run test:random -- ${seed}`);
process.exitCode = status ?? 1;
