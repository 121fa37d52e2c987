import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import { machineWith } from "./descriptions.js";
import { compileFile } from "./kernels.js";

const FOLDER = "test/machines/simulated/privileged";
/** As guest/log.ts has them. */
const LOG = 0x20000;
const COUNTS = 0x30000;

const kernel = await compileFile(`${FOLDER}/guest/kernel.ts`);
const program = await compileFile(`${FOLDER}/guest/program.ts`);

/** Bytes of the memory of a kernel that walks. */
const MEMORY = 2 ** 22;
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
] as const;
export type Walk = (typeof WALKS)[number];

export interface Walked {
  /** What the kernel noted. */
  readonly lines: readonly string[];
  /** Traps, by cause; misses only of pages without frames. */
  readonly causes: readonly number[];
  readonly console: string;
}

export const MACHINES = {
  "software reload": machineWith("numachine"),
  walking: machineWith("opteron", { spaces: 1, reload: { overhead: 35 } }),
};
export type MachineName = keyof typeof MACHINES;

/** Boots the kernel that walks, on the bare machine. */
export async function walkBare(walk: Walk, machine: MachineName, processors: number): Promise<Walked> {
  let console = "";
  const run = await bootMachine(MACHINES[machine], kernel, {
    processors,
    images: [program],
    arguments: String.fromCharCode(0x61 + WALKS.indexOf(walk)),
    memory: MEMORY,
    cycles: CYCLES,
    onConsole: (bytes) => {
      console += new TextDecoder().decode(bytes);
    },
    input: () => new TextEncoder().encode("typed"),
  });
  return { ...walkedIn(new Uint8Array(run.memory.buffer)), console };
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
