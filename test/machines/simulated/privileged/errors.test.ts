import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { createProgram } from "#machines/program/program.js";
import { assemble } from "../../../program/assemble.js";
import { machineWith } from "./descriptions.js";
import { compileKernel } from "./kernels.js";

const NUMACHINE = machineWith("numachine");

/** Image 1: exports g, f, w and an import. */
const image = createProgram(
  "image.wasm",
  assemble(`(module (import "env" "given" (func $given)) (global $own (mut i32) (i32.const 1)) (global $fixed i32 (i32.const 2))
    (memory 1) (func (export "f") (result i32) (global.get $own)) (func (export "w") (param i64) (result i32) (i32.const 0))
    (func (export "n") (unreachable)) (export "given" (func $given)))`),
);

/** A kernel whose boot executes statements, with traps that it answers with others. */
const kernelWith = (boot: string, trap = "return 0;", interrupt = "") =>
  compileKernel(`
    import * as machine from "./privileged/machine";
    import { Cause, Command, ENTRY, VALID } from "./privileged";
    import { Information } from "./information";
    let instance: u32;
    let other: u32;
    function never(word: u32): void { while (true) machine.idle(); }
    function returns(word: u32): void {}
    export function boot(information: u32): void {
      ${boot}
      machine.io(0, Command.Write, 0, 0);
      while (true) machine.idle();
    }
    export function handle_trap(cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
      if (cause == Cause.TRANSLATION_MISS && number >= 0x100000) { machine.write_translation(0, number, VALID); return 0; }
      ${trap}
    }
    export function handle_interrupt(number: u32, argument: u32): void { ${interrupt} }
  `);

