import { describe, expect, test } from "vitest";
import { type MachineName, type Walk, walkAsGuest, walkBare } from "./guest.js";
import { compileFile } from "./kernels.js";
import { MONITOR } from "./monitor.js";

interface Bug {
  readonly file: string;
  readonly text: string;
  readonly instead: string;
  readonly walk: Walk;
  readonly machine?: MachineName;
  readonly processors?: number;
}

/** What a monitor may do wrong, and the walk that finds it. */
const BUGS: Readonly<Record<string, Bug>> = {
  "leaves the guest's kernel with another processor's globals": {
    file: "emulation",
    text: "if (from == here.kernel) return;",
    instead: "return;",
    walk: "travel",
    processors: 2,
  },
  "forgets what is pending when a program is called": {
    file: "upcalls",
    text: "if (!isPending()) return;\n  interrupt",
    instead: "return;\n  interrupt",
    walk: "interrupts",
  },
  "delivers interrupts that the guest has off": {
    file: "upcalls",
    text: "if (!isPending() || !(here.user || here.interrupts)) return;",
    instead: "if (!isPending()) return;",
    walk: "interrupts",
  },
  "keeps interrupts that the guest enables": {
    file: "emulation",
    text: "here.interrupts = a != 0;\n      deliver();",
    instead: "here.interrupts = a != 0;",
    walk: "interrupts",
  },
  "lets a context begin with interrupts on": {
    file: "emulation",
    text: "here.interrupts = false;\n  call",
    instead: "call",
    walk: "interrupts",
  },
  "ends an upcall that the guest has abandoned, and not its call": {
    file: "upcalls",
    text: "abandon(0);\n  }\n  here.user = user;",
    instead: "here.abandons = false;\n  }\n  here.user = user;",
    walk: "abandon",
  },
  "does not restore the guest's flag after a call": {
    file: "emulation",
    text: "here.interrupts = interrupts;",
    instead: "",
    walk: "abandon",
  },
  "answers with the words of the guest's own trap": {
    file: "emulation",
    text: "return load<u32>(wordAt(a));",
    instead: "return argument(a);",
    walk: "system call",
  },
  "keeps a translation that the guest drops": {
    file: "translations",
    text: "write_translation(own, page, 0);",
    instead: "",
    walk: "miss",
  },
  "keeps the shadow of tables that the guest has changed": {
    file: "translations",
    text: "if (information.walks) forgetAll(here.shadowTables);",
    instead: "",
    walk: "miss",
    machine: "walking",
  },
  "does not mark what is written in the guest's tables": {
    file: "translations",
    text: "entry & DIRTY ? ~GLOBAL : ~(GLOBAL | WRITABLE)",
    instead: "~GLOBAL",
    walk: "fork",
    machine: "walking",
  },
  "drops what is of all spaces in one alone": {
    file: "translations",
    text: "for (let other: u32 = 0; other < globals; other++)",
    instead: "for (let other: u32 = 0; other < 0; other++)",
    walk: "global",
  },
  "lets a program's translation be of all spaces, the guest's kernel's too": {
    file: "translations",
    text: "write_translation(own, page, translated(entry) & ~GLOBAL);",
    instead: "write_translation(own, page, translated(entry));",
    walk: "global",
  },
  "tells programs the processor's own number": {
    file: "translations",
    text: "set_processor(here.number, here.count);",
    instead: "set_processor(here.index, information.processors);",
    walk: "context switch",
  },
  "tells the guest the machine's numbers": {
    file: "emulation",
    text: "if (copy) return number(copy);",
    instead: "if (copy) return copy;",
    walk: "devices",
  },
};

describe("A walk", { tags: "long" }, () => {
  test.each(Object.entries(BUGS))("finds a monitor that %s", async (_, { file, text, instead, ...bug }) => {
    let planted = 0;
    const buggy = await compileFile(MONITOR, (name, original) => {
      if (!name.endsWith(`/monitor/${file}.ts`)) return original;
      planted = original.split(text).length - 1;
      return original.replace(text, instead);
    });
    expect(planted).toBe(1);
    const { walk, machine = "software reload", processors = 1 } = bug;
    // An error of the monitor's, or a run without end, finds it, too.
    const found = await walkAsGuest(walk, machine, processors, [buggy]).catch((error: Error) => ({ error }));
    expect(found).not.toMatchObject(await walkBare(walk, machine, processors));
  });
});
