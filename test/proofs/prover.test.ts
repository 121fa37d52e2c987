import { describe, expect, test } from "vitest";
import { loadKernel } from "#machines/program/kernel.js";
import { type Claim, claimsOf } from "#machines/proofs/claim.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import { Prover } from "#machines/proofs/prover.js";

const kernel = await loadKernel();
const prover = new Prover(kernel);
const STATES = { model: "sc", mode: "states" } as const;
const EXECUTIONS = { model: "sc", mode: "executions" } as const;

/** The first claim about an algorithm, about that load. */
function claimOf(name: string, processors: number, turns: number): Claim {
  return claimsOf(kernel.algorithms.find((algorithm) => algorithm.name === name)!, { processors, turns })[0]!;
}

describe("Prover", () => {
  test.each([
    [2, 3, 20],
    [3, 2, 90],
    [4, 1, 24],
  ])(
    "counts the orders in which %i processors can acquire a queue lock %i times",
    async (processors, turns, orders) => {
      for (const lock of ["test-and-set", "ticket", "anderson", "clh"]) {
        const { executions, blocked } = await prover.prove(claimOf(lock, processors, turns), EXECUTIONS);
        expect({ lock, executions, blocked }).toEqual({ lock, executions: orders, blocked: 0 });
      }
    },
  );

  test.each([
    ["test-and-set", 2, 2],
    // A usurper overtakes those who are in the queue: there must be a third.
    ["mcs-swap", 3, 2],
  ])("finds that %s serves out of order", async (lock, processors, turns) => {
    const claim: Claim = { ...claimOf(lock, processors, turns), property: "order" };
    const { violation } = await prover.prove(claim, STATES);
    expect(violation?.kind).toBe("order");
    expect(violation?.message).toMatch(/^processor \d enters before processor \d, which came before it$/);
  });

  test("explores the same states under total store order where all stores to shared words are atomic", async () => {
    const claim = claimOf("tournament", 3, 3);
    const { states, steps } = await prover.prove(claim, STATES);
    expect(await prover.prove(claim, { model: "tso", mode: "states" })).toMatchObject({ states, steps });
  });

  test("lets counts wrap where a claim says so", async () => {
    const ticket = kernel.algorithms.find(({ name }) => name === "ticket")!;
    const wraps = claimsOf(ticket, { processors: 2, turns: 2 }).find(({ setting }) => setting === "counts wrap")!;
    expect(wraps.words).toEqual([
      [0, 2 ** 32 - 2],
      [4, 2 ** 32 - 2],
    ]);
    expect((await prover.prove(wraps, STATES)).violation).toBeUndefined();
    // Tickets that do not fit what is served are never served.
    const skewed: Claim = { ...wraps, words: [[0, 1]] };
    expect((await prover.prove(skewed, STATES)).violation?.kind).toBe("livelock");
  });

  test("ends when it is told to", async () => {
    const claim = claimOf("mcs-swap", 4, 3);
    const reason = new Error("enough");
    await expect(prover.prove(claim, STATES, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("PROTOCOLS", () => {
  test("has claims of every policy of the kernel", () => {
    const policies = kernel.algorithms.filter(({ kind }) => kind === "policy");
    expect(policies.filter(({ name }) => !PROTOCOLS.some(({ protocol }) => protocol === name))).toEqual([]);
  });
});
