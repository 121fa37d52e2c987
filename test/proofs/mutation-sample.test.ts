import { describe, expect, test } from "vitest";
import { SCOPES } from "#machines/proofs/mutation/scopes.js";
import { select } from "#machines/proofs/mutation/selection.js";
import { type Tried, tryAll } from "#machines/proofs/mutation/trials.js";
import { loadLibrary } from "#machines/proofs/protocol.js";
import { isKilled, survivorText } from "#machines/report/mutation.js";

/** Files of which, whole, at least so many percent are found: docs/checking.md has the figures. */
const REACHED = [
  "channel",
  "clustered",
  "event",
  "free",
  "latch",
  "ledger",
  "mcs-lock",
  "mutex",
  "objects",
  "once",
  "redo",
  "rw-lock",
  "ticket-lock",
];
const LEAST_PERCENT = 95;

const SAMPLE = { size: 40, seed: 1 };
/** Of each claim, which is given up after so many: those of a few mutants need more. */
const STATES = 6000;

describe("tryAll", () => {
  test("finds no argument about a mutant that there is not, in any file", async () => {
    expect(() => select(library, SCOPES)).not.toThrow();
  });

  test(`finds ${LEAST_PERCENT} % of a sample of the mutants of ${REACHED.join(", ")}`, { tags: "long" }, async () => {
    const scopes = SCOPES.filter(({ name }) => REACHED.includes(name));
    const { mutants } = select(library, scopes, SAMPLE);
    const tried: Tried[] = [];
    const { signal } = new AbortController();
    await tryAll(library, mutants, { most: STATES, signal, onTried: (each) => tried.push(each) });
    expect(tried.length).toBe(SAMPLE.size);
    const survivors = tried.filter((each) => !isKilled(each));
    const percent = (100 * (tried.length - survivors.length)) / tried.length;
    expect(percent, survivors.map(survivorText).join("\n")).toBeGreaterThanOrEqual(LEAST_PERCENT);
  });
});

const library = await loadLibrary();
