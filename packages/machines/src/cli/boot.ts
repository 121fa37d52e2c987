import { readdir, stat } from "node:fs/promises";
import type { Command } from "commander";
import { archiveFolder } from "../files/archive.js";
import { loadProgram } from "../files/program.js";
import type { MachineDescription } from "../machines/presets/description.js";
import { PRESETS } from "../machines/presets/index.js";
import { THIS_COMPUTER } from "../machines/presets/this-computer.js";
import { bootMachine, checkBootable } from "../machines/simulated/privileged/boot.js";
import type { BootRun, ProgramFault } from "../machines/simulated/privileged/boot-run.js";
import { loadOperatingSystem, OPERATING_SYSTEMS } from "../program/operating-systems.js";
import type { Program } from "../program/program.js";
import { bootTables } from "../report/boot.js";
import { formatTable, formatTime } from "../report/table.js";
import { describeMachine } from "./open-machine.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseCount, parseSeed, parseWhole, UsageError } from "./usage.js";

/** Programs that ship. */
const PROGRAMS = new URL("../programs/", import.meta.url);

const MEBIBYTE = 2 ** 20;
/** MiB of physical memory: all addresses are positive numbers of 32 bits. */
const MOST_MEMORY = 2047;
/** MiB of an empty disk. */
const MOST_DISK = 1024;
const NEWLINE = 10;
/** Faults of programs that are printed, the first ones. */
const SHOWN_FAULTS = 20;

interface Options {
  readonly image?: readonly string[];
  readonly machine: string;
  readonly processors: string;
  readonly disk?: string;
  readonly emptyDisk?: string;
  readonly arguments?: string;
  readonly memory: string;
  readonly cycles?: string;
  readonly seed: string;
  readonly json?: true;
}

export function addBoot(program: Command): void {
  program
    .command("boot")
    .description(
      "boot a kernel on a simulated machine with programs as its images, and measure it; ends with the kernel's status",
    )
    .argument("<KERNEL>", `${OPERATING_SYSTEMS.join(", ")}, or the file of another kernel`)
    .option(
      "--image <PROGRAM.wasm...>",
      "the modules that the kernel may run, or names of programs that ship, as hello",
    )
    .option("--machine <NAME>", `${bootable().join(", ")}, or a .json file with a privileged part`, "numachine")
    .option("--processors <N>", "how many", "1")
    .option("--disk <FOLDER>", "what disk 1 holds, as an archive in the format ustar; what is written there is lost")
    .option("--empty-disk <MIB>", "MiB of a disk more, empty: what a kernel can keep pages on")
    .option("--arguments <TEXT>", "what the kernel is told; each kernel says what it takes")
    .option("--memory <MIB>", "MiB of physical memory", "16")
    .option("--cycles <N>", "the most cycles; then says where each processor was")
    .option("--seed <N>", "seed of the machine's own choices", "1")
    .option("--json", "print console and measurements for programs")
    .action(boot);
}