async function failureOf(kernel: Awaited<ReturnType<typeof kernelWith>>, given = ""): Promise<string> {
  try {
    await bootMachine(NUMACHINE, kernel, { processors: 1, images: [image], arguments: given, cycles: 1e7 });
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}

const MAKE = "instance = machine.create_instance(1, 0);";

const MISTAKES: readonly [string, string, RegExp][] = [
  [
    "an image that is not there",
    "machine.create_instance(2, 0);",
    /create_instance\(2, 0\) received image 2; expected 1 to 1, in kernel\/boot of kernel\.wasm/,
  ],
  ["a number of nothing", "machine.switch_to(77);", /switch_to\(77\) received 77; expected the number of a context/],
  [
    "an instance as a context",
    `${MAKE} machine.switch_to(instance);`,
    /switch_to\(\d+\) received \d+; expected the number of a context/,
  ],
  [
    "its own context released",
    "machine.release(machine.context());",
    /release\(1\) received context 1; expected one that runs on no processor/,
  ],
  [
    "a number released twice",
    `${MAKE} machine.release(instance); machine.release(instance);`,
    /release\(2\) received 2; expected the number/,
  ],
  [
    "a global that cannot be set",
    `${MAKE} machine.set_global(instance, 1, 7);`,
    /received global 1; expected a mutable one of type i32 of the image's 2/,
  ],
  [
    "an entry of another type",
    `${MAKE} machine.call(instance, 2, 0, 0, 0, 0, 0, 0);`,
    /received function 2, \(i64\) -> \(i32\); expected up to 6 parameters and up to one result, all i32/,
  ],
  [
    "an import as an entry",
    `${MAKE} machine.call(instance, 0, 0, 0, 0, 0, 0, 0);`,
    /received function 0; expected one of image 1's own functions/,
  ],
  [
    "an index behind the table",
    "machine.create_context(999 | ENTRY, 0);",
    /received index 999 of table 0; expected one of image 0's own functions/,
  ],
  [
    "a space that is not there",
    "machine.set_space(256, 0);",
    /set_space\(256, 0\) received space 256; expected 0 to 255/,
  ],
  [
    "a frame outside of memory",
    "machine.write_translation(0, 1, 0x7ffff000 | VALID);",
    /received the frame at 2147479552; expected one in the memory's 16777216 bytes/,
  ],
  ["a processor of none", "machine.set_processor(5, 0);", /received 5 of 0; expected 0 or more, of more/],
  ["a processor that is not there", "machine.interrupt(1, 2);", /received processor 1; expected 0 to 0/],
  ["an interrupt of the machine's", "machine.interrupt(0, 1);", /received number 1; expected 2 to 31/],
  ["a device that is not there", "machine.io(9, 1, 0, 0);", /received device 9; expected 0 to 3/],
  ["a command that is none", "machine.io(1, 2, 0, 0);", /received command 2; expected 0 to read, 1 to write/],
  ["abandoning without a call", "machine.abandon(1);", /it abandoned; expected to be called by what a `call` called/],
  ["trap in kernel mode", "machine.trap(1, 0, 0, 0, 0);", /trap in kernel mode in kernel\/boot/],
];

/** Makes the mistake that the arguments' first byte names. */
const mistaken = await kernelWith(
  `switch (load<u8>(changetype<Information>(information).arguments)) {
    ${MISTAKES.map(([, statements], i) => `case ${i + 1}: { ${statements} break; }`).join("\n")}
  }`,
);

describe("bootMachine says what a kernel did wrong, with function and line:", () => {
  test.each(MISTAKES.map(([what, , expected], i) => [what, expected, i + 1] as const))(
    "%s",
    async (_, expected, number) => {
      expect(await failureOf(mistaken, String.fromCharCode(number))).toMatch(expected);
    },
  );

  test("an instance released that a running context uses", async () => {
    const kernel = await kernelWith(
      `${MAKE} machine.call(instance, 3, 0, 0, 0, 0, 0, 0);`,
      "machine.release(instance); return 0;",
    );
    expect(await failureOf(kernel)).toMatch(/received instance 2; expected one without frames: context 1 has some/);
  });

  test("a function that returns although it must not", async () => {
    const kernel = await kernelWith(
      "machine.switch_to(machine.create_context(load<u32>(changetype<usize>(returns)) | ENTRY, 0)); never(0);",
    );
    expect(await failureOf(kernel)).toMatch(
      /its context's first function returned.* in kernel\/returns of kernel\.wasm/,
    );
  });

  test("a fault's handler that returns", async () => {
    const kernel = await kernelWith(`${MAKE} machine.call(instance, 3, 0, 0, 0, 0, 0, 0);`);
    expect(await failureOf(kernel)).toMatch(
      /the handler of a fault returned; expected it to abandon in kernel\/handle_trap of kernel\.wasm, below it/,
    );
  });

  test("traps without end in one another", async () => {
    const message = await failureOf(
      await kernelWith(
        `${MAKE} machine.call(instance, 3, 0, 0, 0, 0, 0, 0);`,
        "machine.call(instance, 3, 0, 0, 0, 0, 0, 0); return 0;",
      ),
    );
    expect(message).toMatch(/call stack exhausted: 1000 traps, interrupts and calls that have not returned/);
    expect(message.length).toBeLessThan(1000);
  });

  test("all processors idle, and nothing to come", async () => {
    expect(await failureOf(await kernelWith("machine.idle();"))).toMatch(
      /every processor is idle, and nothing is to come:\n {2}processor 0 is idle in kernel\/boot of kernel\.wasm/,
    );
  });

  test("memory and cycles that cannot be", async () => {
    const kernel = await kernelWith("");
    const boot = (options: object) => bootMachine(NUMACHINE, kernel, { processors: 1, images: [], ...options });
    await expect(boot({ memory: 1_234_567 })).rejects.toThrow(
      /received 1234567 bytes of memory; expected a multiple of 65536/,
    );
    await expect(boot({ memory: Number.NaN })).rejects.toThrow(/received NaN bytes of memory/);
    await expect(boot({ cycles: Number.NaN })).rejects.toThrow(/received NaN cycles; expected 1 or more/);
    expect((await boot({})).status).toBe(0);
  });
});
