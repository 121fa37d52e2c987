import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("README", () => {
  test("has a program that runs as it stands", async () => {
    const program = /```js\n([\s\S]*?)```/.exec(readme)![1]!;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      cwd: root,
    });
    expect(stdout).toMatch(/^native: mcs-swap \d+\.\d ns between acquisitions$/m);
    expect(stdout).toMatch(/^symmetry: test-and-set \d+\.\d cycles between acquisitions$/m);
  });

  test("names only commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    for (const [, script] of readme.matchAll(/npm (?:run )?(start|test|(?<=run )[a-z:]+)/g))
      expect(scripts).toHaveProperty(script!);
  });
});
