import { describe, expect, test } from "vitest";
import { PRIVILEGED_INSTRUCTIONS } from "#machines/program/privileged.js";
import { machinesOf } from "../../../random-cases.js";
import { SHADOWED, TRACES, TRAVELLED } from "./expected-traces.js";
import { MACHINES, type MachineName, WALKS, walkAsGuest, walkBare } from "./guest.js";
import { monitor } from "./monitor.js";

const NAMES = Object.keys(MACHINES) as MachineName[];

/** What the guest does before each walk, and after it. */
const BEFORE = "context set_processor create_instance create_instance set_space";
const AFTER = "io";
/** What a processor does until a thread is in its mailbox, and to put one into another's. */
const WAITING = ["interrupt", "idle", "enable_interrupts", "interrupt 2"];

function between(trace: readonly string[]): string {
  const text = trace.join(" ");
  expect(text.startsWith(BEFORE)).toBe(true);
  expect(text.endsWith(AFTER)).toBe(true);
  return text.slice(BEFORE.length + 1, -AFTER.length - 1);
}

describe.each(machinesOf(NAMES, 2))("A kernel on a machine with %s", (machine) => {
  describe.each([1, 2])("and %i processors", (processors) => {
    test.each(WALKS)("does as a guest what it does on the bare machine: %s", async (walk) => {
      const { traces, ...guest } = await walkAsGuest(walk, machine, processors);
      expect(guest).toEqual(await walkBare(walk, machine, processors));
    });

    test.each(WALKS)("as the guest of a guest, too: %s", async (walk) => {
      const { traces, ...guest } = await walkAsGuest(walk, machine, processors, [monitor, monitor]);
      expect(guest).toEqual(await walkBare(walk, machine, processors));
    });
  });

  test.each(WALKS)("has a monitor that does the same as a guest: %s", async (walk) => {
    const [bare] = (await walkAsGuest(walk, machine, 1)).traces;
    const [outer, inner] = (await walkAsGuest(walk, machine, 1, [monitor, monitor])).traces;
    expect(inner).toEqual(bare);
    expect(outer!.length).toBeGreaterThan(inner!.length);
  });
});

describe("A monitor", () => {
  test.each(WALKS)("goes step by step through the walk: %s", async (walk) => {
    const { traces } = await walkAsGuest(walk, "software reload", 1);
    expect(between(traces[0]!)).toBe(TRACES[walk]);
  });

  test("moves the frames of its guest's kernel to the processor on which they go on", async () => {
    const { traces } = await walkAsGuest("travel", "software reload", 2);
    const text = traces[0]!.filter((noted) => !WAITING.includes(noted)).join(" ");
    expect(text).toContain(TRAVELLED);
  });

  test("answers from its guest's tables what its shadow of them lacks, and reflects what they lack", async () => {
    const { traces } = await walkAsGuest("miss", "walking", 1);
    expect(between(traces[0]!)).toBe(SHADOWED);
  });

  test.each(NAMES)("emulates every privileged instruction, with %s", async (machine) => {
    const walked = await Promise.all(WALKS.map((walk) => walkAsGuest(walk, machine, 1)));
    const emulated = new Set(walked.flatMap(({ traces }) => traces[0]!));
    expect(Object.keys(PRIVILEGED_INSTRUCTIONS).filter((name) => !emulated.has(name))).toEqual([]);
  });
});
