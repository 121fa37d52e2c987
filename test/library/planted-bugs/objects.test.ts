import { describe, expect, test } from "vitest";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";
import { BUGS_OF_LOCKS, BUGS_OF_OBJECTS } from "../bugs/index.js";
import { findsEach } from "./finds.js";

describe("proveProtocol", () => {
  findsEach(BUGS_OF_OBJECTS);

  test("is tried with a planted bug in every protocol", () => {
    const planted = new Set([...BUGS_OF_LOCKS, ...BUGS_OF_OBJECTS].map(({ protocol }) => protocol));
    expect(PROTOCOLS.filter(({ protocol }) => !planted.has(protocol))).toEqual([]);
  });
});
