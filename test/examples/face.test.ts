// @module-tag clang
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { landspout, shell } from "../cli/landspout.js";

const page = readFileSync(new URL("../../packages/machines/README.md", import.meta.url), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text]) => text!);
const command = (name: string) => new RegExp(`^ {4}(${name} .*)$`, "m").exec(page)![1]!;

const folder = mkdtempSync(join(tmpdir(), "landspout-face-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("README of landspout-machines", () => {
  test.each([
    ["wrong", 0, 1],
    ["right", 1, 0],
  ])("has a %s program, of which its commands print what it says", async (_, number, code) => {
    writeFileSync(join(folder, "total.c"), blocks("c")[number]!);
    const compiled = await shell(`cd ${folder} && ${command("clang")}`);
    expect(compiled).toEqual({ code: 0, stdout: "", stderr: "" });
    const [, , ...parameters] = command("npx landspout check").split(" ");
    const checked = await landspout(parameters.map((word) => (word === "total.wasm" ? join(folder, word) : word)));
    expect(checked).toMatchObject({ code, stderr: "" });
    expect(checked.stdout).toContain(blocks("text")[number]!);
  });
});
