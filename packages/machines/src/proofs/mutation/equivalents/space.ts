import type { Equivalents } from "./equivalent.js";

const GROWN = "if (missing > 0 && memory.grow(missing) < 0) return false;";

export const SPACE: Equivalents = {
  file: "kernel/library/space.ts",
  arguments: [
    {
      because: "Nobody else uses the space before `create` has returned.",
      mutants: [
        "write(WORKERS, workers); | swapped with what follows",
        "write(CORES, cores); | swapped with what follows",
        "write(IDENTITY, identityLow); | swapped with what follows",
      ],
    },
    {
      because:
        "What `memory.grow` returns is -1 or the pages that there were: the memory that the module imports has one at least.",
      mutants: [`${GROWN} | lt is le`, `${GROWN} | 0 is 1 | 3`],
    },
    {
      because: "Who acts is said by variables of the worker's instance, which nobody else reads.",
      mutants: ["enterAs(slot); | swapped with what follows", "me = slot; | swapped with what follows"],
    },
    {
      because:
        "`competes` is read by its worker alone, after it has attached; and whoever repairs clears the bit, whether or not " +
        "it is set.",
      mutants: ["store<u32>(my + competes, competing ? 1 : 0); | swapped with what follows"],
    },
    {
      because: "Slot 0 is nobody's: the state in its record is FREE for ever, which is no incarnation.",
      mutants: ["for (let slot: u32 = 1, last = workers(); slot <= last; slot++) { | 1 is 0 | 3"],
    },
    {
      because: "The word behind the last one of COMPETING is 0 for ever: no slot has a bit in it.",
      mutants: [
        "for (let word = COMPETING, end = COMPETING + ((workers() + 31) / 32) * 4; word < end; word += 4) | gt is ge",
      ],
    },
  ],
};
