// The model of this computer beside the computer: the same programs on the native machine and on the simulated one that
// is calibrated from it, on 1, 2, 4 ... cores. Native times are medians of the rounds whose probes agree.
import { loadavg } from "node:os";
import { calibrate } from "#machines/experiments/calibrate.js";
import { MEASURED } from "#machines/experiments/kinds/index.js";
import { type Algorithm, Experiments, loadKernel, type Machine, NativeMachine } from "#machines/index.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import { explainMachine } from "#machines/report/machine.js";
import { formatTable, formatTime } from "#machines/report/table.js";
import { Comparison } from "./comparison.js";
import { KernelContenders } from "./kernel/contenders.js";

const ROUNDS = 11;
/** Nanoseconds of each native run, and of each simulated one. */
const NATIVE_DURATION = 30e6;
const SIMULATED_DURATION = 200e3;
const NATIVE_PAIRS = 200_000;
const SIMULATED_PAIRS = 1_000;
const WIDTH = 120;

const ALGORITHMS = [
  "test-and-set",
  "test-and-test-and-set",
  "test-and-set-exponential",
  "ticket",
  "ticket-proportional",
  "anderson",
  "mcs",
  "clh",
  "sense-reversing",
  "dissemination",
  "tournament",
  "mcs-tree",
  "shared",
  "padded-array",
  "array",
];

/** In the machine's unit of time. */
type Measure = (experiments: Experiments, effort: Effort) => Promise<number>;

interface Effort {
  /** In the machine's unit of time. */
  readonly duration: number;
  readonly pairs: number;
}

const kernel = await loadKernel();
const native = new NativeMachine();
if (native.cores < 2) {
  console.error("Cannot compare: received one core; expected two at least, for locks and barriers to be contended");
  process.exit(2);
}
const description = await calibrate(native, kernel);
const { megahertz } = description.processor;
const model = new SimulatedMachine(description);
console.log(`${explainMachine(description, WIDTH)}\n\nload ${loadavg()[0]!.toFixed(2)}, ${ROUNDS} rounds\n`);

const counts = [native.cores];
for (let processors = 1; processors < native.cores; processors *= 2) counts.push(processors);
counts.sort((a, b) => a - b);
const probes = new KernelContenders(native, kernel, NATIVE_DURATION / 1e6);
const comparisons = ALGORITHMS.map((name) => {
  const measures = measuresOf(probes.algorithm(name));
  const effort = { duration: NATIVE_DURATION, pairs: NATIVE_PAIRS };
  const contenders = Object.entries(measures).map(([what, measure]) => [what, () => measure(fresh(native), effort)]);
  const comparison = new Comparison({ work: name, contenders: Object.fromEntries(contenders), goals: [] });
  return { measures, comparison };
});
for (let round = 0; round < ROUNDS; round++) {
  for (const { comparison } of comparisons) await comparison.measureRound(() => probes.probe());
}
const rows: string[][] = [];
for (const { measures, comparison } of comparisons) {
  for (const [what, measure] of Object.entries(measures)) {
    const effort = { duration: (SIMULATED_DURATION * megahertz) / 1000, pairs: SIMULATED_PAIRS };
    const simulated = ((await measure(fresh(model), effort)) * 1000) / megahertz;
    const summary = comparison.summary(what, "time");
    rows.push([
      `${comparison.contest.work}: ${what}`,
      summary ? formatTime(summary.median) : "-",
      summary ? `${formatTime(summary.minimum)}..${formatTime(summary.maximum)}` : "-",
      formatTime(simulated),
      summary ? (simulated / summary.median).toFixed(2) : "-",
      `${summary?.count ?? 0}/${ROUNDS}`,
    ]);
  }
}
await native.close();
console.log(
  formatTable(
    {
      title: "This computer and its model",
      note: "native: median of the rounds with agreeing probes. ratio: simulated by native; 1 is right.",
      columns: ["what", "native", "least..most", "simulated", "ratio", "rounds"],
      rows,
    },
    WIDTH,
  ),
);

/** In memory of its own each time: which caches' slices lines fall into is luck. */
function fresh(machine: Machine): Experiments {
  return new Experiments(machine, kernel);
}

/** By what is measured. */
function measuresOf(algorithm: Algorithm): Record<string, Measure> {
  const { kind } = algorithm;
  const operation = {
    lock: "passing time",
    barrier: "episode",
    counter: "addition",
    policy: "execution",
    object: "use",
  }[kind];
  const measures = counts.map((processors): [string, Measure] => [
    `${operation}, P=${processors}`,
    async (experiments, { duration }) => {
      const { elapsed, done } = await experiments.workload(algorithm, { processors, duration, seed: 1 });
      return elapsed / MEASURED[kind].operations(done);
    },
  ]);
  return {
    ...(kind === "lock" && {
      pair: (experiments: Experiments, { pairs }: Effort) => experiments.latency(algorithm, pairs),
    }),
    ...Object.fromEntries(measures),
  };
}
