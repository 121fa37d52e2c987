import { expect, test } from "vitest";
import { prepare } from "#machines/machines/checked/prepare.js";
import { type Scheduler, States } from "#machines/machines/checked/states/states.js";
import { loadLibrary } from "#machines/proofs/protocol.js";
import { PROTOCOLS } from "#machines/proofs/protocols/index.js";

const library = await loadLibrary();

function explore(scenario: string, scheduler?: Scheduler) {
  const claim = PROTOCOLS.find(({ protocol, scenario: name }) => protocol === "allocator" && name === scenario);
  if (claim === undefined) throw new Error(`received the unknown scenario "${scenario}"`);
  const { system, properties } = prepare(library, { ...claim, mode: "states" });
  const states = new States(system, properties, scheduler);
  let begun = 0;
  const reset = system.reset.bind(system);
  system.reset = () => {
    begun++;
    reset();
  };
  for (const _ of states.explore());
  return { begun, counts: states.counts, shared: system.cells.sharedAddresses().sort((a, b) => a - b) };
}

test.each(["2 x 1 blocks, free pages: 1", "2 x 2 claims of 3 pages, one dying"])(
  "An exploration that looks at random executions for shared words finds the same ones, and the same states: %s",
  (scenario) => {
    const looking = explore(scenario);
    // With a scheduler, though it takes all transitions, nothing is looked for.
    const exploring = explore(scenario, () => () => 0);
    expect(looking.shared).toEqual(exploring.shared);
    expect(looking.counts).toEqual(exploring.counts);
    expect(looking.begun).not.toBe(exploring.begun);
  },
);
