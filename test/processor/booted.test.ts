import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { FAULT } from "#machines/program/privileged.js";
import { createProgram } from "#machines/program/program.js";
import { TRAPS, type TrapName } from "#machines/wasm/instructions.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { machineWith } from "../machines/simulated/privileged/descriptions.js";
import { compileKernel, PAGING } from "../machines/simulated/privileged/kernels.js";
import { guestIn, monitor } from "../machines/simulated/privileged/monitor.js";
import { assemble } from "../program/assemble.js";
import { casesOf } from "../random-cases.js";
import { onPlatform } from "./engines.js";
import { randomModule } from "./generator.js";

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
  machineWith("symmetry", { page: 512, tlb: { entries: 4, ways: 4, pages: 1, replacement: "random" } }),
];

/** A guest's kernel is mapped: with few entries it takes the place of its process's, which gets nowhere. */
const MACHINES_FOR_GUESTS = MACHINES.filter(({ privileged }) => privileged!.tlb.entries >= 16);

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

/** Runs a module's functions d0, d1, ... as a process, and compares with what the platform makes of them. */
async function compare(
  bytes: Uint8Array<ArrayBuffer>,
  calls: number,
  machine: number,
  knobs: readonly number[],
  asGuest = false,
): Promise<void> {
  const platform = onPlatform(bytes, createRegisterCode(bytes));
  const machines = asGuest ? MACHINES_FOR_GUESTS : MACHINES;
  const description = machines[machine % machines.length]!;
  const program = createProgram("random.wasm", bytes);
  // An interrupt takes a guest longer: one that comes too soon leaves no time for the process.
  const period = asGuest ? 60 + (knobs[1]! % 60) : 1 + (knobs[1]! % 100);
  const run = await bootMachine(description, asGuest ? monitor : kernel, {
    processors: 1,
    images: asGuest ? [kernel, program] : [program],
    arguments: String.fromCharCode(1 + (knobs[0]! % 4), period, knobs[2]! % 128),
    seed: knobs[3]!,
    cycles: asGuest ? 1e9 : 1e8,
  });
  const memory = new Uint8Array(run.memory.buffer);
  const physical = asGuest ? guestIn(memory, description.privileged!.page) : memory;
  const statuses = new Uint32Array(physical.buffer, STATUSES);
  for (let i = 0; i < calls; i++) {
    const expected = platform.call(`d${i}`, []);
    const status = statuses[i]! - 1;
    const ours = status === 0 ? { results: [] } : { trap: faultName(status - 100) };
    // Where the memory ends is for the kernel to know: a wait that is wrong in both ways has the other reason.
    const either = "trap" in ours && ours.trap === "waitOnUnsharedMemory" && "trap" in expected;
    expect(either ? expected : ours, `d${i}`).toEqual(expected);
  }
  const theirs = new Uint8Array(platform.memory.buffer);
  expect(run.status).toBe(theirs.length / WASM_PAGE);
  const at = theirs.findIndex((byte, i) => byte !== physical[KEPT + i]);
  if (at >= 0) expect.fail(`the byte at ${at} is ${physical[KEPT + at]}; the platform's is ${theirs[at]}`);
}

