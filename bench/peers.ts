/**
 * Peers in one run: the kernel against Concurrency Kit and pthreads in C and against JavaScript's Atomics. Contenders
 * take turns round by round; each contest's round stands between two probes, and only rounds whose probes agree count.
 * Rounds go on until each contest has enough that count, or has had its attempts.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { loadKernel, NativeMachine, type Summary, summarize } from "#dist/machines.js";
import { formatTable, formatTime, type ReportTable } from "#dist/report/table.js";
import { type Contest, comparableRounds, type Goal, measureRound, type Round, ratios, reached } from "./comparison.js";
import {
  barrierContests,
  calledContests,
  contendedContests,
  mutexContests,
  oversubscribedContest,
  pairContests,
} from "./contests.js";
import { KernelContenders } from "./kernel-contenders.js";
import { PeersProgram } from "./peers-program.js";

const options = readOptions();
const count = options.smoke ? 1 : Number(options.rounds);
if (!Number.isInteger(count) || count < 1) {
  refuse(`Cannot compare: received --rounds ${options.rounds}; expected a whole number from 1`);
}
/** How many rounds there may be for one that counts. */
const ATTEMPTS = options.smoke ? 1 : 4;
const milliseconds = options.smoke ? 10 : 50;

const machine = new NativeMachine();
const kernel = new KernelContenders(machine, await loadKernel(), milliseconds);
const peers = await PeersProgram.compile();
const cores = machine.cores;
if (cores < 2)
  refuse("Cannot compare: received one core; expected two at least, for locks and barriers to be contended");
const contests: Contest[] = [
  ...(peers ? pairContests(kernel, peers) : []),
  ...calledContests(kernel),
  ...(peers ? contendedContests(kernel, peers, cores, milliseconds) : []),
  ...(peers ? barrierContests(kernel, peers, milliseconds) : []),
  ...(peers ? mutexContests(kernel, peers, cores, milliseconds) : []),
  oversubscribedContest(kernel, cores),
];
console.log(
  `${cores} cores, threads ${machine.pinned ? "pinned" : "not pinned"}, Node ${process.versions.node}, ` +
    `load ${loadavg()[0]!.toFixed(2)}, ${count} comparable rounds wanted, ${milliseconds} ms a contender\n`,
);

/** Threads start, and code is compiled, before the first round. */
await kernel.operation("spin-then-block", 4 * cores);
const rounds = new Map<Contest, Round[]>(contests.map((contest) => [contest, []]));
for (let round = 1; round <= count * ATTEMPTS; round++) {
  const lacking = contests.filter((contest) => comparableRounds(rounds.get(contest)!).length < count);
  if (lacking.length === 0) break;
  const measured: Round[] = [];
  for (const contest of lacking) {
    measured.push(await measureRound(contest, () => kernel.probe()));
    rounds.get(contest)!.push(measured.at(-1)!);
  }
  const probes = measured.flatMap(({ before, after }) => [before, after]);
  console.log(
    `round ${round}: ${lacking.length} contests, cache-line round trip ` +
      `${spread(summarize(probes.map((probe) => probe.roundTrip))!)} ns, ` +
      `${spread(summarize(probes.map((probe) => probe.instructions))!)} dependent instructions/ns`,
  );
}
const worst = await kernel.worst("spin-then-block", 4 * cores);
await machine.close();

const results = contests.flatMap((contest) => {
  const comparable = comparableRounds(rounds.get(contest)!);
  return contest.goals.map((goal) => ({ contest, goal, comparable, ratio: ratios(comparable, goal) }));
});
console.log(`\n${formatTable(resultTable(), process.stdout.columns ?? 140)}\n`);
console.log(
  `spin-then-block, ${4 * cores} threads on ${cores} cores: longest wait ${formatTime(worst.longestWait)}, ` +
    `fewest acquisitions of one thread ${worst.fewest}`,
);
if (options.json !== undefined) {
  const rows = results.map(({ contest, goal, comparable, ratio }) => ({
    work: contest.work,
    ...goal,
    ratio,
    rounds: comparable,
  }));
  writeFileSync(options.json, `${JSON.stringify(rows)}\n`);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        rounds: { type: "string", default: "11" },
        // One short round, to see that everything runs.
        smoke: { type: "boolean", default: false },
        json: { type: "string" },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function resultTable(): ReportTable {
  return {
    title: "Our time by the peer's, rounds with agreeing probes only",
    note:
      "Times are medians. ratio: median of the rounds' ratios, and least..most. A goal on throughput of 0.8 is a goal on " +
      "time of 1.25.",
    columns: ["work", "ours", "peer", "", "ratio", "least..most", "goal", "reached", "rounds"],
    rows: results.map(({ contest, goal, comparable, ratio }) => [
      contest.work,
      median(comparable, goal.ours),
      median(comparable, goal.peer),
      goal.peer,
      ratio ? ratio.median.toFixed(2) : "-",
      ratio ? spread(ratio) : "-",
      goal.atMost?.toFixed(2) ?? "-",
      ratio && goal.atMost !== undefined ? (reached(goal.atMost, ratio) ? "yes" : "NO") : "-",
      `${comparable.length}/${rounds.get(contest)!.length}`,
    ]),
  };
}

function median(comparable: readonly Round[], contender: Goal["ours"]): string {
  const summary = summarize(comparable.map(({ times }) => times[contender]!));
  return summary ? formatTime(summary.median) : "-";
}

function spread({ minimum, maximum }: Summary): string {
  return `${minimum.toFixed(2)}..${maximum.toFixed(2)}`;
}
