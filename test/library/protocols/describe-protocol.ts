import { describe, expect, test } from "vitest";
import type { Verdict } from "#machines/machines/checked/verdict.js";
import type { Program } from "#machines/program/program.js";
import { loadLibrary, type Protocol, proveProtocol } from "#machines/proofs/protocol.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import { formatViolation } from "#machines/report/check.js";
import { DEAR } from "./dear.js";
import { buildMutant } from "./mutants.js";
import type { PlantedBug } from "./planted-bug.js";

type Model = "sc" | "tso";

/** What bounds a test, so that how fast a machine is does not matter. */
const MOST_STATES = { quick: 600_000, long: 10_000_000 };

const library = await loadLibrary();

/**
 * The tests of a protocol: what is claimed of it holds, and each bug that is planted in it is found by its claim. The bugs
 * test the claims, and total store order differs seldom: both are long.
 */
export function describeProtocol(protocol: string, bugs: readonly [PlantedBug, ...PlantedBug[]]): void {
  const claims = PROTOCOLS.filter((claim) => claim.protocol === protocol);
  const dear = DEAR[protocol] ?? [];
  const unknown = dear.find((name) => !claims.some(({ scenario }) => scenario === name));
  if (unknown !== undefined) throw new Error(`received the unknown scenario "${unknown}" of ${protocol}`);

  describe(`proveProtocol, of ${protocol},`, { timeout: 0 }, () => {
    for (const claim of claims.filter(({ long }) => long !== "prove")) {
      testHolds(claim, "sc", claim.long === "sc" || dear.includes(claim.scenario));
      // One processor finds all its own stores. With deaths it takes as long again: `landspout prove` has that.
      if (claim.processors > 1 && !claim.deaths && claim.long === undefined) testHolds(claim, "tso", true);
    }
    for (const bug of bugs) testFinds(bug, protocol, claims);
  });
}

function testHolds(claim: Protocol, model: Model, long: boolean): void {
  const name = `holds of ${claim.scenario}${model === "tso" ? ", under total store order" : ""}`;
  test(name, { tags: long ? "long" : [] }, async () => {
    const { violation, ends } = await explore(library, claim, model, long);
    if (violation) throw new Error(formatViolation(violation));
    expect(ends).toBeGreaterThan(0);
  });
}

function testFinds(
  { bug, manyStates = false, preemptions, ...planted }: PlantedBug,
  protocol: string,
  claims: readonly Protocol[],
): void {
  test(`finds ${bug}`, { tags: "long" }, async () => {
    const claim = claims.find(({ scenario }) => scenario === planted.scenario);
    if (claim === undefined) throw new Error(`received the unknown scenario "${planted.scenario}" of ${protocol}`);
    const mutant = await buildMutant({ file: `${protocol}.ts`, ...planted }, claim, manyStates);
    const { violation } = await explore(mutant, claim, "sc", manyStates, preemptions);
    expect(violation?.kind, violation?.message).toBe(planted.found);
  });
}

function explore(
  program: Program,
  claim: Protocol,
  model: Model,
  long: boolean,
  preemptions?: number,
): Promise<Verdict> {
  const most = MOST_STATES[long ? "long" : "quick"];
  const enough = new AbortController();
  const progress = ({ states }: { readonly states: number }) => {
    if (states > most)
      enough.abort(new Error(`received more than ${most} states; expected fewer, or another \`long\``));
  };
  const bounded = preemptions === undefined ? {} : { mode: "bounded" as const, preemptions };
  return proveProtocol(program, claim, { model, mode: "states" }, { ...bounded, signal: enough.signal, progress });
}
