import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { FAULT } from "#machines/program/privileged.js";
import { createProgram } from "#machines/program/program.js";
import { TRAPS, type TrapName } from "#machines/wasm/instructions.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { onPlatform } from "../../../processor/engines.js";
import { randomModule } from "../../../processor/generator.js";
import { casesOf } from "../../../random-cases.js";
import { machineWith } from "./descriptions.js";
import { compileKernel, PAGING } from "./kernels.js";

const KEPT = 0x100000;
const STATUSES = 0x70000;
const WASM_PAGE = 65536;

const kernel = await compileKernel(PAGING);

const WALKS = { overhead: 5 };
const MACHINES = [
  machineWith("numachine"),
  machineWith("numachine", {
    page: 16_384,
    tlb: { entries: 4, ways: 2, pages: 1, replacement: "least recently used" },
  }),
  machineWith("server", {
    spaces: 1,
    reload: WALKS,
    tlb: { entries: 16, ways: 4, pages: 1, replacement: "least recently used" },
  }),
  machineWith("firefly", {
    page: 512,
    spaces: 1,
    reload: WALKS,
    mappedKernel: { miss: 11 },
    tlb: { entries: 28, ways: 28, pages: 1, replacement: "not last used" },
  }),
  machineWith("ultracomputer", { page: 1024 }),
];

/** Which of the platform's messages a fault is, by its number; as the engines of the tests name it. */
function faultName(number: number): TrapName {
  const name = (Object.keys(TRAPS) as TrapName[])[number - FAULT.first]!;
  const indistinct: Partial<Record<TrapName, TrapName>> = {
    indirectCallToNull: "indirectCallTypeMismatch",
    overflow: "invalidConversion",
    unaligned: "memoryOutOfBounds",
  };
  return indistinct[name] ?? name;
}

async function agree(
  choices: Uint8Array,
  drives: readonly number[],
  machine: number,
  knobs: readonly number[],
): Promise<void> {
  const { bytes } = randomModule(choices, drives);
  const platform = onPlatform(bytes, createRegisterCode(bytes));
  const run = await bootMachine(MACHINES[machine % MACHINES.length]!, kernel, {
    processors: 1,
    images: [createProgram("random.wasm", bytes)],
    arguments: String.fromCharCode(1 + (knobs[0]! % 8), 1 + (knobs[1]! % 100), knobs[2]! % 128),
    seed: knobs[3]!,
    cycles: 2e8,
  });
  const physical = new Uint8Array(run.memory.buffer);
  const statuses = new Uint32Array(run.memory.buffer, STATUSES);
  for (let i = 0; i <= drives.length; i++) {
    const expected = platform.call(`d${i}`, []);
    const status = statuses[i]! - 1;
    const ours = status === 0 ? { results: [] } : { trap: faultName(status - 100) };
    expect(ours, `d${i}`).toEqual(expected);
  }
  const theirs = new Uint8Array(platform.memory.buffer);
  expect(run.status).toBe(theirs.length / WASM_PAGE);
  const at = theirs.findIndex((byte, i) => byte !== physical[KEPT + i]);
  if (at >= 0) expect.fail(`the byte at ${at} is ${physical[KEPT + at]}; the platform's is ${theirs[at]}`);
}

describe("bootMachine", () => {
  test("a process computes what the platform computes, in pages that are mapped anywhere, evicted and reloaded", async () => {
    const choices = fc.uint8Array({ minLength: 200, maxLength: 1500, size: "max" });
    const drives = fc.array(fc.nat({ max: 255 }), { minLength: 3, maxLength: 8 });
    const knobs = fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 });
    await fc.assert(fc.asyncProperty(choices, drives, fc.nat({ max: MACHINES.length - 1 }), knobs, agree), {
      numRuns: casesOf(300),
    });
  }, 300_000);
});
