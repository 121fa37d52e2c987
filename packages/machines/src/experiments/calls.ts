/**
 * Calls between protection domains, by mechanism, as kernel/os/calls makes them on a simulated machine: what one call takes,
 * and how many get through from several processors. Two runs of different lengths give what a call takes once everything is
 * in caches and translated.
 */
import { host } from "#host";
import type { MachineDescription } from "../machines/presets/description.js";
import { bootMachine } from "../machines/simulated/privileged/boot.js";
import type { BootProcessorMeasures, BootRun } from "../machines/simulated/privileged/boot-run.js";
import type { Program } from "../program/program.js";
import { type Measurement, type Metric, type Of, rate, unitOf } from "./measurement.js";

/** The procedures, by their numbers in kernel/calls/procedures.ts. */
export const PROCEDURES = ["Null", "Add", "BigIn", "BigInOut"] as const;

export interface CallMechanism {
  readonly name: string;
  /** What the kernel is told. */
  readonly arguments: string;
  /** Processors that one client's calls need. */
  readonly processors: number;
  /** How many of the procedures its client calls, the first ones. */
  readonly procedures: number;
}

export const MECHANISMS = [
  { name: "message", arguments: "mechanism=message", processors: 1, procedures: 4 },
  { name: "message, one lock", arguments: "mechanism=message lock=1", processors: 1, procedures: 4 },
  { name: "lrpc", arguments: "mechanism=lrpc", processors: 1, procedures: 4 },
  { name: "lrpc, caching", arguments: "mechanism=lrpc caching=1", processors: 2, procedures: 4 },
  { name: "ppc", arguments: "mechanism=ppc", processors: 1, procedures: 4 },
  { name: "remote ppc", arguments: "mechanism=ppc client=remote", processors: 2, procedures: 2 },
] as const satisfies readonly CallMechanism[];

/** How many calls the shorter and the longer run make. */
export interface CallsEffort {
  readonly few: number;
  readonly many: number;
}

/** What is booted, and how long. */
export interface CallsSettings {
  readonly kernel: Program;
  readonly client: Program;
  readonly server: Program;
  readonly effort: CallsEffort;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface CallsOptions extends CallsSettings {
  /** Numbers of processors, each with a client; 1, 2, ... doubled up to the machine's most, if not given. */
  readonly processors?: readonly number[];
  /** Called before each step. */
  readonly progress?: (step: { done: number; total: number; machine: string; what: string }) => void;
}

/** A run or a call, in numbers that grow with its calls. */
export type Totals = Readonly<Record<(typeof COUNTED)[number], number>> & { readonly copies: number };

const COUNTED = [
  "callCycles",
  "traps",
  "switches",
  "interrupts",
  "translationMisses",
  "kernelInstructions",
  "userInstructions",
] as const satisfies readonly Metric[];

/** The phases of a call, by the marks with which they begin; the last one ends with the client's stub. */
const PHASES: readonly (readonly [event: string, value: number | undefined, phase: string])[] = [
  ["ClientBegins", undefined, "client's stub"],
  ["KernelEntered", 0, "kernel, to the server"],
  ["ServerBegins", undefined, "server's stub and procedure"],
  ["ServerEnds", undefined, "back into the kernel"],
  ["KernelEntered", 1, "kernel, to the client"],
];

/**
 * Measures all mechanisms on machines with a kernel mode.
 *
 * @throws {UnavailableError} if a machine has none
 * @throws {Error} if an answer was wrong
 */
export async function evaluateCalls(
  machines: readonly MachineDescription[],
  options: CallsOptions,
): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  const steps = machines.flatMap((machine) =>
    [
      ...MECHANISMS.flatMap((mechanism) =>
        PROCEDURES.slice(0, mechanism.procedures).map((procedure, number) => ({
          what: `${mechanism.name}, ${procedure}`,
          measure: () => measureOne(machine, mechanism, number, options, rows),
        })),
      ),
      ...MECHANISMS.filter(({ processors }) => processors === 1).flatMap((mechanism) =>
        countsOf(machine, options).map((processors) => ({
          what: `${mechanism.name}, P=${processors}`,
          measure: () => measureThroughput(machine, mechanism, processors, options, rows),
        })),
      ),
    ].map((step) => ({ ...step, machine: machine.name })),
  );
  for (const [done, { machine, what, measure }] of steps.entries()) {
    options.progress?.({ done, total: steps.length, machine, what });
    await measure();
  }
  return rows;
}

