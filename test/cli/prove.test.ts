import { describe, expect, test } from "vitest";
import { readCatalogue } from "#machines/program/kernel.js";
import { execute, landspout } from "./landspout.js";

const INTERRUPTED = 130;

interface Row {
  readonly algorithm: string;
  readonly property: string;
  readonly processors: number;
  readonly turns: number;
  readonly model: string;
  readonly mode: string;
  readonly states: number;
  readonly executions: number;
  readonly complete: boolean;
  readonly violation: unknown;
}

describe("landspout prove", () => {
  test("--quick proves all that is claimed of every lock, barrier and counter", { tags: "long" }, async () => {
    const { code, stdout, stderr } = await landspout(["prove", "locks", "barriers", "counters", "--quick", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows: Row[] = JSON.parse(stdout);
    for (const row of rows) expect(row).toMatchObject({ model: "sc", mode: "states", complete: true, violation: null });
    const loads = { lock: ["2x3", "3x2", "4x1"], barrier: ["2x3", "3x3", "4x3"], counter: ["2x34", "3x34"] };
    for (const { name, kind, order, proven } of await readCatalogue()) {
      if (proven !== undefined || kind === "policy" || kind === "object") continue;
      const own = rows.filter(({ algorithm }) => algorithm === name);
      const of = (property: string) =>
        new Set(own.filter((row) => row.property === property).map((row) => `${row.processors}x${row.turns}`));
      const property = { lock: "exclusion", barrier: "barrier", counter: "sum" }[kind];
      expect(of(property), name).toEqual(new Set(loads[kind]));
      if (order === "fifo") expect(of("order"), name).toEqual(new Set(loads.lock));
    }
  });

  test("prints a table with states, executions and verdicts", { tags: "long" }, async () => {
    const { code, stdout, stderr } = await execute(["prove", "ticket", "spin-then-block"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^algorithm +claim +load +states +executions +tso states +s +verdict$/m);
    expect(stdout).toMatch(/^ticket +mutual exclusion +2 x 3 +\d+ +20 +\d+ +[\d.]+ +holds$/m);
    expect(stdout).toMatch(/^ticket +served in order; counts wrap +3 x 2 +\d+ +\d+ +[\d.]+ +holds$/m);
    expect(stdout).toMatch(/^spin-then-block +mutual exclusion; one look +4 x 1 +\d+ +>20000 +\d+ +[\d.]+ +holds$/m);
  });

  test("refuses numbers of processors for what the library's proofs are about", async () => {
    const { code, stdout, stderr } = await execute(["prove", "library-mutex", "--processors", "2", "--turns", "2"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("received an algorithm that is proven as the library's protocol mutex");
  });

  test("proves the library's protocols in a table of their own", { tags: "long" }, async () => {
    const { code, stdout, stderr } = await execute(["prove", "mutex", "ticket", "--quick"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^The kernel, proven\n\nalgorithm [\s\S]*^The library, proven\n\nprotocol /m);
    expect(stdout).toMatch(/^mutex +2 x 1, 1 dying +2 +1 +\d+ +[\d.]+ +holds$/m);
  });

  const ONE_LOAD = ["prove", "mcs", "counting", "--processors", "2", "--turns", "2", "--json"];
  const countsOf = (text: string) => JSON.parse(text).map(({ seconds: _, ...row }: { seconds: number }) => row);

  test("takes one load", async () => {
    const { code, stdout, stderr } = await execute(ONE_LOAD);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(countsOf(stdout)).toHaveLength(8);
  });

  test("says the same each time", { tags: "long" }, async () => {
    const [first, second] = [await landspout(ONE_LOAD), await execute(ONE_LOAD)];
    expect(countsOf(second.stdout)).toEqual(countsOf(first.stdout));
  });

  test.each([
    [
      ["mcs-99"],
      /^Cannot prove "mcs-99": received an unknown algorithm or protocol; expected locks, barriers, counters, scheduling, objects, protocols or one of .*, mutex, .*$/m,
    ],
    [
      ["mutex", "--turns", "2", "--processors", "2"],
      /^Cannot prove "mutex" with --processors: received a protocol, whose scenarios say how many take part; expected/,
    ],
    [
      ["mcs-98", "--turns", "2", "--processors", "2"],
      /^Cannot prove "mcs-98": .* expected locks, barriers, counters, scheduling, objects or one of /,
    ],
    [["--turns", "2"], /^Cannot prove: received --turns without --processors; expected both, or none for the usual/],
    [["--processors", "3"], /^Cannot prove: received --processors without --turns; expected both/],
    [["mcs,mcs-98"], /^Cannot prove "mcs-98": received an unknown/],
    [["--turns", "2", "--processors", "11"], /^Cannot read --processors: received "11"; expected a whole number/],
  ])("refuses %j", async (parameters, message) => {
    const { code, stdout, stderr } = await execute(["prove", ...parameters]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("prints what is covered when it is interrupted", async () => {
    const { code, stdout, stderr } = await landspout(["prove", "mcs-swap", "--processors", "4", "--turns", "3"], {
      since: "under way",
      after: 100,
    });
    expect(code).toBe(INTERRUPTED);
    expect(stdout).toMatch(/^mcs-swap +mutual exclusion +4 x 3 .* so far$/m);
    expect(stderr).toMatch(
      /^Interrupted: \d of 3 explored to the end; --quick takes less, and NAMES choose among them\n$/,
    );
  });
});
