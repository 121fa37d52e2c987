import { afterAll, describe, expect, test } from "vitest";
import { findMachine } from "#machines/files/machine.js";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import { giveStack, type Instance } from "#machines/program/stacks.js";
import { compileC } from "./clang.js";

const native = new NativeMachine();
afterAll(() => native.close());
const machines = [native, new SimulatedMachine(await findMachine("symmetry"))];

/** Every processor fills an array on its stack while all others do, and adds it up. */
const ARRAYS = `#include "landspout.h"
static atomic_int arrived[64];
static int sum(volatile int *array, int length) {
  int sum = 0;
  for (int i = 0; i < length; i++) sum += array[i];
  return sum;
}
ENTRY(run) int run(int turns) {
  volatile int array[100];
  arrived[processor()] = 1;
  for (int i = 0; i < processors(); i++) while (!arrived[i]);
  for (int turn = 0; turn < turns; turn++) {
    for (int i = 0; i < 100; i++) array[i] = i * (processor() + 1);
    if (sum(array, 100) != 4950 * (processor() + 1)) return -1;
  }
  return sum(array, 100);
}`;

const LOCALS = `#include "landspout.h"
_Thread_local int initialized = 7;
_Thread_local int zero __attribute__((aligned(64)));
int shared = 3;
ENTRY(where) int where(void) { return (int)&zero; }
ENTRY(run) int run(void) {
  for (int i = 0; i < 1000; i++) zero += processor();
  return initialized++ + zero + shared;
}`;
const LOCAL = ["-O0", "-ftls-model=local-exec", "-mmutable-globals"];
const EXPORTED = ["__wasm_init_tls", "__tls_size", "__tls_align"].map((name) => `-Wl,--export=${name}`);

describe.each(machines.map((machine) => ({ name: machine.name, machine })))(
  "giveStack on $name",
  { tags: "clang" },
  ({ machine }) => {
    test.each([
      ["the linker's defaults", []],
      ["an exported stack pointer", ["-mmutable-globals", "-Wl,--export=__stack_pointer", "-Wl,--strip-all"]],
      ["the stack first", ["-Wl,--stack-first", "-Wl,-z,stack-size=16384", "-Wl,--export=__data_end"]],
      ["a small stack", ["-Wl,-z,stack-size=8192", "-Wl,--export=__data_end"]],
      ["all exported", ["-mmutable-globals", "-Wl,--export-all"]],
    ])("keeps the arrays of 4 processors apart, with %s", async (_, flags) => {
      const program = compileC("-", ["-O0", ...flags], ARRAYS);
      const { results } = await machine.run(program, "run", { processors: 4, arguments: [20] });
      expect(results).toEqual([4950, 9900, 14850, 19800]);
    });

    test("gives each processor thread-local variables, initialized and aligned", async () => {
      const program = compileC("-", [...LOCAL, ...EXPORTED], LOCALS);
      for (const processors of [1, 4]) {
        const { results } = await machine.run(program, "run", { processors });
        expect(results).toEqual([10, 1010, 2010, 3010].slice(0, processors));
      }
      const { results } = await machine.run(program, "where", { processors: 4 });
      expect(new Set(results as number[]).size).toBe(4);
      expect((results as number[]).map((address) => address % 64)).toEqual([0, 0, 0, 0]);
    });

    test("names the exports that thread-local variables lack", async () => {
      const program = compileC("-", LOCAL, LOCALS);
      await expect(machine.run(program, "run", { processors: 2 })).rejects.toThrow(
        "received thread-local variables; expected exported __wasm_init_tls, __tls_size and __tls_align",
      );
    });
  },
);

/** The stack pointers that `processors` get, of a module with these exported globals. */
function pointers(processors: number, globals: Record<string, number>): number[] {
  return Array.from({ length: processors }, (_, processor) => {
    const values = { ...globals };
    const instance: Instance = {
      get: (name) => values[name],
      set: (name, value) => {
        values[name] = value;
      },
      call: () => true,
    };
    giveStack(instance, processor, processors);
    return values.__stack_pointer!;
  });
}

test("giveStack cuts the stack into equal slices from its end down, whose ends are aligned", () => {
  expect(pointers(1, { __stack_pointer: 66576 })).toEqual([66576]);
  expect(pointers(3, { __stack_pointer: 66576 })).toEqual([66576, 66576 - 21840, 66576 - 43680]);
  // 10922 and 2/3 bytes each: down to a multiple of 16, not of 8.
  expect(pointers(6, { __stack_pointer: 66576 })).toEqual([0, 1, 2, 3, 4, 5].map((i) => 66576 - 10912 * i));
  expect(pointers(2, { __stack_pointer: 12000, __data_end: 4000 })).toEqual([12000, 8000]);
  // The data is above the stack.
  expect(pointers(2, { __stack_pointer: 8192, __data_end: 9000 })).toEqual([8192, 4096]);
  // 40 bytes of thread-local variables at a multiple of 64, above each stack.
  const locals = { __tls_base: 0, __tls_size: 40, __tls_align: 64 };
  expect(pointers(2, { __stack_pointer: 66560, __data_end: 62464, ...locals })).toEqual([66496, 64448]);
  // 20 bytes whose own alignment is 4: the stack's stays 16.
  const small = { __tls_base: 0, __tls_size: 20, __tls_align: 4 };
  expect(pointers(2, { __stack_pointer: 66560, __data_end: 62464, ...small })).toEqual([66528, 64480]);
});

test("giveStack names the program's processors, and that there is one instance beside them", () => {
  const instance: Instance = { get: () => 9000, set: () => {}, call: () => true };
  expect(() =>
    giveStack({ ...instance, get: (name) => (name === "__stack_pointer" ? 9000 : undefined) }, 0, 3, 1),
  ).toThrow("Cannot give 2 processors stacks and one to what is executed beside them: received one of unknown size");
});

test("giveStack refuses stacks of less than 1 KiB, and to guess where a small stack begins", () => {
  expect(pointers(64, { __stack_pointer: 66576 })).toHaveLength(64);
  expect(() => pointers(65, { __stack_pointer: 66576 })).toThrow(
    /^Cannot give 65 processors stacks: received 65536 bytes; expected 1024 or more for each/,
  );
  expect(() => pointers(2, { __stack_pointer: 9000 })).toThrow(
    "Cannot give 2 processors stacks: received one of unknown size; expected an exported __data_end",
  );
  expect(pointers(1, { __stack_pointer: 9000 })).toEqual([9000]);
});
