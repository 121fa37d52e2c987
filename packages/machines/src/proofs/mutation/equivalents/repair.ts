import type { Equivalents } from "./equivalent.js";

export const REPAIR: Equivalents = {
  file: "kernel/library/repair.ts",
  arguments: [
    {
      because:
        "A slot that was found is free by now: its worker has repaired itself meanwhile. Who is told to come again finds no slot.",
      mutants: ["return slot == 0 || repair(slot); | 1 is 0"],
    },
    {
      because:
        "Words of a dead worker's record that nobody but its repair looks at meanwhile. If that is cut off between the two, " +
        "it does both again; neither traps.",
      mutants: [
        "write(R + sleeping, 0); | swapped with what follows",
        "write(R + redo, 0); | swapped with what follows",
        "write(R + journal, 0); | swapped with what follows",
        "store<u64>(R + pending, 0); | swapped with what follows",
        "write(R + journal, 0); | swapped with what follows | 2",
      ],
    },
    {
      because:
        "Until the move is settled, the changes are said to be still to be made: they are made again if the repair is cut off, " +
        "with the same values, as the words are the dead one's own.",
      mutants: ["settle(R, slot); | swapped with what follows"],
    },
    {
      because:
        "Whether it competes for cores is asked by the worker alone, when it falls asleep; its slot is taken still.",
      mutants: ["abandonHeap(dead); | swapped with what follows"],
    },
    {
      because: "No object begins at address 1, and `undo` clears the word.",
      mutants: ["write(my + inside, 0); | 0 is 1"],
    },
    {
      because: "An address has 32 bits: the others fall away by themselves.",
      mutants: ["const object = <usize>(entry & 0xffffffff); | 4294967295 is -1"],
    },
  ],
};
