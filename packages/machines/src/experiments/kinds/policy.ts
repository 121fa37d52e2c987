/**
 * Scheduling policies: what the tasks of kernel/workloads/tasks.ts do under each, on caches in which reloading is not assumed,
 * but happens.
 *
 * What tasks do is made for the machine. A footprint is a sixteenth of a cache, as in Squillante & Lazowska, IEEE TPDS
 * 4(2), 1993; not more than the kernel's memory has for all, and not so little that deciding takes longer than
 * reloading. An execution that is warm takes twice as long as what a whole footprint takes to reload, on average (C =
 * 0.5 there), and a task thinks as long as that (Z = D). Light load is one and a half tasks a processor, heavy is four.
 */
import { UnavailableError } from "../../machines/machine.js";
import type { Algorithm } from "../../program/kernel.js";
import type { Of } from "../measurement.js";
import { rate } from "../measurement.js";
import type { Execution, TasksResult } from "../tasks.js";
import { sum } from "../workload-measures.js";
import type { MeasuredKind, MeasureStep } from "./kind.js";

export const policy: MeasuredKind = {
  measure,
  operations: sum,
  loads: [],
};

const KIB = 1024;
/** For all footprints together: the kernel's shared memory, less what else is there. More tasks are not measured. */
const MEMORY = 3072 * KIB;
const LEAST_FOOTPRINT = 16 * KIB;
/** 64 of them fit. */
const MOST_FOOTPRINT = MEMORY / 64;
const CACHE_BY_FOOTPRINT = 16;
/** Sixteenths of a footprint that are written: a quarter. */
const WRITTEN = 4;
/** What a whole footprint takes to reload, by a warm execution: C in the paper. */
const RELOAD = 0.5;
/** The least mean of a warm execution where threads are real, in nanoseconds: to wake one takes some ten thousand. */
const LEAST_NATIVE = 200_000;
/** Tasks by processors; light load and procrastination are measured where processors are many. */
const HEAVY = 4;
const LIGHT = 1.5;
const MANY = 8;
/** The part of a run that is left out: caches and queues fill. */
const WARM_UP = 0.25;
/** Runs of which a warm execution is the mean: where its pages meet in sets of the cache is a matter of luck. */
const LOADS = 4;
/** Tasks that intervene, where one processor executes all in turn. */
const INTERVENING = [1, 2, 4, 8, 16, 32, 63];
/** It tells tasks apart by their footprints, which are as large here; experiments/mix.ts has what it is for. */
const BALANCES = "balance-set";
/** Those that are measured with procrastination, too: for as long as a warm execution takes. */
const PROCRASTINATING = new Set(["fcfs", "last-processor", "limited-minimum-intervening", "work-stealing"]);

/** What tasks do on a machine. Times are in its unit. */
interface Demand {
  readonly footprint: number;
  /** The references to a footprint that is cached. */
  readonly references: number;
  /** How much longer they take if nothing of it is. */
  readonly reload: number;
  /** Cycles that an execution computes beside them, on average. */
  readonly work: number;
  /** The mean of a warm execution. */
  readonly warm: number;
}

async function measure(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add, seed } = step;
  if (algorithm.name === BALANCES) {
    throw new UnavailableError(`Cannot measure ${BALANCES} with tasks that are alike`, "tasks of different footprints");
  }
  const { machine } = experiments;
  const demand = await demandOf(step);
  const { lacks = [] } = machine;
  if (lacks.length > 0) add("lent", 1, { detail: lacks.join(", ") });
  if (machine.observes && processors === 1 && algorithm.name === "fcfs") await measureReloading(step, demand);
  for (const variant of variantsOf(algorithm)) {
    // With few, one that waits keeps much of the machine idle, and nobody is far from where it was.
    if (variant.procrastinates && processors < MANY) continue;
    for (const load of processors >= MANY ? [HEAVY, LIGHT] : [HEAVY]) {
      const tasks = Math.ceil(load * processors);
      if (tasks * demand.footprint > MEMORY) continue;
      const run = await experiments.tasks(algorithm, {
        ...{ processors, tasks, seed, written: WRITTEN },
        ...{ work: demand.work, think: demand.warm, footprint: demand.footprint },
        parameter: variant.parameter * (variant.isTime ? demand.warm : 1),
        bound: variant.procrastinates ? demand.warm : 0,
        duration: machine.observes ? effort.executions * Math.max(load, 2) * demand.warm : effort.duration,
        ...(step.signal && { signal: step.signal }),
      });
      addRows(step, demand, run, { algorithm: variant.name, tasks });
    }
  }
}

/** A policy as it is measured. */
interface Variant {
  readonly name: string;
  readonly parameter: number;
  /** Whether the parameter is a time, by the mean of a warm execution. */
  readonly isTime: boolean;
  readonly procrastinates: boolean;
}

/** A policy by itself, or with each of the parameters that its head lists, and procrastinating where that is measured. */
export function variantsOf({ name, parameter }: Algorithm): Variant[] {
  const [meaning = "", values] = parameter?.split(": ") ?? [];
  const isTime = meaning.startsWith("time");
  return (values?.split(", ") ?? [""]).flatMap((value) =>
    [false, ...(PROCRASTINATING.has(name) ? [true] : [])].map((procrastinates) => {
      const of = [value, procrastinates ? "waits" : ""].filter((word) => word !== "").join(", ");
      return { name: of === "" ? name : `${name}(${of})`, parameter: Number(value), isTime, procrastinates };
    }),
  );
}

