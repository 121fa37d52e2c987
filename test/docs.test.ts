import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { folderWithLibrary } from "./library/bundle.js";

const pages = new URL("../docs/library/", import.meta.url);
const programs = await folderWithLibrary();

interface Example {
  readonly page: string;
  readonly number: number;
  readonly program: string;
  /** What the page says it prints. */
  readonly output: string;
}

async function examplesOf(page: string): Promise<Example[]> {
  const text = await readFile(new URL(page, pages), "utf8");
  const found = [...text.matchAll(/```js\n([\s\S]*?)```\n\nprints\n\n```text\n([\s\S]*?)```/g)];
  if (found.length !== text.split("```js\n").length - 1)
    throw new Error(`Cannot run the examples of ${page}: received one without what it prints`);
  return found.map(([, program, output], number) => ({ page, number: number + 1, program: program!, output: output! }));
}

/** Programs for browsers, which test/library/browser.test.ts runs. */
const FOR_BROWSERS = "browsers.md";

/** Pages about tools, whose examples are other tests. */
const WITHOUT_PROGRAMS = ["README.md", "bundlers.md", FOR_BROWSERS];

const names = (await readdir(pages)).filter((name) => name.endsWith(".md"));
const examples = (await Promise.all(names.filter((name) => name !== FOR_BROWSERS).map(examplesOf))).flat();

describe("The documentation of the library", () => {
  test.each(examples)(
    "has programs that print what it says: $page, $number",
    async ({ page, number, program, output }) => {
      const file = fileURLToPath(new URL(`${page}-${number}.mjs`, programs));
      await writeFile(file, program);
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
      expect(stdout).toBe(output);
    },
  );

  test.each(names.filter((name) => !WITHOUT_PROGRAMS.includes(name)))("%s has an example", (name) => {
    expect(examples.some(({ page }) => page === name)).toBe(true);
  });

  const mistakes = readFileSync(new URL("common-mistakes.md", pages), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [, program, error] = /```mjs\n([\s\S]*?)```\n\nthrows\n\n```text\n(.*)\n```/.exec(section) ?? [];
      return { mistake: section.split("\n")[0]!, program, error };
    });

  test.each(mistakes)("has the error of a common mistake: $mistake", async ({ mistake, program, error }) => {
    const file = fileURLToPath(
      new URL(`mistake-${mistakes.findIndex((other) => other.mistake === mistake)}.mjs`, programs),
    );
    await writeFile(file, program!);
    const failing = promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
    const { stderr } = await failing.then(
      () => ({ stderr: "no error" }),
      (failed: { stderr: string }) => failed,
    );
    expect(stderr.split("\n")).toContain(error);
  });

  test("links to pages that exist", async () => {
    for (const name of names) {
      const text = await readFile(new URL(name, pages), "utf8");
      for (const [, link] of text.matchAll(/\]\(([\w-]+\.md)\)/g)) expect(names, `${name}: ${link}`).toContain(link);
    }
  });
});
