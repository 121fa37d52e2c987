import { describe, expect, test } from "vitest";
import { CAUSE } from "#machines/program/privileged.js";
import { expectedOf } from "./expected-walks.js";
import { MACHINES, type MachineName, WALKS, walkBare } from "./guest.js";

const NAMES = Object.keys(MACHINES) as MachineName[];

describe.each(NAMES)("A kernel on a machine with %s", (machine) => {
  describe.each([1, 2])("and %i processors", (processors) => {
    test.each(WALKS)("walks: %s", async (walk) => {
      const { lines, console } = await walkBare(walk, machine, processors);
      expect(lines).toEqual(expectedOf(walk, processors, machine));
      expect(console).toBe(walk === "devices" ? "hello\n" : "");
    });
  });

  test("is entered for every cause", async () => {
    const walked = await Promise.all(WALKS.map((walk) => walkBare(walk, machine, 1)));
    const entered = Object.keys(CAUSE).filter((_, cause) => walked.some(({ causes }) => causes[cause]! > 0));
    expect(entered).toEqual(Object.keys(CAUSE));
  });
});
