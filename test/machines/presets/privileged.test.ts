import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findPreset } from "#machines/machines/presets/find.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { uncontended } from "#machines/machines/presets/uncontended.js";

function privileged(name: string) {
  const { privileged, processor, ...rest } = findPreset(name);
  expect(privileged, `${name} has a kernel mode`).toBeDefined();
  const microseconds = (cycles: number) => cycles / processor.megahertz;
  return { ...rest, ...privileged!, microseconds };
}

function cycles(name: string, reference: string): number {
  return uncontended(findPreset(name)).find((latency) => latency.reference === reference)!.cycles;
}

describe("presets with a kernel mode", () => {
  test("have what their kernels were measured on", () => {
    const facts = PRESETS.filter(({ privileged }) => privileged !== undefined).map(
      ({ name, processor, privileged }) => {
        const { tlb, page, reload, spaces, mappedKernel } = privileged!;
        const { entries, pages, replacement } = tlb;
        const kind = reload === "software" ? reload : "walk";
        return [name, processor.maximum, entries, pages, replacement, page, kind, spaces, mappedKernel !== undefined];
      },
    );
    expect(facts).toEqual([
      ["firefly-cvax", 5, 28, 1, "not last used", 512, "walk", 1, true],
      ["numachine", 16, 48, 2, "random", 4096, "software", 256, false],
      ["origin", 32, 64, 2, "random", 16_384, "software", 256, false],
      ["opteron", 16, 512, 1, "least recently used", 4096, "walk", 1, false],
    ]);
  });

  test("firefly-cvax takes the times of the null LRPC: two traps, two context switches with 43 misses", () => {
    // Bershad and others 1990, table V and section 4.
    const { trap, call, setSpace, context, reload, mappedKernel, microseconds } = privileged("firefly-cvax");
    expect(microseconds(trap.enter + call.enter + call.leave + trap.leave)).toBeCloseTo(36, 5);
    expect(microseconds(2 * setSpace) + 43 * 0.9).toBeCloseTo(66, 0);
    if (reload === "software") throw new Error("Cannot add up: expected a walk");
    // The two loads of a walk hit the cache in no time.
    expect(cycles("firefly-cvax", "read, own cache")).toBe(0);
    for (const miss of [reload.overhead, mappedKernel!.miss]) expect(microseconds(miss)).toBeCloseTo(0.9, 1);
    // What is remembered of Anderson and others 1991.
    expect(microseconds(context.keep + context.load + setSpace)).toBeCloseTo(28.3, 1);
  });

  test("numachine leaves the kernel room for a reload in 20 to 50 cycles", () => {
    // Liedtke 1995, table 1.
    const { trap, translation, interrupt } = privileged("numachine");
    expect(trap.enter + trap.leave + translation.write).toBeLessThan(50);
    expect(interrupt.way).toBe(cycles("numachine", "read, remote memory") / 2);
  });

  test("opteron takes for an interrupt what each core adds to a shootdown", () => {
    // Boyd-Wickizer and others 2008, section 2.
    const { interrupt, reload } = privileged("opteron");
    expect(interrupt.send + interrupt.way + interrupt.take).toBe((18_742 - 5092) / 14);
    if (reload === "software") throw new Error("Cannot add up: expected a walk");
    const walk = reload.overhead + 2 * cycles("opteron", "read, own cache");
    expect(walk).toBeGreaterThanOrEqual(35);
    expect(walk).toBeLessThanOrEqual(60);
  });

  test("origin leaves the monitor room for a message in 8 µs", () => {
    // Govil and others 1999, section 2.2.
    const { interrupt, microseconds } = privileged("origin");
    expect(microseconds(interrupt.send + interrupt.way + interrupt.take)).toBeLessThan(8);
  });
});

/** Paths of a description's fields, such as "tlb.ways". */
function fields(value: object, path = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" ? fields(inner, `${path}${name}.`) : [`${path}${name}`],
  );
}

describe("docs/machines.md", () => {
  const text = readFileSync(new URL("../../../docs/machines.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  const kernels = PRESETS.filter(({ privileged }) => privileged !== undefined);

  test("says what each field of a privileged part is", () => {
    const named = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`(.+?)`/g)].map(([, name]) => name!));
    for (const { privileged } of kernels) expect(named).toEqual(expect.arrayContaining(fields(privileged!)));
  });

  test("has the figures of each preset with a kernel mode", () => {
    for (const { name, processor, privileged } of kernels) {
      const { tlb, page, reload, spaces, mappedKernel } = privileged!;
      const pages = tlb.pages === 1 ? "" : " of two pages";
      const ways = tlb.ways === tlb.entries ? "" : `, ${tlb.ways} ways`;
      expect(rows.map((row) => row.split("|").map((cell) => cell.trim()))).toContainEqual([
        "",
        `\`${name}\``,
        `${processor.maximum}, ${processor.megahertz} MHz`,
        `${tlb.entries} entries${pages}${ways}`,
        page % 1024 === 0 ? `${page / 1024} KiB` : `${page} bytes`,
        reload === "software" ? "written by the kernel" : "read from tables in memory",
        String(spaces),
        mappedKernel === undefined ? "physical" : "take entries, too",
        "",
      ]);
    }
  });
});
