import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execute, landspout } from "./landspout.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const program = (name: string, info = "") =>
  `X86 ${name}\n${info}{}\nP0 | P1 ;\nMOV [x],$1 | MOV [y],$1 ;\nMOV EAX,[y] | MOV EAX,[x] ;\n`;
const SB = `${program("SB")}exists (0:EAX=0 /\\ 1:EAX=0)\n`;

describe("landspout litmus", () => {
  test("prints the final states that x86 allows, as herd7 does", async () => {
    const { code, stdout, stderr } = await landspout(["litmus", write("SB.litmus", SB)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`Test SB Allowed
States 4
0:EAX=0; 1:EAX=0;
0:EAX=0; 1:EAX=1;
0:EAX=1; 1:EAX=0;
0:EAX=1; 1:EAX=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (0:EAX=0 /\\ 1:EAX=0)
Observation SB Sometimes 1 3
`);
  });

  test("prints one array for --json, in the order of the files, those of folders sorted", async () => {
    mkdirSync(join(folder, "tests", "a"), { recursive: true });
    const last = write("last", `${program("last")}forall (x=1)`);
    const b = write("tests/b.litmus", SB);
    const inner = write("tests/a/c.litmus", `${program("c")}exists (x=2)`);
    write("tests/b.txt", "no test");
    const { code, stdout } = await execute(["litmus", last, join(folder, "tests"), last, "--json", "--model", "sc"]);
    expect(code).toBe(0);
    const model = "sc";
    expect(JSON.parse(stdout)).toEqual([
      { file: last, name: "last", model, verdict: "Always", states: 1 },
      { file: inner, name: "c", model, verdict: "Never", states: 1 },
      { file: b, name: "SB", model, verdict: "Never", states: 3 },
      { file: last, name: "last", model, verdict: "Always", states: 1 },
    ]);
  });

  test.each([
    [[], SB, 0, ""],
    [["--model", "sc"], SB, 0, ""],
    [["--expect", "Sometimes"], SB, 0, ""],
    [["--expect", "Never"], SB, 1, "received Sometimes under tso; expected Never"],
    [["--expect", "Sometimes", "--model", "sc"], SB, 1, "received Never under sc; expected Sometimes"],
    [[], `${program("SB")}~exists (0:EAX=0 /\\ 1:EAX=0)`, 1, "received Sometimes under tso; expected ~exists"],
    [[], `${program("SB")}forall (x=2)`, 1, "received Never under tso; expected forall"],
    [[], `${program("SB", "Expect=Never\n")}exists (x=1)`, 1, "received Always under tso; expected Never"],
    [[], `${program("SB")}exists (x=1) with tso: ~exists`, 1, "received Always under tso; expected ~exists under tso"],
  ] as const)("ends by what is expected, with %j of %j by %i", async (options, text, expected, message) => {
    const file = write("SB.litmus", text);
    const { code, stdout, stderr } = await execute(["litmus", file, "--json", ...options]);
    expect(code).toBe(expected);
    expect(stderr).toBe(message === "" ? "" : `${file}: ${message}\n`);
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  test.each([
    ["FOO EAX,[x]", /^Cannot read .*bad\.litmus, line 4: received "FOO"; expected an instruction: lock, mov/],
    ["MOV EAX,[x] |", /^Cannot read .*bad\.litmus, line 4: received "\|"; expected ";" after the instruction of P0/],
  ])("refuses %s with the file and the line, exit code 2, whatever the other files", async (instruction, message) => {
    const bad = write("bad.litmus", `X86 bad\n{}\nP0 ;\n${instruction} ;\nexists (x=0)`);
    const { code, stdout, stderr } = await landspout(["litmus", write("SB.litmus", SB), bad]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("says what is wrong with each file", async () => {
    write("a.litmus", "ARM a\n{}\nP0 ;\nexists (x=0)");
    write("b.litmus", SB);
    write("c.litmus", "X86 c\n{}\nP0 ;\nFOO ;\nexists (x=0)");
    const { code, stdout, stderr } = await execute(["litmus", folder]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Cannot read .*a\.litmus, line 1: .*\nCannot read .*c\.litmus, line 4: .*\n$/);
  });

  test("refuses what is no file, no model, no word, and more threads than are explored", async () => {
    const file = write("SB.litmus", SB);
    mkdirSync(join(folder, "empty"));
    const eleven = Array.from({ length: 11 }, (_, i) => `P${i}`).join(" | ");
    const many = write("many.litmus", `X86 many\n{}\n${eleven} ;\n`);
    const asks = (name: string, condition: string) => write(name, `X86 asks\n{}\nP0 ;\nNOP ;\nexists ${condition}`);
    const nested = asks("nested.litmus", `${"(".repeat(20_000)}x=0${")".repeat(20_000)}`);
    const denied = asks("denied.litmus", `${"not ".repeat(20_000)}x=0`);
    for (const [parameters, message] of [
      [[join(folder, "none.litmus")], /^Cannot read .*none\.litmus: ENOENT/],
      [[join(folder, "empty")], /^Cannot read .*empty: received a folder without \.litmus files/],
      [[file, "--model", "arm"], /^Cannot read --model: received "arm"; expected sc, tso/],
      [[file, "--expect", "never"], /^Cannot read --expect: received "never"; expected Never, Sometimes, Always/],
      [[nested], /^Cannot read .*nested\.litmus, line 5: received "\("; expected at most 500 propositions within each/],
      [
        [denied],
        /^Cannot read .*denied\.litmus, line 5: received "not"; expected at most 500 propositions within each/,
      ],
      [[many], /^Cannot check many: received 11 processors; expected 1 to 10/],
    ] as const) {
      const { code, stdout, stderr } = await execute(["litmus", ...parameters]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
    }
  });

  test("ends at once when it is interrupted, and says what it has explored", async () => {
    const row = `${Array.from({ length: 8 }, (_, i) => `MOV [x${i}],$1`).join(" | ")} ;\n`;
    const rows = Array.from({ length: 8 }, (_, j) => row.replaceAll(/x(\d)/g, (_, i) => `x${(Number(i) + j) % 8}`));
    const threads = Array.from({ length: 8 }, (_, i) => `P${i}`).join(" | ");
    const file = write("long.litmus", `X86 long\n{}\n${threads} ;\n${rows.join("")}exists (x0=2)`);
    const { code, stdout, stderr } = await landspout(["litmus", file], { after: 1000 });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/^Interrupted: explored 0 of 1 tests, and \d+ states of the next$/m);
  });

  test("ends when it is interrupted in a thread that only computes", async () => {
    const file = write("computes.litmus", "X86 computes\n{}\nP0 ;\nL: INC EAX ;\nJMP L ;\nexists (x=1)");
    expect((await landspout(["litmus", file], { after: 400 })).code).toBe(130);
  });

  test("says which test has more states than --memory has room for, what was explored of it, and exits with 3", async () => {
    const row = `${Array.from({ length: 8 }, (_, i) => `MOV [x${i}],$1`).join(" | ")} ;\n`;
    const rows = Array.from({ length: 8 }, (_, j) => row.replaceAll(/x(\d)/g, (_, i) => `x${(Number(i) + j) % 8}`));
    const threads = Array.from({ length: 8 }, (_, i) => `P${i}`).join(" | ");
    const long = write("long.litmus", `X86 long\n{}\n${threads} ;\n${rows.join("")}exists (x0=2)`);
    const { code, stdout, stderr } = await execute(["litmus", write("SB.litmus", SB), long, "--memory", "4"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Observation SB Sometimes 1 3$/m);
    expect(stderr).toMatch(/^Cannot run .*long\.litmus: .*its states need more than 4 MiB/);
    expect(stderr).toMatch(/^Not explored to its end: states \d+, .*; 1 of 2 tests were$/m);
  });
});
