import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "#machines/program/kernel.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import { STARVES } from "#machines/proofs/protocols/policies.js";

describe("PROTOCOLS", () => {
  test("tells scenarios apart", () => {
    const titles = PROTOCOLS.map(({ protocol, scenario }) => `${protocol}: ${scenario}`);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("says of each scheduling policy what its head says of starvation", async () => {
    const policies = (await readCatalogue()).filter(({ kind }) => kind === "policy");
    expect(policies.length).toBeGreaterThan(8);
    for (const { name, starves } of policies) {
      const overtaken = PROTOCOLS.filter((claim) => claim.protocol === name && claim.scenario.startsWith("overtaken"));
      const shown = STARVES.filter(({ protocol }) => protocol === name);
      expect([name, shown.length > 0]).toEqual([name, starves !== "never"]);
      expect([name, overtaken.length > 0]).toEqual([name, starves !== "possible"]);
    }
  });

  test("has a file for each protocol, with its planted bugs", () => {
    const files = readdirSync(new URL("protocols", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    const named = new Set(PROTOCOLS.map(({ protocol }) => `${protocol}.test.ts`));
    expect(new Set(files)).toEqual(named);
  });
});
