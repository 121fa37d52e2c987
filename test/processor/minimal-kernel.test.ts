import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createProgram } from "#machines/program/program.js";
import { TRAPS, type TrapName } from "#machines/wasm/instructions.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { boot, diskOf, MACHINES } from "../kernel/os/booted.js";
import { casesOf } from "../random-cases.js";
import { onPlatform } from "./engines.js";
import { randomModule } from "./generator.js";

const KILLED = 128;

/** Cases that computed a hash. */
let computed = 0;

/** What of a fault's message the platform's has, too. */
function trapOf(console: string): TrapName {
  const [name] = Object.entries(TRAPS).find(([, text]) => console === `random.wasm: ${text}\n`) ?? [console];
  const indistinct: Record<string, TrapName> = {
    indirectCallToNull: "indirectCallTypeMismatch",
    overflow: "invalidConversion",
    unaligned: "memoryOutOfBounds",
  };
  return indistinct[name] ?? (name as TrapName);
}

/** The calls up to the first one that traps on the platform; if that is the first of all, it alone. */
function callsUpToTrap(choices: Uint8Array, drives: readonly number[]): readonly number[] {
  const { bytes } = randomModule(choices, drives);
  const platform = onPlatform(bytes, createRegisterCode(bytes));
  const traps = drives.findIndex((_, i) => "trap" in platform.call(`d${i}`, []));
  return traps < 0 ? drives : drives.slice(0, Math.max(1, traps));
}

/** The module computes the same as a process, whose pages come and go, and in the platform's engine. */
async function agree(choices: Uint8Array, drives: readonly number[], machine: string, frames: number, seed: number) {
  const { bytes } = randomModule(choices, callsUpToTrap(choices, drives));
  const expected = onPlatform(bytes, createRegisterCode(bytes)).call("check", []);
  const run = await boot("minimal", machine, [createProgram("random.wasm", bytes)], {
    arguments: `1:check frames=${frames} shuffle=${seed + 1}`,
    disks: [diskOf(machine, 512)],
    seed,
  });
  // This kernel has no functions for programs to import.
  if (run.console.includes("called env.")) return;
  if ("trap" in expected) {
    expect(run.status).toBe(KILLED);
    expect(trapOf(run.console)).toBe(expected.trap);
  } else {
    computed++;
    expect(run.console).toBe("");
    expect([run.status]).toEqual(expected.results);
  }
}

describe("The minimal kernel", () => {
  test("runs random modules as the platform does, in few frames, wherever these are", async () => {
    const choices = fc.uint8Array({ minLength: 200, maxLength: 1500, size: "max" });
    const drives = fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(choices, drives, fc.constantFrom(...MACHINES), fc.integer({ min: 2, max: 9 }), fc.nat(), agree),
      { numRuns: casesOf(30) },
    );
    expect(computed).toBeGreaterThan(0);
  }, 300_000);
});
