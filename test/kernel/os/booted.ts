import { loadProgram } from "#machines/files/program.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";
import type { BootOptions, BootRun } from "#machines/machines/simulated/privileged/boot-run.js";
import { withEveryInstruction } from "#machines/machines/simulated/processors/lacking-instructions.js";
import { loadOperatingSystem } from "#machines/program/operating-systems.js";
import { createProgram, type Program } from "#machines/program/program.js";
import { assemble } from "../../program/assemble.js";

/** A mistake that lets a kernel run for ever ends there. */
const CYCLES = 1e12;

/** The machines on which kernels boot. */
const ALL = PRESETS.filter(({ privileged }) => privileged !== undefined).map(({ name }) => name);
/** The first of them for software that reloads, then one that walks, then the others. */
export const MACHINES = [...new Set(["numachine", "opteron", ...ALL])];

export interface Booted extends BootRun {
  /** What the console has got. */
  readonly console: string;
}

/**
 * Boots a kernel that ships; with one processor, if the options do not say how many. Programs may execute every
 * read-modify-write, whatever the machine had.
 */
export async function boot(
  kernel: string,
  machine: string,
  images: readonly Program[],
  options: Partial<BootOptions> = {},
): Promise<Booted> {
  const written: Uint8Array[] = [];
  const run = await bootMachine(withEveryInstruction(descriptionOf(machine)), await loadOperatingSystem(kernel), {
    processors: 1,
    cycles: CYCLES,
    ...options,
    images,
    onConsole: (bytes) => void written.push(bytes.slice()),
  });
  return { ...run, console: new TextDecoder().decode(Buffer.concat(written)) };
}

export function descriptionOf(machine: string) {
  return PRESETS.find(({ name }) => name === machine)!;
}

/** A disk with so many blocks, for a machine. */
export function diskOf(machine: string, blocks: number): Uint8Array {
  return new Uint8Array(blocks * descriptionOf(machine).privileged!.page);
}

/** A program of programs/ in AssemblyScript, which the build has compiled. */
export function program(name: string): Promise<Program> {
  return loadProgram(new URL(`../../../packages/machines/dist/programs/${name}.wasm`, import.meta.url));
}

/** A program of a text. */
export function programOf(text: string, name = "program.wasm"): Program {
  return createProgram(name, assemble(text));
}
