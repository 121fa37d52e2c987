import { type CallsEffort, evaluateCalls } from "../experiments/calls.js";
import { loadProgram } from "../files/program.js";
import type { MachineDescription } from "../machines/presets/description.js";
import { PRESETS } from "../machines/presets/index.js";
import { loadOperatingSystem } from "../program/operating-systems.js";
import { callTables } from "../report/calls.js";
import { formatTable } from "../report/table.js";
import { describeMachine } from "./open-machine.js";
import { checkWritable, outputWidth, writeWhole } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseProcessors, parseSeed, UsageError } from "./usage.js";

/** What `evaluate` names them by. */
export const CALLS = "calls";

/** Programs that ship. */
const PROGRAMS = new URL("../programs/", import.meta.url);
/** The one whose figures are published, and the one of protected procedure calls. */
const DEFAULT_MACHINES = "firefly-cvax,numachine";

const QUICK: CallsEffort = { few: 20, many: 60 };
const FULL: CallsEffort = { few: 100, many: 1000 };

export interface CallsCommand {
  /** Absent: the machines of the papers. */
  readonly machine: string | undefined;
  readonly processors?: string;
  readonly full?: true;
  readonly json?: string;
  readonly seed: string;
}

/** `evaluate --only calls`: calls between protection domains, on machines with a kernel mode. */
export async function evaluateCallsOf(command: CallsCommand): Promise<void> {
  const seed = parseSeed(command.seed);
  const machines = await Promise.all((command.machine ?? DEFAULT_MACHINES).split(",").map((name) => open(name.trim())));
  const [smallest] = machines
    .map(({ name, processor: { maximum } }) => ({ name, maximum }))
    .sort((a, b) => a.maximum - b.maximum);
  const processors = command.processors === undefined ? undefined : parseProcessors(command.processors, smallest!);
  const toFile = command.json !== undefined && command.json !== "-";
  const json = toFile ? await checkWritable("the measurements", command.json, false) : undefined;
  const [kernel, client, server] = await Promise.all([
    loadOperatingSystem("calls"),
    loadProgram(new URL("calls-client.wasm", PROGRAMS)),
    loadProgram(new URL("calls-server.wasm", PROGRAMS)),
  ]);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  try {
    const rows = await evaluateCalls(machines, {
      kernel,
      client,
      server,
      effort: command.full ? FULL : QUICK,
      seed,
      ...(processors && { processors }),
      signal: interrupt.signal,
      progress: ({ done, total, machine, what }) => line.show(done, total, `${machine}: ${what}`),
    });
    line.clear();
    const text = `${JSON.stringify(rows)}\n`;
    // Where the rows go to standard output, what is for people goes beside it.
    const say = command.json === "-" ? console.error : console.log;
    const megahertz = (name: string) => machines.find((machine) => machine.name === name)!.processor.megahertz;
    for (const table of callTables(rows, megahertz)) say(`${formatTable(table, outputWidth())}\n`);
    if (command.json === "-") process.stdout.write(text);
    if (json !== undefined) {
      await writeWhole(json, text);
      say(`Measurements: ${json}`);
    }
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

async function open(name: string): Promise<MachineDescription> {
  const description = ["native", "this-computer"].includes(name) ? undefined : await describeMachine(name);
  if (description?.privileged !== undefined) return description;
  const bootable = PRESETS.filter(({ privileged }) => privileged !== undefined).map((preset) => preset.name);
  throw new UsageError(
    `Cannot evaluate calls on ${name}: received a machine without a kernel mode; expected one of ${bootable.join(", ")}`,
  );
}
