import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { describe, expect, test } from "vitest";
import { check } from "#machines/machines/checked/index.js";
import { createProgram, type Program } from "#machines/program/program.js";

const kernel = new URL("../../../kernel/", import.meta.url);
const SCHEDULER = "os/minimal/scheduler.ts";

/**
 * What the scheduler needs of a privileged machine, in atomics: a context is a process, and to switch to it is all that it
 * does in one turn. Nobody else may execute it meanwhile. A processor sleeps until an interrupt is pending.
 */
const MACHINE = `
import { fetch_and_increment, read, test_and_set, write } from "../atomics";
import { fail, processor, processors } from "../machine";
import { Process, State } from "../os/minimal/process";

const PENDING: usize = 0x8000;
const EXECUTED: usize = 0x9000;
export const TURNS: usize = 0xa000;
const ENDED: usize = 0xb000;
export const INFORMATION: usize = 0xc000;
/** Processes that there are; and whether each waits in its turn until all have begun one. */
export const COUNT: usize = 0xd000;
export const MEET: usize = 0xd004;
const MET: usize = 0xe000;

export function context(): u32 { return 1; }
export function set_space(space: u32, root: u32): void {}
export function drop_translations(space: u32): void {}
export function set_timer(cycles: u32): void {}
export function io(device: u32, command: u32, a: u32, b: u32): u32 { return 0; }

export function switch_to(context: u32): void {
  const process = changetype<Process>(context);
  if (test_and_set(EXECUTED + 128 * process.number)) fail(1);
  if (load<u32>(MEET) != 0) {
    fetch_and_increment(MET);
    atomic.notify(MET);
    for (let met = read(MET); met < load<u32>(COUNT); met = read(MET)) atomic.wait<u32>(MET, met, -1);
  }
  const turns = TURNS + 128 * process.number;
  store<u32>(turns, load<u32>(turns) - 1);
  process.state = load<u32>(turns) > 0 ? State.Ready : State.Ended;
  write(EXECUTED + 128 * process.number, 0);
}

export function interrupt(to: u32, number: u32): void {
  write(PENDING + 128 * to, 1);
  atomic.notify(PENDING + 128 * to, 1);
}

export function idle(): void {
  while (read(PENDING + 128 * processor()) == 0) atomic.wait<u32>(PENDING + 128 * processor(), 0, -1);
}

export function enable_interrupts(on: bool): bool {
  if (on) write(PENDING + 128 * processor(), 0);
  return false;
}

/** Its context, of a process that has ended; and its instance, 0. */
export function release(number: u32): void {
  if (number == 0) return;
  if (fetch_and_increment(ENDED) + 1 == load<u32>(COUNT)) for (let p: u32 = 0; p < processors(); p++) interrupt(p, 2);
}

export function over(): bool { return read(ENDED) == load<u32>(COUNT); }
`;

const HARNESS = `
import { Information } from "./information";
import { processor, processors } from "./machine";
import { beginMemory } from "./vm/physical";
import { processOf, reserveProcesses } from "./os/minimal/process";
import { makeReady, reserveQueue, schedule } from "./os/minimal/scheduler";
import { COUNT, INFORMATION, MEET, TURNS } from "./privileged/machine";

export function init(count: u32, meet: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = count + 1;
  information.spaces = 64;
  store<u32>(COUNT, count);
  store<u32>(MEET, meet);
}

/** As boot: the first processor makes the processes, whatever the others do. */
export function run(count: u32, turns: u32): void {
  beginMemory(<u32>INFORMATION);
  reserveQueue();
  if (processor() == 0) {
    reserveProcesses();
    for (let number: u32 = 1; number <= count; number++) {
      const process = processOf(number);
      process.number = number;
      process.context = changetype<u32>(process);
      store<u32>(TURNS + 128 * number, turns);
      makeReady(process);
    }
  }
  schedule();
}
`;

