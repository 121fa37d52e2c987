import { readFile } from "node:fs/promises";
import binaryen from "assemblyscript/binaryen";
import { describe, expect, test } from "vitest";
import { libraryBytes } from "#library/modules.js";

/** A module's definitions of one sort by their names, as text: there, functions and globals are named, not numbered. */
const definitions = (text: string, sort: "func" | "global" | "data") =>
  new Map(
    [...text.matchAll(new RegExp(`^ \\(${sort} \\$(\\S+)(?:.*\\)|[\\s\\S]*?^ \\))$`, "gm"))].map(([all, name]) => [
      name!,
      all,
    ]),
  );

describe("The library's module that ships", async () => {
  const file = new URL("../../packages/machines/dist/library.wasm", import.meta.url);
  const proven = binaryen.readBinary(await readFile(file));
  const shipped = binaryen.readBinary(libraryBytes);
  const [provenText, shippedText] = [proven.emitText(), shipped.emitText()];

  test.each(["func", "global", "data"] as const)("has of each %s what is proven, and nothing else", (sort) => {
    const all = definitions(provenText, sort);
    const some = definitions(shippedText, sort);
    expect([...some].filter(([name, text]) => all.get(name) !== text).map(([name]) => name)).toEqual([]);
  });

  test("is compared whole", () => {
    const imported = (shippedText.match(/^ \(import .*\(func /gm) ?? []).length;
    expect(definitions(shippedText, "func").size + imported).toBe(shipped.getNumFunctions());
    expect(definitions(shippedText, "global").size).toBe(shipped.getNumGlobals());
    expect(shipped.getNumFunctions()).toBeGreaterThan(100);
  });

  test("has no proof", () => {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(libraryBytes)).map(({ name }) => name);
    expect(exports).toContain("mutex_try_lock");
    expect(exports.filter((name) => /_prove_/.test(name))).toEqual([]);
  });
});
