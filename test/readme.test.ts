import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("README", () => {
  const programs = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, program]) => program!);

  /** What a program prints, run from a file inside the workspace, so that its name is known. */
  async function run(number: number) {
    const file = `${root}dist/.docs/readme-${number}.mjs`;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, programs[number]!);
    return (await promisify(execFile)(process.execPath, [file])).stdout;
  }

  test("has a program of workers that runs as it stands", async () => {
    expect((await run(0)).trimEnd().split("\n")).toEqual([
      expect.any(String),
      expect.any(String),
      expect.any(String),
      "2000",
    ]);
  });

  test("has a program with a pool that prints what it says", async () => {
    expect(await run(1)).toBe("78498\n");
  });

  test("has a program of machines that runs as it stands", async () => {
    const stdout = await run(2);
    expect(stdout).toMatch(/^native: mcs-swap \d+\.\d ns between acquisitions$/m);
    expect(stdout).toMatch(/^symmetry: test-and-set \d+\.\d cycles between acquisitions$/m);
  });

  test("names only commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    for (const [, script] of readme.matchAll(/npm (?:run )?(start|test|(?<=run )[a-z:]+)/g))
      expect(scripts).toHaveProperty(script!);
  });
});
