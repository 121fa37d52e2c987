import { describe, expect, test } from "vitest";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { INSTRUCTIONS, type InstructionName } from "#machines/program/instructions.js";
import {
  CAUSE,
  type Cause,
  PRIVILEGED_INSTRUCTIONS,
  type PrivilegedInstruction,
  TRAP_INSTRUCTION,
} from "#machines/program/privileged.js";
import type { FunctionType } from "#machines/wasm/module.js";
import { machineWith } from "./descriptions.js";
import { compileKernel } from "./kernels.js";

const LOG = 0x20000;
const POOL = 0x100000;
/** Where the program stores a result. */
const RESULT = 0x3000;
/** What the kernel answers, and what it sets. */
const ANSWER = 4242;
const [NUMBER, COUNT] = [7, 9];
/** The words of a trap that are compared. */
const WORDS = 8;

/** Calls what the program exports, and notes each trap: which call, cause, number, eight words; and its own time and counts. */
const KERNEL = `
import {
  abandon, argument, call, create_instance, Cause, Command, io, set_processor, VALID, WRITABLE, write_translation,
} from "./privileged";
import { ExportInformation, ImageInformation, Information } from "./information";
import { clock, counter } from "./machine";

let next: usize = ${LOG};
let calls: u32 = 0;
let pageBytes: u32 = 0;

function note(word: u32): void {
  store<u32>(next, word);
  next += 4;
}

export function boot(address: u32): void {
  const information = changetype<Information>(address);
  pageBytes = information.pageBytes;
  set_processor(${NUMBER}, ${COUNT});
  const image = changetype<ImageInformation>(information.images + offsetof<ImageInformation>());
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
    if (one.kind) continue;
    store<f64>(${POOL + RESULT + 0x400} + 16 * calls, counter(1));
    call(create_instance(1, 0), one.index, 0, 0, 0, 0, 0, 0);
    store<f64>(${POOL + RESULT + 0x408} + 16 * calls, counter(1));
    calls++;
  }
  store<f64>(${POOL + RESULT + 0x800}, clock());
  io(0, Command.Write, calls, 0);
}

export function handle_trap(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  if (cause == Cause.TRANSLATION_MISS) {
    write_translation(0, number, number < 0x100000 ? (${POOL} + number * pageBytes) | VALID | WRITABLE : VALID);
    return 0;
  }
  note(calls + 1);
  note(cause);
  note(number);
  for (let i: u32 = 0; i < ${WORDS}; i++) note(argument(i));
  if (cause == Cause.FAULT) abandon(0);
  return ${ANSWER};
}

export function handle_interrupt(number: u32, word: u32): void {}
`;

/** The instructions of WebAssembly that are the kernel's affair, as functions of the program. */
const OWN = ["memory_size", "memory_grow", "memory_wait", "memory_notify"] as const;
type Name = InstructionName | "trap" | PrivilegedInstruction | (typeof OWN)[number];

const imports: Readonly<Record<string, FunctionType>> = {
  ...INSTRUCTIONS,
  ...TRAP_INSTRUCTION,
  ...PRIVILEGED_INSTRUCTIONS,
};
const names = [...Object.keys(imports), ...OWN] as Name[];

/** A function for each import, which gives it 11, 12, ... and stores what it answers. */
function programText(): string {
  const functions = Object.entries(imports).map(([name, { parameters, results }], i) => {
    const given = parameters.map((_, at) => `p${at}: i32`).join(", ");
    // A counter that there is.
    const words = name === "counter" ? "1" : parameters.map((_, at) => 11 + at).join(", ");
    const stored = results.length === 0 ? `${name}(${words})` : stores(i, `${name}(${words})`);
    return `@external("machine", "${name}") declare function ${name}(${given}): ${results[0] ?? "void"};
      export function call_${name}(): void { ${stored}; }`;
  });
  const own = ["memory.size()", "memory.grow(11)", "atomic.wait<i32>(0x3f00, 12, 13)", "atomic.notify(0x3f00, 11)"];
  return [
    ...functions,
    ...own.map((text, i) => `export function call_${OWN[i]}(): void { ${stores(functions.length + i, text)}; }`),
  ].join("\n");
}

function stores(call: number, value: string): string {
  return `store<f64>(${RESULT + 8 * call}, <f64>${value})`;
}

interface Trap {
  readonly cause: Cause;
  readonly number: number;
  readonly words: readonly number[];
}

interface Observed {
  readonly traps: readonly Trap[];
  /** What the program was answered; 0 for nothing. */
  readonly result: number;
}

