import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";

describe("PROTOCOLS", () => {
  test("tells scenarios apart", () => {
    const titles = PROTOCOLS.map(({ protocol, scenario }) => `${protocol}: ${scenario}`);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("has a file for each protocol, with its planted bugs", () => {
    const files = readdirSync(new URL("protocols", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    const named = new Set(PROTOCOLS.map(({ protocol }) => `${protocol}.test.ts`));
    expect(new Set(files)).toEqual(named);
  });
});