/** What pages make hard: values and bulk operations that lie in two, and such as end where there is none. */
const HARD = assemble(`(module
  (import "env" "value" (func $value (result i32)))
  (memory (export "memory") 1 3) (table $table 2 10000 funcref) (global $sum (mut i32) (i32.const 0))
  (func $add (param $value i32) (result i32)
    (global.set $sum (i32.add (i32.mul (global.get $sum) (i32.const 31)) (local.get $value))) (global.get $sum))
  (elem (i32.const 1) $add)
  (func (export "d0") (local $at i32)
    ;; Eight bytes at each distance from the borders of pages of 512 bytes, written, read and added up.
    (loop $again
      (i64.store offset=505 (local.get $at) (i64.mul (i64.extend_i32_u (local.get $at)) (i64.const 0x0123456789abcdef)))
      (drop (call $add (i32.wrap_i64 (i64.rotl (i64.load offset=506 (local.get $at)) (i64.const 17)))))
      (drop (call $add (i32.load16_s offset=511 (local.get $at))))
      (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 509))) (i32.const 60000))))
    (i32.store (i32.const 0) (global.get $sum)))
  (func (export "d1")
    (memory.fill (i32.const 1000) (i32.const 0x5a) (i32.const 3000))
    (memory.copy (i32.const 20001) (i32.const 1500) (i32.const 2500))
    (memory.copy (i32.const 20500) (i32.const 20001) (i32.const 2500))
    (memory.copy (i32.const 20001) (i32.const 20500) (i32.const 2600)))
  ;; Neither writes anything.
  (func (export "d2") (memory.fill (i32.const 64000) (i32.const 0x77) (i32.const 1537)))
  (func (export "d3") (memory.copy (i32.const 30000) (i32.const 64000) (i32.const 1537)))
  (func (export "d4") (memory.copy (i32.const 64000) (i32.const 30000) (i32.const 1537)))
  (func (export "d5") (local $i i32)
    (drop (table.grow $table (ref.func $add) (i32.const 9000)))
    (loop $again
      (i32.store (i32.const 8) (call_indirect (param i32) (result i32) (call $value) (i32.add (i32.const 1) (local.get $i))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 500))) (i32.const 9000))))
    (i32.store (i32.const 12) (table.size $table)))
  (func (export "d6") (drop (memory.grow (i32.const 1))) (i64.store (i32.const 65532) (i64.const -2)))
  (func (export "d7") (i64.store (i32.const 131069) (i64.const -3)))
  (func $deep (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (i32.add (call $deep (i32.sub (local.get $n) (i32.const 1))) (local.get $n)))
      (else (i32.const 0))))
  (func (export "d8") (i32.store (i32.const 16) (call $deep (i32.const 1500))))
  ;; Of no bytes: at the end, and behind it.
  (func (export "d9") (memory.fill (i32.const 131072) (i32.const 1) (i32.const 0))
    (memory.copy (i32.const 131072) (i32.const 0) (i32.const 0)))
  (func (export "d10") (memory.fill (i32.const 131073) (i32.const 1) (i32.const 0)))
  (func (export "d11") (memory.copy (i32.const 0) (i32.const 131073) (i32.const 0)))
  (func (export "d12") (memory.copy (i32.const -1) (i32.const 0) (i32.const 0))))`);

const agree =
  (asGuest: boolean) =>
  (choices: Uint8Array, drives: readonly number[], machine: number, knobs: readonly number[]): Promise<void> =>
    compare(randomModule(choices, drives).bytes, drives.length + 1, machine, knobs, asGuest);

async function agreeOnAll(asGuest: boolean, cases: number): Promise<void> {
  const choices = fc.uint8Array({ minLength: 200, maxLength: 1500, size: "max" });
  const drives = fc.array(fc.nat({ max: 255 }), { minLength: 3, maxLength: 8 });
  const knobs = fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 });
  const machines = fc.nat({ max: MACHINES.length - 1 });
  const numRuns = casesOf(cases);
  await fc.assert(fc.asyncProperty(choices, drives, machines, knobs, agree(asGuest)), { numRuns });
}

describe("bootMachine", () => {
  test("a process computes what the platform computes, in pages that are mapped anywhere, evicted and reloaded", async () => {
    await agreeOnAll(false, 300);
  }, 300_000);

  test("a process of a monitor's guest does, too", async () => {
    await agreeOnAll(true, 100);
  }, 300_000);

  test.each(MACHINES.map(({ name, privileged }, i) => [name, privileged!.page, i] as const))(
    "values and bulk operations in two pages are as the platform's, whenever they are interrupted: %s, pages of %d bytes",
    async (_, __, machine) => {
      for (let phase = 0; phase < casesOf(6); phase++)
        await compare(HARD, 13, machine, [1 + (phase % 3), 7 * phase, phase, phase]);
    },
    120_000,
  );

  test.each(MACHINES_FOR_GUESTS.map(({ name }, i) => [name, i] as const))(
    "values and bulk operations in two pages are so in a process of a monitor's guest: %s",
    async (_, machine) => {
      for (let phase = 0; phase < casesOf(2); phase++)
        await compare(HARD, 9, machine, [1 + phase, 7 * phase, phase, phase], true);
    },
    120_000,
  );
});
