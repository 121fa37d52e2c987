import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { withEveryInstruction } from "#machines/machines/simulated/processors/lacking-instructions.js";
import { loadOperatingSystem } from "#machines/program/operating-systems.js";
import type { Program } from "#machines/program/program.js";
import { descriptionOf, diskOf, MACHINES, program, programOf } from "../../../kernel/os/booted.js";
import { machinesOf } from "../../../random-cases.js";
import { monitor } from "./monitor.js";

const MEMORY = 2 ** 22;
const CYCLES = 2e10;

const minimal = await loadOperatingSystem("minimal");
const [primes, hello, pages, grow, faults] = await Promise.all(
  (["primes", "hello", "pages", "grow", "faults"] as const).map(program),
);
/** With whose end the run ends. */
const patient = programOf(`(module (import "machine" "work" (func $work (param i32))) (memory 1)
  (func (export "run") (call $work (i32.const 500000000))))`);

/** Boots the minimal kernel, under so many monitors: its status, and what is on the console. */
async function run(
  machine: string,
  programs: readonly Program[],
  monitors: number,
  { processors = 1, arguments: given = "" },
) {
  const images = [...new Array<Program>(monitors).fill(monitor), minimal, ...programs];
  let written = "";
  // The monitor wants every read-modify-write.
  const { status } = await bootMachine(withEveryInstruction(descriptionOf(machine)), images[0]!, {
    processors,
    images: images.slice(1),
    memory: MEMORY * 4 ** monitors,
    arguments: given,
    disks: [diskOf(machine, 1024)],
    cycles: CYCLES,
    onConsole: (bytes) => {
      written += new TextDecoder().decode(bytes);
    },
  });
  return { status, console: written };
}

describe.each(machinesOf(MACHINES, 1))("The minimal kernel, as the guest of a monitor on %s", (machine) => {
  test.each([1, 2])("runs its programs, each in its own memory, on %i processors", async (processors) => {
    const programs = [patient, primes!, hello!, pages!, grow!, faults!];
    const { status, console } = await run(machine, programs, 1, { processors, arguments: "shuffle=5 quantum=100000" });
    expect(status).toBe(0);
    expect(console.split("\n").sort()).toEqual([
      "",
      "0 wrong words",
      "1229 primes",
      "16 pages more",
      "faults.wasm: integer divide by zero",
      "hello from process 3",
    ]);
  });

  test("brings back what it has evicted", async () => {
    const done = await run(machine, [pages!], 1, { arguments: "frames=8 shuffle=7" });
    expect(done).toEqual({ status: 0, console: "0 wrong words\n" });
  });
});

describe("The minimal kernel", () => {
  test.each(machinesOf(["numachine", "opteron"] as const, 1))(
    "brings back what it has evicted as the guest of a guest on %s",
    async (machine) => {
      const done = await run(machine, [pages!], 2, { arguments: "frames=8 shuffle=7" });
      expect(done).toEqual({ status: 0, console: "0 wrong words\n" });
    },
  );
});