async function boot(name: string, options: Options): Promise<void> {
  const seed = parseSeed(options.seed);
  const cycles = options.cycles === undefined ? undefined : parseWhole("--cycles", options.cycles, 1, 1e15);
  const memory = MEBIBYTE * parseWhole("--memory", options.memory, 1, MOST_MEMORY);
  const { description, page } = await openBootable(options.machine);
  const processors = parseCount(options.processors, {
    name: description.name,
    maximum: description.processor.maximum,
  });
  const kernel = await openKernel(name);
  const images = await Promise.all((options.image ?? []).map(openImage));
  asUsage(() => checkBootable(kernel, images));
  const { emptyDisk } = options;
  const empty = emptyDisk === undefined ? 0 : MEBIBYTE * parseWhole("--empty-disk", emptyDisk, 1, MOST_DISK);
  const disks = [
    ...(options.disk === undefined ? [] : [await openDisk(options.disk, page)]),
    ...(empty === 0 ? [] : [new Uint8Array(empty)]),
  ];
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const output = new Output(options.json === true);
  const faults: ProgramFault[] = [];
  const about = { kernel: name, images: images.map((image) => image.name), machine: description.name };
  try {
    const run = await bootMachine(description, kernel, {
      processors,
      images,
      memory,
      arguments: options.arguments ?? "",
      disks,
      onConsole: (bytes) => output.write(bytes),
      onFault: (fault) => faults.push(fault),
      seed,
      ...(cycles !== undefined && { cycles }),
      signal: interrupt.signal,
      progress: (cycle) => output.progress(cycle, cycles),
    });
    output.finish();
    process.exitCode = exitCodeOf(run.status);
    if (options.json)
      console.log(JSON.stringify({ ...about, unit: "cycles", ...rowsOf(run), faults, console: output.text }));
    else print(name, description, run, faults);
  } catch (error) {
    output.finish();
    // Memory that the kernel cannot have, and data out of an image's, are what was typed.
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!(error instanceof Error) || error instanceof Interrupted) throw error;
    if (options.json) console.log(JSON.stringify({ ...about, error: error.message, faults, console: output.text }));
    else for (const line of faultLines(faults)) console.error(line);
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

/** The console on standard output, or kept for `--json`; and the progress below it. */
class Output {
  readonly #keeps: boolean;
  readonly #line = new ProgressLine();
  readonly #kept: Uint8Array[] = [];
  #endsLine = true;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  write(bytes: Uint8Array): void {
    if (this.#keeps) {
      this.#kept.push(bytes);
      return;
    }
    if (this.#endsLine) this.#line.clear();
    process.stdout.write(Buffer.from(bytes));
    this.#endsLine = bytes.at(-1) === NEWLINE;
  }

  /** Not in a line that the console has begun. */
  progress(cycle: number, cycles: number | undefined): void {
    if (!this.#endsLine) return;
    if (cycles === undefined) this.#line.showSoFar(`${cycle} cycles`);
    else this.#line.show(cycle, cycles, "cycles");
  }

  /** What comes next begins a line. */
  finish(): void {
    if (this.#endsLine) this.#line.clear();
    else process.stdout.write("\n");
    this.#endsLine = true;
  }

  /** What the console has written so far. */
  get text(): string {
    return Buffer.concat(this.#kept).toString();
  }
}

/** What made the kernel abandon programs. */
function faultLines(faults: readonly ProgramFault[]): string[] {
  const lines = faults
    .slice(0, SHOWN_FAULTS)
    .map(({ processor, at, cause, place }) => `Fault at cycle ${at} of processor ${processor}: ${cause}, ${place}`);
  const left = faults.length - SHOWN_FAULTS;
  return left > 0 ? [...lines, `and ${left} faults more: with --json`] : lines;
}

function print(kernel: string, description: MachineDescription, run: BootRun, faults: readonly ProgramFault[]): void {
  const { elapsed, status, processors } = run;
  const time = formatTime((elapsed * 1000) / description.processor.megahertz);
  const count = processors.length === 1 ? "1 processor" : `${processors.length} processors`;
  console.log(`\n${kernel} on ${description.name}, ${count}: ${elapsed} cycles, ${time}; status ${status}\n`);
  for (const line of faultLines(faults)) console.log(`${line}\n`);
  for (const table of bootTables(description.name, run)) console.log(`${formatTable(table, outputWidth())}\n`);
}

function rowsOf({ status, elapsed, processors, devices, links }: BootRun) {
  return { status, elapsed, processors, devices, links };
}

/** Processes end with 8 bits: a status that has others alone is a failure, too. */
function exitCodeOf(status: number): number {
  return status === 0 ? 0 : status & 0xff || 1;
}

/** The names of the machines that kernels boot on. */
function bootable(): string[] {
  return PRESETS.filter(({ privileged }) => privileged !== undefined).map(({ name }) => name);
}

async function openBootable(name: string): Promise<{ description: MachineDescription; page: number }> {
  // This computer's model, which takes a second to make, has no such part either.
  const description = ["native", THIS_COMPUTER].includes(name) ? undefined : await describeMachine(name);
  if (description?.privileged !== undefined) return { description, page: description.privileged.page };
  throw new UsageError(
    `Cannot boot on ${name}: received a machine without a kernel mode; expected one of ${bootable().join(", ")}`,
  );
}

async function openKernel(name: string): Promise<Program> {
  if (OPERATING_SYSTEMS.includes(name)) return loadOperatingSystem(name);
  if (await isFile(name)) return openModule(name);
  throw new UsageError(
    `Cannot boot ${name}: received neither the name of a kernel nor a file; expected ${OPERATING_SYSTEMS.join(", ")}, or ` +
      "the file of another one",
  );
}

async function openImage(name: string): Promise<Program> {
  // What looks like a file's name is one.
  if (/[./\\]/.test(name) || (await isFile(name))) return openModule(name);
  const shipped = (await readdir(PROGRAMS)).filter((file) => file.endsWith(".wasm")).sort();
  if (shipped.includes(`${name}.wasm`)) return openModule(new URL(`${name}.wasm`, PROGRAMS));
  throw new UsageError(
    `Cannot boot with --image ${name}: received neither a file nor the name of a program that ships; expected ` +
      `${shipped.map((file) => file.replace(".wasm", "")).join(", ")}, or a file`,
  );
}

async function isFile(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function openModule(file: string | URL): Promise<Program> {
  return loadProgram(file).catch((error: Error) => {
    throw new UsageError(error.message);
  });
}

async function openDisk(folder: string, page: number): Promise<Uint8Array> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`Cannot read --disk: received "${folder}"; expected a folder`);
  return archiveFolder(folder, page).catch((error: Error) => {
    throw new UsageError(error.message);
  });
}

/** What goes wrong is what was typed. */
function asUsage(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
