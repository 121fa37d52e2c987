import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "slots", file: "space.ts" } as const;

export const SLOTS_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a slot and its incarnation in two words, one written after the other",
    from: "!compare_and_swap(place, FREE, incarnation)) continue;",
    to: "!compare_and_swap(place, FREE, 0x7fffffff)) continue;\n    write(place, incarnation);",
    scenario: "2 x 1 in 1, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a guardian that repairs whoever has the slot",
    from: "if (read(recordOf(slot) + state) == incarnation) return slot;",
    to: "if (read(recordOf(slot) + state) != FREE) return slot;",
    scenario: "2 x 2 in 1, the guardian late",
    found: "race",
  },
  {
    ...planted,
    bug: "two who attach, and get one slot",
    from: "if (read(place) != FREE || !compare_and_swap(place, FREE, incarnation)) continue;",
    to: "if (read(place) != FREE) continue;\n    write(place, incarnation);",
    scenario: "2 x 2 in 1",
    found: "race",
  },
  {
    ...planted,
    bug: "a slot that is given back before its worker counts as gone",
    from: "  rest(slot);\n  write(recordOf(slot) + state, FREE);",
    to: "  write(recordOf(slot) + state, FREE);\n  rest(slot);",
    scenario: "given back and taken at once",
    found: "final",
  },
  {
    ...planted,
    bug: "a dead worker that competes for cores for ever",
    from: "  rest(slot);\n  write(",
    to: "  write(",
    scenario: "2 x 1 in 1, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a worker that takes its slot before its death is watched",
    file: "proofs/slots.ts",
    from: "    write(lifeline, incarnation);\n    const slot = attach(incarnation, true);\n",
    to: "    const slot = attach(incarnation, true);\n    write(lifeline, incarnation);\n",
    scenario: "2 x 1 in 1, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a lifeline that is let go before its worker has left the slot",
    file: "proofs/slots.ts",
    from: "      live(slot, incarnation);\n",
    to: "      live(slot, incarnation);\n      write(lifeline, 0);\n",
    scenario: "2 x 1 in 1, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a repair that leaves what it has repaired on the list, for the next worker of the slot",
    file: "repair.ts",
    from: "dead)) return false;\n    dropLast(R);\n",
    to: "dead)) return false;\n",
    scenario: "2 x 1 in 1, 1 dying",
    found: "final",
  },
];
