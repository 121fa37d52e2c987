import { type CallsEffort, evaluateCalls } from "../experiments/calls.js";
import type { Measurement } from "../experiments/measurement.js";
import type { NativeCallsEffort } from "../experiments/native-calls.js";
import { loadProgram } from "../files/program.js";
import type { MachineDescription } from "../machines/presets/description.js";
import { PRESETS } from "../machines/presets/index.js";
import { loadOperatingSystem } from "../program/operating-systems.js";
import { callTables, nativeCallTable } from "../report/calls.js";
import { formatTable } from "../report/table.js";
import { measureNativeCalls } from "./native-calls.js";
import { describeMachine, NATIVE } from "./open-machine.js";
import { checkWritable, outputWidth, writeWhole } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseProcessors, parseSeed, UsageError } from "./usage.js";

/** What `evaluate` names them by. */
export const CALLS = "calls";

/** Programs that ship. */
const PROGRAMS = new URL("../programs/", import.meta.url);
/** The one whose figures are published, and the one of protected procedure calls. */
const DEFAULT_MACHINES = "firefly-cvax,numachine";
/** Presets of machines that another preset has with a kernel mode. */
const WITH_KERNEL_MODE: Readonly<Record<string, string>> = { firefly: "firefly-cvax" };

const QUICK: CallsEffort = { few: 20, many: 60 };
const FULL: CallsEffort = { few: 100, many: 1000 };
const NATIVE_QUICK: NativeCallsEffort = { rounds: 31, milliseconds: 4 };
const NATIVE_FULL: NativeCallsEffort = { rounds: 101, milliseconds: 20 };

export interface CallsCommand {
  /** Absent: the machines of the papers. */
  readonly machine: string | undefined;
  readonly processors?: string;
  readonly full?: true;
  readonly json?: string;
  readonly seed: string;
}

/** `evaluate --only calls`: calls between protection domains, on machines with a kernel mode and on this computer. */
export async function evaluateCallsOf(command: CallsCommand): Promise<void> {
  const seed = parseSeed(command.seed);
  const names = namesOf(command.machine ?? DEFAULT_MACHINES);
  if (names.includes(NATIVE) && command.processors !== undefined) {
    throw new UsageError(
      `Cannot evaluate calls on ${NATIVE}: received --processors ${command.processors}; expected none, as a call takes one ` +
        "thread there, and a message two",
    );
  }
  const machines = await Promise.all(names.filter((name) => name !== NATIVE).map(open));
  const processors = processorsOf(command.processors, machines);
  const toFile = command.json !== undefined && command.json !== "-";
  const json = toFile ? await checkWritable("the measurements", command.json, false) : undefined;
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  const { signal } = interrupt;
  // Where the rows go to standard output, what is for people goes beside it.
  const say = command.json === "-" ? console.error : console.log;
  const rows: Measurement[] = [];
  try {
    if (machines.length > 0) {
      const [kernel, client, server] = await Promise.all([
        loadOperatingSystem("calls"),
        loadProgram(new URL("calls-client.wasm", PROGRAMS)),
        loadProgram(new URL("calls-server.wasm", PROGRAMS)),
      ]);
      const simulated = await evaluateCalls(machines, {
        ...{ kernel, client, server, seed, signal },
        effort: command.full ? FULL : QUICK,
        ...(processors && { processors }),
        progress: ({ done, total, machine, what }) => line.show(done, total, `${machine}: ${what}`),
      });
      line.clear();
      const megahertz = (name: string) => machines.find((machine) => machine.name === name)!.processor.megahertz;
      for (const table of callTables(simulated, megahertz)) say(`${formatTable(table, outputWidth())}\n`);
      rows.push(...simulated);
    }
    if (names.includes(NATIVE)) {
      const native = await measureNativeCalls({
        ...(command.full ? NATIVE_FULL : NATIVE_QUICK),
        ...{ seed, signal },
        progress: ({ done, total }) => line.show(done, total, `${NATIVE}: all ways of calling, in turn`),
      });
      line.clear();
      say(`${formatTable(nativeCallTable(native), outputWidth())}\n`);
      rows.push(...native);
    }
    const text = `${JSON.stringify(rows)}\n`;
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

function namesOf(list: string): string[] {
  const names = list.split(",").map((name) => WITH_KERNEL_MODE[name.trim()] ?? name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UsageError(`Cannot evaluate on "${list}": received ${twice} twice; expected each machine once`);
  }
  return names;
}

function processorsOf(
  list: string | undefined,
  machines: readonly MachineDescription[],
): readonly number[] | undefined {
  const [smallest] = machines
    .map(({ name, processor: { maximum } }) => ({ name, maximum }))
    .sort((a, b) => a.maximum - b.maximum);
  return list === undefined ? undefined : parseProcessors(list, smallest!);
}

async function open(name: string): Promise<MachineDescription> {
  const description = name === "this-computer" ? undefined : await describeMachine(name, [NATIVE]);
  if (description?.privileged !== undefined) return description;
  const bootable = PRESETS.filter(({ privileged }) => privileged !== undefined).map((preset) => preset.name);
  throw new UsageError(
    `Cannot evaluate calls on ${name}: received a machine without a kernel mode; expected one of ` +
      `${[...bootable, NATIVE].join(", ")}`,
  );
}
