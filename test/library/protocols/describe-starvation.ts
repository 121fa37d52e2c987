import { describe, expect, test } from "vitest";
import { loadLibrary, proveProtocol } from "#machines/proofs/protocol.js";
import { STARVES } from "#machines/proofs/protocols/policies.js";

/** A policy whose head says that a task may starve: the explorer finds the schedule in which others overtake it. */
export function describeStarvation(policy: string): void {
  describe(`proveProtocol, of ${policy},`, { timeout: 0 }, () => {
    test("finds that a task is overtaken as often as others come back", { tags: "long" }, async () => {
      const library = await loadLibrary();
      const claim = STARVES.find(({ protocol }) => protocol === policy)!;
      const { violation } = await proveProtocol(library, claim, { model: "sc", mode: "states" });
      expect(violation?.kind, violation?.message).toBe("failure");
      expect(violation?.message).toContain("starvation_prove_run");
    });
  });
}
