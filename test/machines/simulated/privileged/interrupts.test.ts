import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { createProgram } from "#machines/program/program.js";
import { assemble } from "../../../program/assemble.js";
import { machineWith } from "./descriptions.js";
import { compileKernel } from "./kernels.js";

/** Calls d of image 1, and is interrupted by its timer every so many hundreds of cycles, the arguments' first byte. */
const kernel = await compileKernel(`
import { call, create_instance, enable_interrupts, idle, interrupt, io, set_timer, write_translation } from "./privileged/machine";
import { Cause, Command, Interrupt, VALID } from "./privileged";
import { ExportInformation, ImageInformation, Information } from "./information";
import { processor, work } from "./machine";

let period: u32;

export function boot(address: u32): void {
  const information = changetype<Information>(address);
  period = 100 * load<u8>(information.arguments);
  if (processor()) {
    // Two of one number while it does not take them, and one of another: they merge by number.
    enable_interrupts(false);
    while (load<u32>(0x300) != 4) idleUntil(4);
    enable_interrupts(true);
    enable_interrupts(false);
    atomic.store<u32>(0x310, 1);
    while (true) idle();
  }
  const image = changetype<ImageInformation>(information.images + offsetof<ImageInformation>());
  const entry = changetype<ExportInformation>(image.exports);
  if (period) set_timer(period);
  call(create_instance(1, 0), entry.index, 0, 0, 0, 0, 0, 0);
  if (information.processors == 2) {
    interrupt(1, Interrupt.First);
    interrupt(1, Interrupt.First);
    interrupt(1, Interrupt.First + 7);
    work(5000);
    atomic.store<u32>(0x300, 4);
    while (!atomic.load<u32>(0x310)) {}
  }
  io(0, Command.Write, 0, 0);
  while (true) idle();
}

function idleUntil(value: u32): void {
  while (atomic.load<u32>(0x300) != value) {}
}

export function handle_trap(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  if (cause == Cause.TRANSLATION_MISS) write_translation(0, number, VALID);
  return 0;
}

export function handle_interrupt(number: u32, argument: u32): void {
  store<u32>(0x400 + 4 * number, load<u32>(0x400 + 4 * number) + 1);
  if (number == Interrupt.Timer) set_timer(period);
}
`);

const image = createProgram(
  "work.wasm",
  assemble(`(module (import "machine" "work" (func $work (param i32)))
    (func (export "d") (call $work (i32.const 100000)) (call $work (i32.const 11))))`),
);

describe("interrupts", () => {
  test("divide work: what is left of it is done after them", async () => {
    const machine = machineWith("numachine");
    const run = (hundreds: number) =>
      bootMachine(machine, kernel, { processors: 1, images: [image], arguments: String.fromCharCode(hundreds) });
    const [undisturbed, disturbed] = [await run(0), await run(7)];
    expect(undisturbed.processors[0]!.userCycles).toBeGreaterThan(100_011);
    expect(disturbed.processors[0]!.interrupts.timer).toBeGreaterThan(100);
    expect(disturbed.processors[0]!.userCycles).toBe(undisturbed.processors[0]!.userCycles);
    expect(disturbed.processors[0]!.userInstructions).toBe(undisturbed.processors[0]!.userInstructions);
    expect(disturbed.elapsed).toBeGreaterThan(undisturbed.elapsed + 100 * 30);
  });

  test("merge by their number while they are pending", async () => {
    const run = await bootMachine(machineWith("numachine"), kernel, {
      processors: 2,
      images: [image],
      arguments: String.fromCharCode(0),
    });
    const counts = new Uint32Array(run.memory.buffer, 0x400, 32);
    expect([counts[2], counts[9]]).toEqual([1, 1]);
    expect(run.processors[1]!.interrupts.processor).toBe(2);
  });
});