interface Expected {
  readonly traps: readonly Trap[];
  readonly result: unknown;
}

const trap = (cause: Cause, number: number, ...words: number[]): Trap => ({
  cause,
  number,
  words: [...words, ...new Array<number>(WORDS - words.length).fill(0)],
});
/** The kernel is not entered. */
const answers = (result: unknown): Expected => ({ traps: [], result });
/** The kernel is entered, and its answer is the program's. */
const traps = (cause: Cause, number: number, ...words: number[]): Expected => ({
  traps: [trap(cause, number, ...words)],
  result: ANSWER,
});
const faults = (number: number, ...words: number[]): Expected => ({
  traps: [trap("FAULT", number, ...words)],
  result: 0,
});
const privileged = (name: PrivilegedInstruction): Expected => {
  const { parameters, results } = PRIVILEGED_INSTRUCTIONS[name];
  const trapped = trap(
    "PRIVILEGED",
    Object.keys(PRIVILEGED_INSTRUCTIONS).indexOf(name),
    ...parameters.map((_, i) => 11 + i),
  );
  return { traps: [trapped], result: results.length === 0 ? 0 : ANSWER };
};

/** One row for every import of the module machine: the compiler asks for those of a new one. */
const EXPECTED: Readonly<Record<Exclude<Name, PrivilegedInstruction>, Expected>> = {
  processor: answers(NUMBER),
  processors: answers(COUNT),
  pause: answers(0),
  work: answers(0),
  // Real time, and what hardware counts: below.
  clock: answers(expect.any(Number)),
  counter: answers(expect.any(Number)),
  mark: answers(0),
  invoke: answers(0),
  result: answers(0),
  fail: faults(0, 11),
  send: faults(1, 11, 12),
  receive: faults(1, 11),
  trap: traps("SYSTEM_CALL", 11, 12, 13, 14, 15),
  memory_size: traps("SIZE", 0),
  memory_grow: traps("GROW", 11),
  // An i64 as two words, each.
  memory_wait: traps("WAIT", 4, 0x3f00, 12, 0, 13, 0),
  memory_notify: traps("NOTIFY", 11, 0x3f00),
};

const kernel = await compileKernel(KERNEL);
const program = await compileKernel(programText());
const run = await bootMachine(machineWith("numachine"), kernel, { processors: 1, images: [program], cycles: 1e6 });
const view = new DataView(run.memory.buffer);
const result = (call: number) => view.getFloat64(POOL + RESULT + 8 * call, true);

function observed(call: number): Observed {
  const found: Trap[] = [];
  const bytes = 4 * (3 + WORDS);
  for (let at = LOG; view.getUint32(at, true) !== 0; at += bytes) {
    if (view.getUint32(at, true) !== call + 1) continue;
    const [cause = 0, number = 0, ...words] = Array.from({ length: 2 + WORDS }, (_, i) =>
      view.getInt32(at + 4 + 4 * i, true),
    );
    found.push({ cause: Object.keys(CAUSE)[cause] as Cause, number, words });
  }
  return { traps: found, result: result(call) };
}

describe("A program in user mode", () => {
  test("has called every instruction", () => {
    expect(run.status).toBe(names.length);
  });

  test.each(names)("is not told that it is there: %s", (name) => {
    const expected =
      name in PRIVILEGED_INSTRUCTIONS
        ? privileged(name as PrivilegedInstruction)
        : EXPECTED[name as keyof typeof EXPECTED];
    expect(observed(names.indexOf(name))).toEqual(expected);
  });

  test("has the time, and the hardware's counts, that its kernel has", () => {
    const time = result(names.indexOf("clock"));
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThan(view.getFloat64(POOL + RESULT + 0x800, true));
    const call = names.indexOf("counter");
    const [before, after] = [0x400, 0x408].map((at) => view.getFloat64(POOL + RESULT + at + 16 * call, true));
    expect(result(call)).toBeGreaterThanOrEqual(before!);
    expect(result(call)).toBeLessThanOrEqual(after!);
  });
});

describe("bootMachine", () => {
  test("refuses an import whose words a trap does not hold", async () => {
    const wide = await compileKernel(`
      @external("others", "ask") declare function ask(${Array.from({ length: 17 }, (_, i) => `p${i}: i64`).join(", ")}): void;
      export function asks(): void { ask(${new Array(17).fill("1").join(", ")}); }
    `);
    await expect(bootMachine(machineWith("numachine"), kernel, { processors: 1, images: [wide] })).rejects.toThrow(
      "received an import of others.ask with parameters of 34 words; expected up to 32",
    );
  });
});
