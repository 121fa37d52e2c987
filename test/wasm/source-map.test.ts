import { readFile } from "node:fs/promises";
import { SourceMap as NodesSourceMap, type SourceMapPayload } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placesOf, type SourceMap, shifted } from "#machines/wasm/source-map.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number as source maps write it. */
function encode(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let text = "";
  do {
    text += DIGITS[(rest % 32) + (rest >= 32 ? 32 : 0)];
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}

const map = (mappings: string, sources: string[] = ["a.c", "b.c"]): SourceMap => ({ version: 3, sources, mappings });

/** What Node's reader of source maps says of a byte. */
function nodesPlaces(map: SourceMap) {
  const nodes = new NodesSourceMap(map as SourceMapPayload);
  return (offset: number) => {
    const entry = nodes.findEntry(0, offset);
    if (!("originalSource" in entry) || entry.originalSource === undefined) return undefined;
    return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}

describe("placesOf", () => {
  test("placesOf finds the same places as Node's reader in generated maps, shifted ones too", () => {
    const entry = fc.record({
      bytes: fc.integer({ min: 1, max: 3000 }),
      source: fc.nat(1),
      line: fc.nat(100_000),
      column: fc.nat(40),
      fields: fc.constantFrom(1, 4, 5),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 30 }), fc.nat(500), (entries, shift) => {
        const before = { source: 0, line: 0, column: 0 };
        const groups = entries.map(({ bytes, source, line, column, fields: count }, i) => {
          // Node takes a last group of one number for one of four.
          if (count === 1 && i < entries.length - 1) return encode(bytes);
          const fields = [bytes, source - before.source, line - before.line, column - before.column];
          Object.assign(before, { source, line, column });
          return [...fields, ...(count === 5 ? [0] : [])].map(encode).join("");
        });
        const whole = map(groups.join(","));
        for (const sourceMap of [whole, shifted(whole, shift)]) {
          const [ours, nodes] = [placesOf(sourceMap), nodesPlaces(sourceMap)];
          let offset = sourceMap === whole ? 0 : shift;
          for (const { bytes } of entries) {
            offset += bytes;
            expect(ours(offset)).toEqual(nodes(offset));
            expect(ours(offset - 1)).toEqual(nodes(offset - 1));
          }
        }
      }),
    );
  });

  test("placesOf finds the same places as Node's reader for the kernel's bytes", async () => {
    const file = new URL("../../packages/machines/dist/kernel.wasm.map", import.meta.url);
    const sourceMap: SourceMap = JSON.parse(await readFile(file, "utf8"));
    const [ours, nodes] = [placesOf(sourceMap), nodesPlaces(sourceMap)];
    let places = 0;
    // The last group is a single number, which Node takes for four.
    for (let offset = 0; offset < 38_000; offset++) {
      const place = ours(offset);
      if (place !== undefined) places++;
      // One comparison for all bytes would be slow to fail; one for each is slow to pass.
      if (JSON.stringify(place) !== JSON.stringify(nodes(offset)))
        expect(place, `byte ${offset}`).toEqual(nodes(offset));
    }
    expect(places).toBeGreaterThan(5000);
  });

  test("placesOf knows no place of bytes that have none", () => {
    const placeOf = placesOf(map(`${encode(5)}AAA,${encode(5)},${encode(5)}ACA`));
    expect([4, 5, 10, 14, 15].map((offset) => placeOf(offset)?.line)).toEqual([undefined, 1, undefined, undefined, 2]);
  });

  test("placesOf knows no place by a map that has none, or is malformed", () => {
    const none = [map(""), map("A"), map("?"), map("AAAA", []), {}, { mappings: 5 }, { sections: 5 }];
    for (const sourceMap of none) expect(placesOf(sourceMap as SourceMap)(7)).toBeUndefined();
  });
});