/** 1, 2, 4 ... and the most, if no others are asked for. */
function countsOf(machine: MachineDescription, { processors }: CallsOptions): readonly number[] {
  const { maximum } = machine.processor;
  if (processors !== undefined) return processors;
  const most = Math.min(maximum, MOST_CLIENTS);
  return [1, 2, 4, 8, 16].filter((count) => count <= most);
}

/** The client's program has room for so many, and the quick look for no more. */
const MOST_CLIENTS = 16;

async function measureOne(
  machine: MachineDescription,
  mechanism: CallMechanism,
  procedure: number,
  options: CallsOptions,
  rows: Measurement[],
): Promise<void> {
  const { totals, phases } = await measureCall(machine, mechanism, procedure, options);
  const add = adder(machine, mechanism, mechanism.processors, options, rows, PROCEDURES[procedure]!);
  for (const metric of [...COUNTED, "copies"] as const) add(metric, totals[metric]);
  for (const [phase, cycles] of phases) add("phase", cycles, { detail: `${PROCEDURES[procedure]}: ${phase}` });
}

/** What one call takes, by one client alone, and its parts in cycles. */
export async function measureCall(
  machine: MachineDescription,
  mechanism: CallMechanism,
  procedure: number,
  options: CallsSettings,
): Promise<{ readonly totals: Totals; readonly phases: readonly (readonly [phase: string, cycles: number])[] }> {
  const { few, many } = options.effort;
  const phases = new Phases(few);
  const first = await run(machine, mechanism, procedure, few, 1, mechanism.processors, options);
  const second = await run(machine, mechanism, procedure, many, 1, mechanism.processors, options, phases);
  const each = (metric: keyof Totals) => (second[metric] - first[metric]) / (many - few);
  const totals = Object.fromEntries([...COUNTED, "copies" as const].map((metric) => [metric, each(metric)]));
  return { totals: totals as unknown as Totals, phases: phases.means() };
}

async function measureThroughput(
  machine: MachineDescription,
  mechanism: CallMechanism,
  processors: number,
  options: CallsOptions,
  rows: Measurement[],
): Promise<void> {
  const { calls, elapsed } = await callTogether(machine, mechanism, processors, options);
  adder(machine, mechanism, processors, options, rows, PROCEDURES[0])("throughput", rate(calls, elapsed, "cycles"));
}

/** Null calls by a client on each processor, while all of them call. */
export async function callTogether(
  machine: MachineDescription,
  mechanism: CallMechanism,
  processors: number,
  options: CallsSettings,
): Promise<{ readonly calls: number; readonly elapsed: number }> {
  for (let calls = LONGER * options.effort.many; ; calls *= LONGER) {
    const ends = new Ends(processors);
    await run(machine, mechanism, 0, calls, processors, processors, options, ends);
    const together = ends.together();
    if (together.part >= ENOUGH || calls >= MOST_CALLS) return together;
  }
}

/** Clients do not begin all at once: they call so many times as often, until they have called together for that part. */
const LONGER = 4;
const ENOUGH = 0.5;
const MOST_CALLS = 500;

function adder(
  machine: MachineDescription,
  mechanism: CallMechanism,
  processors: number,
  options: CallsOptions,
  rows: Measurement[],
  procedure: string,
) {
  return (metric: Metric, value: number, of?: Of) =>
    void rows.push({
      machine: machine.name,
      workload: "call",
      algorithm: mechanism.name,
      processors,
      metric,
      value,
      unit: unitOf(metric, "cycles"),
      seed: options.seed,
      repetition: 0,
      cpu: machine.title,
      cores: machine.processor.maximum,
      node: host.node,
      pinned: true,
      load: host.load(),
      detail: procedure,
      ...of,
    });
}

