import { beforeAll, describe, expect, test } from "vitest";
import type { Load } from "#machines/experiments/kinds/kind.js";
import type { Verdict } from "#machines/machines/checked/index.js";
import { readCatalogue } from "#machines/program/kernel.js";
import { type Claim, claimsOf } from "#machines/proofs/claim.js";
import { Prover } from "#machines/proofs/prover.js";
import { allBugs } from "./bugs/index.js";
import { buildMutants } from "./mutants.js";

const MUTANTS = await allBugs();
const originals = await readCatalogue();
let prover: Prover;

/** The loads with which mutants are looked at, from small to large. */
const LOADS: readonly Load[] = [
  [1, 1],
  [2, 1],
  [1, 2],
  [3, 1],
  [2, 2],
  [4, 1],
  [2, 3],
  [3, 2],
  [1, 34],
].map(([processors, turns]) => ({ processors: processors!, turns: turns! }));

/** The first claim about an algorithm that does not hold, if it is made about what has another name. */
async function firstViolation(from: string, name: string): Promise<{ claim: Claim; verdict: Verdict } | undefined> {
  const original = originals.find((algorithm) => algorithm.name === from)!;
  for (const claim of LOADS.flatMap((load) => claimsOf(original, load))) {
    const verdict = await prover.prove({ ...claim, algorithm: name }, { model: "sc", mode: "states" });
    if (verdict.violation) return { claim, verdict };
  }
  return undefined;
}

describe("Prover", () => {
  // They test the claims.
  describe("of kernels with planted bugs", { tags: "long" }, () => {
    beforeAll(async () => {
      prover = new Prover(await buildMutants(MUTANTS));
    });

    test.each(MUTANTS.map((bug, i) => [bug.bug, `mutant-${i}`, bug] as const))(
      "finds %s",
      async (_, name, { from, found }) => {
        const { claim, verdict } = (await firstViolation(from, name))!;
        const { kind, message, schedule, steps } = verdict.violation!;
        const { processors, turns } = claim;
        expect({ kind, processors, turns }, message).toEqual(found);
        expect(steps.at(-1)?.transition ?? -1).toBe(schedule.length - 1);
      },
    );
  });

  // Those of the library's are in test/library/protocols.
  test("is tried with a planted bug in every algorithm", () => {
    const planted = new Set(MUTANTS.map(({ from }) => from));
    const claimed = originals.filter((algorithm) => claimsOf(algorithm).length > 0);
    expect(claimed.filter(({ name }) => !planted.has(name))).toEqual([]);
  });
});
