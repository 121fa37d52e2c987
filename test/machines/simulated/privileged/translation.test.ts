import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PrivilegedDescription } from "#machines/machines/presets/description.js";
import { Random } from "#machines/machines/random.js";
import { Translation } from "#machines/machines/simulated/privileged/translation.js";
import { allocateOwn } from "#machines/processor/allocation.js";
import type { Stacks } from "#machines/processor/stacks.js";
import { ENTRY } from "#machines/program/privileged.js";
import { machineWith } from "./descriptions.js";

const SLOT_WORDS = 4;

type Step = readonly [what: "write" | "drop" | "drop space" | "set space" | "look", space: number, page: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("write", "write", "look", "look", "look", "drop", "drop space", "set space"),
  fc.nat({ max: 2 }),
  // Some of one slot: 256 apart.
  fc.constantFrom(0, 1, 2, 3, 256, 257, 258, 512, 513, 770),
) as never;

/** A translation without a processor, and the slots in which the interpreter looks. */
function translationOf(privileged: PrivilegedDescription) {
  const allocations: Uint32Array[] = [];
  const extend = (bytes: number) => {
    const allocation = allocateOwn(bytes);
    allocations.push(new Uint32Array(allocation.buffer));
    return allocation;
  };
  const stacks = { registersOf: () => new DataView(new ArrayBuffer(64)), extend } as unknown as Stacks;
  const translation = new Translation(privileged, stacks, 0, 2 ** 20, new Random(1));
  return { translation, slots: allocations[0]! };
}

describe("Translation", () => {
  test.each([
    ["random", 2, 8],
    ["least recently used", 1, 4],
  ] as const)("lets the interpreter have no translation that the kernel dropped: %s", (replacement, pages, entries) => {
    const { privileged } = machineWith("numachine", { tlb: { entries, ways: entries, pages, replacement }, spaces: 3 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { translation, slots } = translationOf(privileged!);
        const written = new Map<string, number>();
        steps.forEach(([what, space, page], i) => {
          if (what === "write") {
            written.set(`${space} ${page}`, 4096 * (i + 1) + ENTRY.valid + ENTRY.writable);
            translation.write(space, page, written.get(`${space} ${page}`)!);
          } else if (what === "drop") {
            written.delete(`${space} ${page}`);
            translation.write(space, page, 0);
          } else if (what === "drop space") {
            for (const key of [...written.keys()]) if (key.startsWith(`${space} `)) written.delete(key);
            translation.dropSpace(space);
          } else if (what === "set space") {
            translation.setSpace(space, 0);
          } else {
            const found = translation.find(page, true, true);
            if (found === "found") expect(written.has(`${translation.space} ${page}`)).toBe(true);
          }
          for (let slot = 0; slot < slots.length; slot += SLOT_WORDS) {
            const [tag, had] = [slots[slot]!, slots[slot + 1]];
            if (tag !== 0) expect(written.get(`${translation.space} ${tag - 1}`)).toBe(had);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  test("has each write to a clean page noticed, where tables are walked", () => {
    const { privileged } = machineWith("server", { reload: { overhead: 1 }, spaces: 1 });
    const { translation } = translationOf(privileged!);
    translation.write(0, 5, 8192 + ENTRY.valid + ENTRY.writable + ENTRY.accessed);
    expect([translation.find(5, false, true), translation.find(5, true, true)]).toEqual(["found", "clean"]);
    translation.write(0, 5, 8192 + ENTRY.valid + ENTRY.writable + ENTRY.accessed + ENTRY.dirty);
    expect(translation.find(5, true, true)).toBe("found");
    translation.write(0, 6, 8192 + ENTRY.valid);
    expect(translation.find(6, true, true)).toBe("read only");
  });

  test("keeps nothing over a change of the space where the TLB tells none apart, but global translations", () => {
    const { privileged } = machineWith("server", { reload: { overhead: 1 }, spaces: 1 });
    const { translation } = translationOf(privileged!);
    translation.write(0, 5, 8192 + ENTRY.valid);
    translation.write(0, 6, 8192 + ENTRY.valid + ENTRY.global);
    translation.setSpace(0, 4096);
    expect([translation.find(5, false, true), translation.find(6, false, true)]).toEqual(["absent", "found"]);
  });
});
