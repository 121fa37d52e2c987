import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import binaryen from "assemblyscript/binaryen";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { KINDS } from "#library/kinds.js";
import { libraryBytes } from "#library/modules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const LIBRARY = `${root}packages/library/src`;
const KERNEL = `${root}kernel/library`;

/** Names and values of a file of the kernel that are plain numbers. */
function numbersOf(file: string): Map<string, number> {
  const text = readFileSync(`${KERNEL}/${file}`, "utf8");
  const numbers = text.matchAll(/^(?:export )?const (\w+): \w+ = (0x[\da-f]+|\d+);/gm);
  return new Map([...numbers].map(([, name, value]) => [spelt(name!), Number(value)]));
}

/** Offsets are `inLimbo` in the kernel, and IN_LIMBO in the library. */
function spelt(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The numbers of the library that a comment above them says are the kernel's: "...; kernel/library/FILE.ts". */
function* copies() {
  const files = readdirSync(LIBRARY, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  for (const file of files) {
    for (const block of readFileSync(`${LIBRARY}/${file}`, "utf8").split("\n\n")) {
      let from: string | undefined;
      for (const line of block.split("\n")) {
        if (/^(\/\/|\/\*\*)/.test(line)) from = /kernel\/library\/([\w-]+\.ts)/.exec(line)?.[1];
        const [, name, value] = /^(?:export )?const (\w+) = (-?\d+);/.exec(line) ?? [];
        if (from && name) yield { file, from, name, value: Number(value) };
      }
    }
  }
}

describe("The library's copies of the kernel's constants", () => {
  const all = [...copies()];

  test("are equal", () => {
    const wrong = all.filter(({ from, name, value }) => numbersOf(from).get(spelt(name)) !== value >>> 0);
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(40);
  });

  test("have the kinds of objects in the kernel's order", () => {
    const { 1: members } = /export enum Kind \{([^}]*)\}/.exec(readFileSync(`${KERNEL}/objects.ts`, "utf8"))!;
    const kinds = [...members!.matchAll(/(\w+) = (\d+)/g)].map(([, name, number]) => [name, Number(number)]);
    expect(kinds).toEqual(KINDS.map((kind, i) => [kind, i + 1]));
  });
});

/** By their names: "parameters -> results" of functions. */
function exportsOf(module: binaryen.Module): Record<string, string> {
  const exports = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)),
  );
  const described = exports.flatMap(({ kind, name, value }) => {
    if (kind === binaryen.ExternalGlobal) return [[name, "global"]];
    if (kind !== binaryen.ExternalFunction) return [];
    const { params, results } = binaryen.getFunctionInfo(module.getFunction(value));
    return [[name, `${binaryen.expandType(params).length} -> ${binaryen.expandType(results).length}`]];
  });
  return Object.fromEntries(described);
}

describe("LibraryKernel", () => {
  const file = "kernel.ts";
  const source = ts.createSourceFile(file, readFileSync(`${LIBRARY}/${file}`, "utf8"), ts.ScriptTarget.Latest, true);
  const kernel = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === "LibraryKernel")!;
  const declared = new Map(
    kernel.members.map((member) => {
      const type = ts.isMethodSignature(member) ? member : undefined;
      const results = type?.type?.kind === ts.SyntaxKind.VoidKeyword ? 0 : 1;
      return [member.name!.getText(), type ? `${type.parameters.length} -> ${results}` : "global"];
    }),
  );

  test("declares what the library's module exports, each with its parameters and results", () => {
    expect(Object.fromEntries(declared)).toEqual(exportsOf(binaryen.readBinary(libraryBytes)));
  });
});