async function demandOf(step: MeasureStep): Promise<Demand> {
  const { machine } = step.experiments;
  const { cacheBytes = 0 } = machine;
  const footprint = Math.min(Math.max(cacheBytes / CACHE_BY_FOOTPRINT, LEAST_FOOTPRINT), MOST_FOOTPRINT);
  const { references, reload } = await executeAlone(step, footprint);
  const warm = Math.max(2 * references, reload / RELOAD, machine.unit === "ns" ? LEAST_NATIVE : 0);
  const work = (warm - references) / (machine.observes ? 1 : await timeOfCycle(step));
  return { footprint, references, reload, work, warm };
}

/** Where a cycle of work is not one of the clock's units. */
async function timeOfCycle({ experiments, algorithm, seed }: MeasureStep): Promise<number> {
  const { executions } = await experiments.tasks(algorithm, {
    ...{ processors: 1, tasks: 1, turns: 20, work: LEAST_NATIVE, think: 0, footprint: 0, written: 0, seed },
  });
  return sum(executions.map(({ time }) => time)) / sum(executions.map(({ work }) => work));
}

/** What one processor with one task takes for its references, the first time and later. */
async function executeAlone(step: MeasureStep, footprint: number) {
  let [cold, references] = [0, 0];
  for (let load = 0; load < LOADS; load++) {
    const { executions } = await step.experiments.tasks(step.algorithm, {
      ...{ processors: 1, tasks: 1, turns: 3, work: 0, think: 0 },
      ...{ footprint, written: WRITTEN, seed: step.seed + load },
    });
    cold += executions[0]!.time / LOADS;
    references += executions.at(-1)!.time / LOADS;
  }
  return { references, reload: cold - references };
}

/** Reload time against footprint and intervening tasks: one processor executes all tasks in turn. */
async function measureReloading(step: MeasureStep, { footprint }: Demand): Promise<void> {
  const { experiments, algorithm, seed, add } = step;
  for (const bytes of [footprint / 2, footprint, 2 * footprint]) {
    const { references } = await executeAlone(step, bytes);
    for (const intervening of INTERVENING.filter((others) => (others + 1) * bytes <= MEMORY)) {
      const tasks = intervening + 1;
      const { executions } = await experiments.tasks(algorithm, {
        ...{ processors: 1, tasks, turns: 2, work: 0, think: 0, footprint: bytes, written: WRITTEN, seed },
      });
      const again = executions.slice(tasks);
      add("reload", meanOf(again, ({ time }) => time) - references, { tasks, intervening, footprint: bytes });
    }
  }
}

function addRows(step: MeasureStep, demand: Demand, run: TasksResult, of: Of): void {
  const { add, experiments } = step;
  if (run.cutOff.length > 0) add("cutOff", run.cutOff.length, of);
  const begin = WARM_UP * run.elapsed;
  const executions = run.executions.filter(({ end }) => end > begin);
  const responses = executions.map(({ response }) => response).sort((a, b) => a - b);
  if (responses.length === 0) return;
  const span = run.elapsed - begin;
  add("throughput", rate(executions.length, span, experiments.machine.unit), of);
  add("effectiveProcessors", (executions.length / span) * demand.warm, of);
  add("response", sum(responses) / responses.length, of);
  add(
    "secondMoment",
    meanOf(executions, ({ response }) => (response / demand.warm) ** 2),
    of,
  );
  add("responseP99", responses[Math.floor(0.99 * responses.length)]!, of);
  const again = executions.filter(({ intervening }) => intervening !== undefined);
  if (again.length > 0)
    add(
      "intervening",
      meanOf(again, ({ intervening }) => intervening!),
      of,
    );
  add(
    "elsewhere",
    meanOf(executions, ({ elsewhere }) => Number(elsewhere)),
    of,
  );
  add("deciding", run.deciding / run.executions.length, of);
  const { processors, traffic } = run;
  if (processors === undefined) return;
  const reload = ({ time, work }: Execution) => time - work - demand.references;
  add("reload", meanOf(executions, reload), of);
  for (const [intervening, some] of byIntervening(again)) add("reload", meanOf(some, reload), { ...of, intervening });
  const each = (
    metric: "coldMisses" | "capacityMisses" | "conflictMisses" | "trueSharingMisses" | "falseSharingMisses",
  ) => sum(processors.map((measures) => measures[metric])) / run.executions.length;
  for (const metric of ["coldMisses", "capacityMisses", "conflictMisses"] as const) add(metric, each(metric), of);
  add("sharingMisses", each("trueSharingMisses") + each("falseSharingMisses"), of);
  if (traffic?.busiest === undefined) return;
  const { link, utilization, queueing } = traffic.busiest;
  add("utilization", utilization, { ...of, detail: link });
  add("queueing", queueing, { ...of, detail: link });
}

function meanOf(executions: readonly Execution[], value: (execution: Execution) => number): number {
  return sum(executions.map(value)) / executions.length;
}

/** Executions with 0, 1, 2 to 3, 4 to 7 ... intervening tasks. */
function byIntervening(executions: readonly Execution[]): [number, Execution[]][] {
  const groups = new Map<number, Execution[]>();
  for (const execution of executions) {
    const class_ = execution.intervening === 0 ? 0 : 2 ** Math.floor(Math.log2(execution.intervening!));
    const group = groups.get(class_);
    if (group) group.push(execution);
    else groups.set(class_, [execution]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
