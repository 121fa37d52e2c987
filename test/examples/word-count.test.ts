import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { ended, run, start, startWith } from "./program.js";

const PROGRAM = "word-count/word-count.js";
const docs = fileURLToPath(new URL("../../docs/library/", import.meta.url));

const directory = await mkdtemp(join(tmpdir(), "word-count-"));
afterAll(() => rm(directory, { recursive: true }));

/** The words of the library's own documentation, counted one file after the other. */
async function sequentially(): Promise<{ counted: number; counts: Record<string, number> }> {
  const names = (await readdir(docs)).filter((name) => name.endsWith(".md"));
  const counts = new Map<string, number>();
  for (const name of names) {
    const words = (await readFile(join(docs, name), "utf8")).toLowerCase().match(/[\p{L}\p{N}]+(['’][\p{L}\p{N}]+)*/gu);
    for (const word of words ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { counted: names.length, counts: Object.fromEntries(counts) };
}

describe("examples/word-count", () => {
  test.each(["1", "3"])("counts as one thread would, with %s workers", async (workers) => {
    const { status, stdout } = await run(PROGRAM, "--json", "--workers", workers, docs);
    expect(status).toBe(0);
    const { complete, files, words, counts } = JSON.parse(stdout);
    const expected = await sequentially();
    expect(counts).toEqual(expected.counts);
    expect(words).toBe(Object.values(expected.counts).reduce((a, b) => a + b));
    expect(complete).toBe(true);
    expect(files.counted).toBe(expected.counted);
  });

  test("prints the most frequent words first", async () => {
    const file = join(directory, "seven.txt");
    await writeFile(file, "Über über the THE über, don't über 2 over");
    const { status, stdout } = await run(PROGRAM, "--top", "2", file);
    expect(stdout).toBe("        4  über\n        2  the\n9 words, 5 different ones, in 1 text files (0 others)\n");
    expect(status).toBe(0);
  });

  test.each([
    [["no/such/path"], "Cannot count words: received no/such/path; expected a path that exists\n"],
    [[], "Cannot count words: received no path; expected files or directories\n"],
    [["--workers", "0", docs], "Cannot count words: received --workers 0; expected a whole number, 1 to 60\n"],
  ])("says what is wrong with %j", async (given, expected) => {
    expect(await run(PROGRAM, ...given)).toEqual({ status: 1, stdout: "", stderr: expected });
  });

  test("does not take long runs of letters and digits for words", async () => {
    const file = join(directory, "data.txt");
    await writeFile(file, `a word ${"0f".repeat(1e6)} ${"w".repeat(100)}`);
    const { status, stdout } = await run(PROGRAM, "--json", file);
    expect(JSON.parse(stdout).counts).toEqual({ a: 1, word: 1, ["w".repeat(100)]: 1 });
    expect(status).toBe(0);
  });

  test("ends when a worker does, and says so", async () => {
    const exit = 'import { isMainThread } from "node:worker_threads"; if (!isMainThread) process.exit(3);';
    const preload = `data:text/javascript,${encodeURIComponent(exit)}`;
    const { status, stderr } = await ended(startWith(["--import", preload], PROGRAM, docs));
    expect(stderr).toBe("Cannot count words: received the end of a worker\n");
    expect(status).toBe(1);
  });

  test("ends at Ctrl-C with what was counted so far", async () => {
    const many = join(directory, "many");
    await mkdir(many);
    const names = Array.from({ length: 5000 }, (_, i) => join(many, `${i}`));
    await writeFile(names[0]!, "word ".repeat(50_000));
    for (const name of names.slice(1)) await link(names[0]!, name);
    const program = start(PROGRAM, "--json", "--progress", many);
    program.stderr.once("data", () => program.kill("SIGINT"));
    const { status, stdout, stderr } = await ended(program);
    expect(stderr).toMatch(/\d+ files\n.*Interrupted: these are not all files\.\n$/s);
    expect(status).toBe(130);
    const { complete, files, counts } = JSON.parse(stdout);
    expect(complete).toBe(false);
    expect(files.counted).toBeLessThan(names.length);
    expect(counts).toEqual({ word: 50_000 * files.counted });
  });
});
