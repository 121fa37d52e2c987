import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { CAUSE, PRIVILEGED_INSTRUCTIONS } from "#machines/program/privileged.js";
import type { Program } from "#machines/program/program.js";
import { machineWith } from "./descriptions.js";
import { compileFile } from "./kernels.js";
import { guestIn, monitor } from "./monitor.js";

const FOLDER = "test/machines/simulated/privileged";
/** As guest/log.ts has them. */
const LOG = 0x20000;
const COUNTS = 0x30000;

const kernel = await compileFile(`${FOLDER}/guest/kernel.ts`);
const program = await compileFile(`${FOLDER}/guest/program.ts`);

/** Bytes of the memory of a kernel that walks. */
const MEMORY = 2 ** 22;
/** As monitor/memory.ts has them. */
const TRACE = 0x50000;
const PAGE = 4096;
/** As monitor/trace.ts has them, as text. */
const NOTED: readonly ((value: number) => string)[] = [
  (instruction) => Object.keys(PRIVILEGED_INSTRUCTIONS)[instruction]!,
  (cause) => Object.keys(CAUSE)[cause]!,
  (number) => `interrupt ${number}`,
  () => "unwound",
  (result) => `call ended: ${result}`,
  (processor) => `moved to ${processor}`,
  (page) => `shadowed ${page < 2 ** 32 / PAGE ? page : "code"}`,
];
/** More than any walk takes, of which the disk takes the most. */
const CYCLES = 100_000_000;

/** The walks that guest/walks.ts has, in its order. */
export const WALKS = [
  "system call",
  "miss",
  "context switch",
  "travel",
  "interrupts",
  "abandon",
  "fork",
  "call-aborted",
  "devices",
  "global",
] as const;
export type Walk = (typeof WALKS)[number];

export interface Walked {
  /** What the kernel noted. */
  readonly lines: readonly string[];
  /** Traps, by cause; misses only of pages without frames. */
  readonly causes: readonly number[];
  readonly console: string;
}

export interface WalkedAsGuest extends Walked {
  /** What each monitor did, the outermost first: instructions that it emulated, causes that it reflected, and what NOTED has. */
  readonly traces: readonly (readonly string[])[];
}

export const MACHINES = {
  "software reload": machineWith("numachine"),
  walking: machineWith("opteron", { spaces: 1, reload: { overhead: 35 } }),
  "a mapped kernel": machineWith("numachine", { mappedKernel: { miss: 11 } }),
};
export type MachineName = keyof typeof MACHINES;

/** Boots the kernel that walks, on the bare machine. */
export async function walkBare(walk: Walk, machine: MachineName, processors: number): Promise<Walked> {
  const { memory, console } = await boot(kernel, [program], MEMORY, walk, machine, processors);
  return { ...walkedIn(memory), console };
}

/** The same bytes as the guest of a monitor, which may be the guest of another one, and so on. */
export async function walkAsGuest(
  walk: Walk,
  machine: MachineName,
  processors: number,
  monitors: readonly Program[] = [monitor],
): Promise<WalkedAsGuest> {
  const [first, ...images] = [...monitors, kernel, program];
  const bytes = MEMORY * 4 ** monitors.length;
  const booted = await boot(first!, images, bytes, walk, machine, processors);
  const traces: string[][] = [];
  let { memory } = booted;
  for (let i = 0; i < monitors.length; i++) {
    traces.push(traceIn(memory));
    memory = guestIn(memory, PAGE);
  }
  return { ...walkedIn(memory), console: booted.console, traces };
}

async function boot(
  booted: Program,
  images: readonly Program[],
  memory: number,
  walk: Walk,
  machine: MachineName,
  processors: number,
): Promise<{ memory: Uint8Array; console: string }> {
  let console = "";
  const run = await bootMachine(MACHINES[machine], booted, {
    processors,
    images,
    arguments: String.fromCharCode(0x61 + WALKS.indexOf(walk)),
    memory,
    cycles: CYCLES,
    onConsole: (bytes) => {
      console += new TextDecoder().decode(bytes);
    },
    input: () => new TextEncoder().encode("typed"),
  });
  return { memory: new Uint8Array(run.memory.buffer), console };
}

function traceIn(memory: Uint8Array): string[] {
  const view = new DataView(memory.buffer, memory.byteOffset);
  return Array.from({ length: view.getUint32(TRACE, true) }, (_, i) => {
    const noted = NOTED[view.getUint32(TRACE + 8 + 8 * i, true)]!;
    return noted(view.getUint32(TRACE + 12 + 8 * i, true));
  });
}

/** What the kernel has left in its memory. */
function walkedIn(bytes: Uint8Array): Omit<Walked, "console"> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const text = new TextDecoder().decode(bytes.slice(LOG + 4, LOG + 4 + view.getUint32(LOG, true)));
  return {
    lines: text.split("\n").slice(0, -1),
    causes: Array.from({ length: 9 }, (_, cause) => view.getUint32(COUNTS + 4 * cause, true)),
  };
}