async function run(
  machine: MachineDescription,
  mechanism: CallMechanism,
  procedure: number,
  calls: number,
  clients: number,
  processors: number,
  options: CallsSettings,
  observer?: { mark(processor: number, event: string, value: number, time: number): void },
): Promise<Totals> {
  let copies = 0;
  const booted = await bootMachine(machine, options.kernel, {
    processors,
    images: [options.client, options.server],
    arguments: `${mechanism.arguments} procedure=${procedure} calls=${calls} clients=${clients}`,
    seed: options.seed,
    ...(options.signal && { signal: options.signal }),
    onMark: (processor, event, value, time) => {
      if (event === "Copy") copies++;
      else observer?.mark(processor, event, value, time);
    },
  });
  if (booted.status !== 0) {
    throw new Error(
      `Cannot measure calls by ${mechanism.name} on ${machine.name}: received ${booted.status} wrong answers; expected none`,
    );
  }
  return { ...totalsOf(booted), copies };
}

function totalsOf({ processors, elapsed }: BootRun): Omit<Totals, "copies"> {
  const of = (count: (measures: BootProcessorMeasures) => number) =>
    processors.reduce((sum, measures) => sum + count(measures), 0);
  return {
    callCycles: elapsed,
    traps: of(({ traps }) => traps.SYSTEM_CALL),
    switches: of(({ contextSwitches }) => contextSwitches),
    interrupts: of(({ interrupts }) => interrupts.processor),
    translationMisses: of(({ dataMisses, codeMisses }) => dataMisses + codeMisses),
    kernelInstructions: of(({ kernelInstructions }) => kernelInstructions),
    userInstructions: of(({ userInstructions }) => userInstructions),
  };
}

/** Where the time of one client's calls goes, after the first ones. */
class Phases {
  readonly #skipped: number;
  readonly #cycles = new Map<string, number>();
  #calls = 0;
  #phase: string | undefined;
  #since = 0;

  constructor(skipped: number) {
    this.#skipped = skipped;
  }

  mark(_: number, event: string, value: number, time: number): void {
    if (event === "ClientBegins") this.#calls++;
    const begun = PHASES.find(([name, which]) => name === event && (which === undefined || which === value));
    if (begun === undefined && event !== "ClientEnds") return;
    if (this.#phase !== undefined && this.#calls > this.#skipped) {
      this.#cycles.set(this.#phase, (this.#cycles.get(this.#phase) ?? 0) + time - this.#since);
    }
    this.#phase = begun?.[2];
    this.#since = time;
  }

  means(): [phase: string, cycles: number][] {
    return [...this.#cycles].map(([phase, cycles]) => [phase, cycles / (this.#calls - this.#skipped)]);
  }
}

/** When calls ended, by processor. */
class Ends {
  readonly #times: number[][];

  constructor(processors: number) {
    this.#times = Array.from({ length: processors }, () => []);
  }

  mark(processor: number, event: string, _: number, time: number): void {
    if (event === "ClientEnds") this.#times[processor]!.push(time);
  }

  /** How many calls ended while all processors that call were calling, for how long they were, and in which part of the time. */
  together(): { readonly calls: number; readonly elapsed: number; readonly part: number } {
    const calling = this.#times.filter((times) => times.length > 0);
    const all = calling.flat().sort((a, b) => a - b);
    const whole = all.at(-1)! - all[0]!;
    const begin = Math.max(...calling.map((times) => times[0]!));
    const end = Math.min(...calling.map((times) => times.at(-1)!));
    // Where one has had all its calls before another one began, all the time counts.
    const [from, to] = begin < end ? [begin, end] : [all[0]!, all.at(-1)!];
    return {
      calls: all.filter((time) => time > from && time <= to).length,
      elapsed: to - from,
      part: Math.max(0, end - begin) / whole,
    };
  }
}