/** The scheduler as it is, or with a bug, and a machine that the checked machine can execute. */
async function compile(bug?: { readonly from: string; readonly to: string }): Promise<Program> {
  const text = readFileSync(new URL(SCHEDULER, kernel), "utf8");
  const parts = text.split("while (true) {");
  expect(parts).toHaveLength(2);
  let scheduler = `import { over } from "../../privileged/machine";\n${parts.join("while (!over()) {")}`;
  if (bug !== undefined) {
    expect(scheduler.split(bug.from)).toHaveLength(2);
    scheduler = scheduler.replace(bug.from, () => bug.to);
  }
  const generated: Record<string, string> = {
    "harness.ts": HARNESS,
    "privileged/machine.ts": MACHINE,
    [SCHEDULER]: scheduler,
  };
  let bytes: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      ...["harness.ts", "-o", "harness.wasm", "-O3", "--noAssert", "--runtime", "stub", "--debug"],
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "1", "--enable", "threads"],
    ],
    {
      stderr,
      readFile: (name) => {
        if (name in generated) return generated[name]!;
        try {
          return readFileSync(new URL(name, kernel), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name === "harness.wasm") bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || bytes === undefined) throw new Error(stderr.toString(), { cause: error });
  return createProgram("harness.wasm", new Uint8Array(bytes));
}

const explore = (program: Program, processors: number, count: number, turns: number, meet = 0) =>
  check(program, {
    processors,
    entries: "run",
    arguments: [count, turns],
    init: { entry: "init", arguments: [count, meet] },
    mode: "states",
  });

describe("The minimal kernel's scheduler, in every order of its processors' steps,", async () => {
  const right = await compile();

  test.each([
    [2, 1, 2],
    [2, 2, 2],
    [3, 1, 1],
    [3, 2, 1],
  ])(
    "with %d processors and %d processes of %d turns: each is executed by one at a time, and ends",
    async (...load) => {
      const { violation, states } = await explore(right, ...load);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(10);
    },
  );

  test.each([
    [2, 2],
    [3, 2],
  ])(
    "with %d processors: %d processes that wait for each other meet, since no wakeup is lost",
    async (processors, count) => {
      const { violation } = await explore(right, processors, count, 1, 1);
      expect(violation).toBeUndefined();
    },
  );

  test.each([
    {
      bug: "a process in the queue while it is executed",
      found: "race",
      from: "    execute(process);\n    if (process.state == State.Ready) makeReady(process);\n    else if",
      to: "    makeReady(process);\n    execute(process);\n    if",
      load: [2, 1, 2],
    },
    {
      bug: "a queue that is read without its lock",
      found: "race",
      from: "function takeReady(): Process | null {\n  lock.acquire(changetype<usize>(queue), 0);",
      to: "function takeReady(): Process | null {",
      load: [2, 1, 2],
    },
    {
      bug: "a queue whose last one is not there any more",
      found: "deadlock",
      from: "    if (process.next === null) queue.last = null;\n",
      to: "",
      load: [2, 1, 2],
    },
    {
      bug: "an idle processor that nobody wakes",
      found: "deadlock",
      from: "  if (sleeper != processor()) interrupt(sleeper, WAKE);\n",
      to: "",
      load: [2, 2, 1, 1],
    },
    {
      bug: "a processor that is idle before it says so",
      found: "deadlock",
      from: "  store<u32>(idleOnes + 4 * processor(), process === null ? 1 : 0);\n  lock.release(changetype<usize>(queue), 0);",
      to: "  lock.release(changetype<usize>(queue), 0);\n  lock.acquire(changetype<usize>(queue), 0);\n  store<u32>(idleOnes + 4 * processor(), process === null ? 1 : 0);\n  lock.release(changetype<usize>(queue), 0);",
      load: [2, 2, 1, 1],
    },
  ] as const)("finds $bug", async ({ from, to, load, found }) => {
    const [processors, count, turns, meet = 0] = load as readonly number[];
    const { violation } = await explore(await compile({ from, to }), processors!, count!, turns!, meet);
    expect(violation?.kind).toBe(found);
  });
});
