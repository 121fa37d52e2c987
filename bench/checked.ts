// What the checked machine explores in a second of one core: steps, each an access of shared memory and all that its
// processor does up to the next one, of the kernel's own bytes. The works take turns, after a round that does not
// count.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { loadKernel, summarize } from "#machines/index.js";
import { formatTable } from "#machines/report/table.js";
import { checkKernel, type KernelAlgorithm, nameOf, type Work } from "./checked-works.js";

/** Steps a second. */
const GOAL = 300_000;

type Exploration = Work<KernelAlgorithm> & { readonly mode: "states" | "executions" };

const EXPLORATIONS: readonly Exploration[] = [
  { algorithm: "ticket", processors: 5, turns: 2, mode: "states" },
  { algorithm: "mcs", processors: 4, turns: 2, mode: "states" },
  { algorithm: "sense-reversing", processors: 4, turns: 3, mode: "states" },
  { algorithm: "ticket", processors: 4, turns: 2, mode: "executions" },
  { algorithm: "mcs", processors: 3, turns: 2, mode: "executions" },
  { algorithm: "sense-reversing", processors: 3, turns: 3, mode: "executions" },
];

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new RangeError(`Cannot measure: received --rounds ${options.rounds}; expected a whole number from 1`);
}

const kernel = await loadKernel();

/** How many were found of what the mode counts, steps, and seconds of processor time. */
async function explore(exploration: Exploration) {
  const begin = process.cpuUsage();
  const { steps, ...found } = await checkKernel(kernel, exploration, exploration.mode);
  const { user, system } = process.cpuUsage(begin);
  return { found: found[exploration.mode], steps, seconds: (user + system) / 1e6 };
}

const computer = `${cpus()[0]?.model}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(2)}, ${rounds} rounds`;
console.log(`${computer}; seconds are processor time, medians\n`);
for (const exploration of EXPLORATIONS) await explore(exploration);
const runs = EXPLORATIONS.map((): Awaited<ReturnType<typeof explore>>[] => []);
for (let round = 0; round < rounds; round++) {
  for (const [i, exploration] of EXPLORATIONS.entries()) runs[i]!.push(await explore(exploration));
}
const rows = EXPLORATIONS.map((exploration, i) => {
  const [{ found, steps }] = runs[i]! as [(typeof runs)[0][0]];
  const seconds = summarize(runs[i]!.map((run) => run.seconds))!;
  const rate = (time: number) => String(Math.round(steps / time / 1000));
  const verdict = steps / seconds.median >= GOAL ? "reached" : "not reached";
  return [
    ...[nameOf(exploration), exploration.mode, String(found), String(steps), seconds.median.toFixed(3)],
    ...[rate(seconds.median), `${rate(seconds.maximum)}..${rate(seconds.minimum)}`, verdict],
  ];
});
const columns = ["work", "mode", "found", "steps", "s", "1000 steps/s", "least..most", `goal ${GOAL / 1000}`];
const title = "The checked machine on one core";
const note = "found: states, or executions, one of each trace. Seconds include instantiating the module.";
console.log(formatTable({ title, note, columns, rows }, process.stdout.columns ?? 160));
