import { expect, test } from "vitest";
import { proveProtocol } from "#machines/proofs/protocol.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import type { PlantedBug } from "../bugs/planted-bug.js";
import { buildMutant } from "../mutants.js";

/** A test for each bug: the claim that is to find it does. */
export function findsEach(bugs: readonly PlantedBug[]): void {
  test.each(bugs.map((planted) => [planted.bug, planted] as const))("finds %s", async (_, planted) => {
    const { protocol, scenario, found } = planted;
    const claim = PROTOCOLS.find((claim) => claim.protocol === protocol && claim.scenario === scenario);
    if (claim === undefined) throw new Error(`received the unknown scenario "${scenario}" of ${protocol}`);
    const { violation } = await proveProtocol(await buildMutant(planted, claim), claim, {
      model: "sc",
      mode: "states",
    });
    expect(violation?.kind, violation?.message).toBe(found);
  });
}
