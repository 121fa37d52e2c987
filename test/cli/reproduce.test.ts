import { describe, expect, test } from "vitest";
import type { Measurement } from "#machines/index.js";
import { execute, landspout, type Outcome } from "./landspout.js";

const INTERRUPTED = 130;

describe("landspout reproduce", () => {
  test("prints published and simulated values side by side, and what is reached", { tags: "long" }, async () => {
    const { code, stdout, stderr } = await execute(["reproduce", "anderson-1", "anderson-2", "gamsa-1"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    // Processors, then four counters as published and as simulated.
    expect(stdout).toMatch(/^16 +60000 +\d+ +60000 +\d+ +30\.0 +\d+\.\d +30\.0 +\d+\.\d$/m);
    expect(stdout).toMatch(/^reached {6}anderson-2: quiescence takes time linear in the spinning processors$/m);
    expect(stdout).toMatch(/^not reached {2}anderson-1: spin on test_and_set returns to the uniprocessor time$/m);
    expect(stdout).toMatch(/^\d+ of \d+ reached\.$/m);
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  const ROWS = ["reproduce", "gamsa-1", "--json", "--seed", "7"];

  test("--json prints the simulated measurements", async () => {
    const { stdout } = await execute(ROWS);
    const rows: Measurement[] = JSON.parse(stdout);
    expect(rows).toHaveLength(28);
    for (const row of rows) {
      expect(row).toMatchObject({ machine: "numachine", metric: "additionTime", unit: "cycles", seed: 7 });
      expect(row.value).toBeGreaterThan(0);
    }
  });

  test("--json prints the same measurements each time", { tags: "long" }, async () => {
    const values = ({ stdout }: Outcome) => JSON.parse(stdout).map(({ value }: Measurement) => value);
    expect(values(await execute(ROWS))).toEqual(values(await landspout(ROWS)));
  });

  test("refuses a figure that it does not know", async () => {
    const { code, stdout, stderr } = await execute(["reproduce", "mcs-99"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Cannot reproduce "mcs-99": received an unknown figure; expected one of anderson-1, .*\n$/);
  });

  test("ends when it is interrupted", async () => {
    const { code, stdout } = await landspout(["reproduce"], { after: 300 });
    expect({ code, stdout }).toEqual({ code: INTERRUPTED, stdout: "" });
  });
});
