import { beforeAll, describe, expect, test } from "vitest";
import type { Program } from "#machines/program/program.js";
import { executedPlaces, markPlaces } from "#machines/proofs/mutation/coverage.js";
import { type Mutant, mutantsOf } from "#machines/proofs/mutation/mutants.js";
import { rewrite } from "#machines/proofs/mutation/rewrite.js";
import { SCOPES } from "#machines/proofs/mutation/scopes.js";
import { select } from "#machines/proofs/mutation/selection.js";
import { isFound, tryMutant } from "#machines/proofs/mutation/trial.js";
import { loadLibrary } from "#machines/proofs/protocol.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";

let library: Program;
let mutants: readonly Mutant[];

beforeAll(async () => {
  library = await loadLibrary();
  const files = new Set(SCOPES.map(({ file }) => file));
  mutants = mutantsOf(library, (file) => files.has(file));
});

const claims = (protocol: string) => PROTOCOLS.filter((claim) => claim.protocol === protocol);

describe("mutantsOf", () => {
  test("makes modules, each other bytes than the original", { tags: "long" }, () => {
    for (const { key, edits } of mutants) {
      const bytes = rewrite(library.bytes, edits);
      expect(Buffer.compare(bytes, library.bytes), key).not.toBe(0);
    }
  });

  test("names each mutant by a key of its own", () => {
    expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
  });

  test("changes all copies of a line that the compiler made", () => {
    const [awaited] = mutants.filter(
      ({ text, what }) => text === "store<u32>(my + held, count + 1);" && what === "store deleted",
    );
    expect(awaited!.edits.length).toBeGreaterThan(5);
  });

  test("makes none of a copy that only proofs have, with their arguments in it", () => {
    expect(mutants.filter(({ text }) => text === "setWorkers(workers);")).toEqual([]);
    expect(mutants.filter(({ text }) => text === "write(WORKERS, workers);")).not.toEqual([]);
  });

  test.each([
    ["event", "atomic.notify(E + asynchronous, -1);", "notify deleted"],
    ["eventcount", "while (!(word & mark)) {", "condition negated"],
    ["mutex", "lock.resign(M + word);", "swapped with what follows"],
    ["lock-word", "wakeAt(L + asynchronous, -1);", "-1 is 1"],
    ["semaphore", "looks >= PATIENCE", "ge is gt"],
  ])("breaks %s: %s, %s", (_, text, what) => {
    expect(mutants.filter((mutant) => mutant.text.includes(text) && mutant.what === what)).not.toEqual([]);
  });
});

const find = (file: string, text: string, what: string) =>
  mutants.find((mutant) => mutant.file.endsWith(`/${file}.ts`) && mutant.text.includes(text) && mutant.what === what)!;

describe("tryMutant", () => {
  test("lets the original pass", async () => {
    const outcomes = await tryMutant(library, [], claims("event"), 100_000);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(claims("event").map(() => "holds"));
  });

  test("stops at the first claim that finds a mutant", async () => {
    const { edits } = find("event", "wakeAll(V + E);", "call deleted");
    const outcomes = await tryMutant(library, edits, claims("event"), 100_000);
    expect(outcomes.length).toBeLessThan(claims("event").length);
    expect(outcomes.map(isFound)).toEqual([...outcomes.slice(1).map(() => false), true]);
  });

  test("counts a claim that is given up as one that finds nothing", async () => {
    const outcomes = await tryMutant(
      library,
      [],
      claims("once").filter(({ scenario }) => scenario === "3 call, 1 failing"),
      1000,
    );
    expect(outcomes).toMatchObject([{ verdict: "unfinished", states: 1000 }]);
    expect(outcomes.map(isFound)).toEqual([false]);
  });
});

describe("executedPlaces", () => {
  test("has what a claim executes, so that it finds no mutant of another place", async () => {
    const claim = claims("event").find(({ scenario }) => scenario === "2 for 1");
    const own = mutants.filter(({ file }) => file.endsWith("/event.ts"));
    const executed = await executedPlaces(markPlaces(library, own), claim!, 100_000);
    const others = own.filter(({ edits }) => !edits.some(({ begin }) => executed.has(begin)));
    expect(others.length).toBeGreaterThan(0);
    expect(others.length).toBeLessThan(own.length / 2);
    for (const { key, edits } of others) {
      expect(await tryMutant(library, edits, [claim!], 100_000), key).toMatchObject([{ verdict: "holds" }]);
    }
    const found = await tryMutant(library, find("event", "wakeAll(V + E);", "call deleted").edits, [claim!], 100_000);
    expect(found.map(isFound)).toEqual([true]);
  });
});

describe("select", () => {
  const event = SCOPES.filter(({ name }) => name === "event");

  test("draws the same sample for the same seed", { tags: "long" }, () => {
    const keys = (seed: number) => select(library, SCOPES, { size: 20, seed }).mutants.map(({ mutant }) => mutant.key);
    expect(keys(7)).toEqual(keys(7));
    expect(keys(7)).not.toEqual(keys(8));
  });

  test("makes mutants of the lines that are wanted alone", () => {
    const { line } = find("event", "wakeAll(V + E);", "call deleted");
    const { mutants } = select(library, event, undefined, [], new Map([[event[0]!, new Set([line])]]));
    expect(mutants.map(({ mutant }) => mutant.text)).toContain("wakeAll(V + E);");
    expect(new Set(mutants.map(({ mutant }) => mutant.line))).toEqual(new Set([line]));
  });

  test("refuses an argument about a mutant that there is not", () => {
    const stale = { file: "kernel/library/event.ts", arguments: [{ because: "", mutants: ["gone | store deleted"] }] };
    expect(() => select(library, event, undefined, [stale])).toThrow("event.ts | gone | store deleted");
  });
});
