import { describe, expect, test } from "vitest";
import { loadLibrary, type Protocol, proveProtocol } from "#machines/proofs/protocol.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import { formatViolation } from "#machines/report/check.js";

const library = await loadLibrary();
const CLAIMS = PROTOCOLS.filter(({ long }) => !long);

const titled = (claim: Protocol) => [`${claim.protocol}: ${claim.scenario}`, claim] as const;

async function prove(claim: Protocol, model: "sc" | "tso") {
  const { violation, ends } = await proveProtocol(library, claim, { model, mode: "states" });
  if (violation) throw new Error(formatViolation(violation));
  expect(ends).toBeGreaterThan(0);
}

describe("proveProtocol", () => {
  test.each(CLAIMS.map(titled))("holds of %s", (_, claim) => prove(claim, "sc"));

  // With deaths, too, it takes as long again: `landspout prove`.
  const living = CLAIMS.filter(({ deaths }) => !deaths);
  test.each(living.map(titled))("holds under total store order of %s", (_, claim) => prove(claim, "tso"));

  test("tells scenarios apart", () => {
    expect(new Set(PROTOCOLS.map((claim) => titled(claim)[0])).size).toBe(PROTOCOLS.length);
  });
});
