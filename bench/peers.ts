/**
 * Peers in one run: the kernel against Concurrency Kit and pthreads in C and against JavaScript's Atomics, and the
 * library against packages from npm, Node's own means and locks written with Atomics, its pool against npm's pools, its
 * maps against lmdb, its caches against lru-cache, its services against packages for calls. Contenders take turns round by round. Each turn stands between two
 * probes. Only turns whose probes agree count: in them, other programs left the cores alone. Rounds go on until each
 * contest has enough that count, or has had its attempts.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { loadKernel, NativeMachine, summarize } from "#machines/index.js";
import { formatTable, formatTime } from "#machines/report/table.js";
import { callContests } from "./calls/contests.js";
import { Comparison, isDisturbed } from "./comparison.js";
import { KernelContenders } from "./kernel/contenders.js";
import { kernelContests } from "./kernel/contests.js";
import { PeersProgram } from "./kernel/peers-program.js";
import { LibraryContests } from "./library/contests.js";
import { objectContests } from "./objects/contests.js";
import { hitRatios } from "./objects/hit-ratio.js";
import { poolContests } from "./pool/contests.js";
import { outcomeTable, spread, turnTable } from "./tables.js";

const options = readOptions();
const count = options.smoke ? 1 : Number(options.rounds);
if (!Number.isInteger(count) || count < 1) {
  refuse(`Cannot compare: received --rounds ${options.rounds}; expected a whole number from 1`);
}
/** How many rounds there may be for one that counts. */
const ATTEMPTS = options.smoke ? 1 : 4;
const kernelMilliseconds = options.smoke ? 10 : 50;
/** Longer: threads that sleep and wake in turns need some of the scheduler's time slices. */
const libraryMilliseconds = options.smoke ? 20 : 200;
/** None asked for is all. */
const all = !options.kernel && !options.library && !options.pool && !options.objects && !options.calls;
const parts = {
  kernel: all || options.kernel,
  library: all || options.library,
  pool: all || options.pool,
  objects: all || options.objects,
  calls: all || options.calls,
};

const machine = new NativeMachine();
const kernel = new KernelContenders(machine, await loadKernel(), kernelMilliseconds);
const cores = machine.cores;
if (cores < 2)
  refuse("Cannot compare: received one core; expected two at least, for locks and barriers to be contended");
const peers = parts.kernel ? await PeersProgram.compile() : undefined;
const library = parts.library ? await LibraryContests.load(cores, libraryMilliseconds) : undefined;
const pools = parts.pool ? await poolContests(cores, options.smoke) : [];
const objects = parts.objects ? objectContests(cores, libraryMilliseconds) : [];
const calls = parts.calls ? callContests(cores, libraryMilliseconds) : [];
const comparisons = [
  ...(parts.kernel ? kernelContests(kernel, peers, cores, kernelMilliseconds) : []),
  ...(library?.contests ?? []),
  ...pools,
  ...objects,
  ...calls,
]
  .filter(({ work }) => work.includes(options.only))
  .map((contest) => new Comparison(contest, options.disturbed));
const showsHitRatios = parts.objects && "hit ratio".includes(options.only);
if (comparisons.length === 0 && !showsHitRatios)
  refuse(`Cannot compare: received --only ${options.only}; expected a part of a work's name`);
console.log(
  `${machine.title}, ${cores} cores, ${machine.pinned ? "the kernel's threads pinned" : "threads not pinned"}, ` +
    `Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(2)}, ${count} comparable rounds wanted`,
);
for (const name of library?.absent ?? []) console.log(`${name}: absent on this Node`);
console.log();

/** Threads start, and code is compiled, before the first round. */
await kernel.operation("spin-then-block", 4 * cores);
const ofLibrary = new Set(library?.contests);
for (const comparison of comparisons) if (ofLibrary.has(comparison.contest)) await comparison.warmUp();
for (let round = 1; round <= count * ATTEMPTS; round++) {
  const lacking = comparisons.filter((comparison) => comparison.comparable() < count);
  if (lacking.length === 0) break;
  const measured = [];
  for (const comparison of lacking) measured.push(await comparison.measureRound(() => kernel.probe()));
  const turns = measured.flatMap((round) => Object.values(round));
  const probes = turns.flatMap(({ before, after }) => [before, after]);
  console.log(
    `round ${round}: ${lacking.length} contests, cache-line round trip ` +
      `${spread(summarize(probes.map((probe) => probe.roundTrip))!)} ns, ` +
      `${spread(summarize(probes.map((probe) => probe.instructions))!)} dependent instructions/ns, ` +
      `${turns.filter(isDisturbed).length} of ${turns.length} turns disturbed by other programs`,
  );
}
const worst = parts.kernel ? await kernel.worst("spin-then-block", 4 * cores) : undefined;
await library?.close();
await machine.close();

const width = process.stdout.columns ?? 140;
const shown = new Set([...ofLibrary, ...pools, ...objects, ...calls]);
if (comparisons.some(({ contest }) => shown.has(contest))) {
  console.log(`\n${formatTable(turnTable(comparisons.filter(({ contest }) => shown.has(contest))), width)}`);
}
if (comparisons.length > 0) console.log(`\n${formatTable(outcomeTable(comparisons), width)}\n`);
if (showsHitRatios) {
  console.log(`${formatTable(await hitRatios(options.smoke ? 2000 : 50_000), width)}\n`);
}
if (worst) {
  console.log(
    `spin-then-block, ${4 * cores} threads on ${cores} cores: longest wait ${formatTime(worst.longestWait)}, ` +
      `fewest acquisitions of one thread ${worst.fewest}`,
  );
}
const out = comparisons.flatMap(({ contest, out }) =>
  [...out].map(([name, why]) => ({ work: contest.work, name, why })),
);
for (const { work, name, why } of out) console.log(`${work}: ${name} is out: ${why}`);
if (options.json !== undefined) {
  const rows = comparisons.flatMap((comparison) =>
    comparison
      .outcomes()
      .map(({ work, goal, peer, ratio }) => ({ work, ...goal, peer, ratio, rounds: comparison.comparable() })),
  );
  writeFileSync(options.json, `${JSON.stringify(rows)}\n`);
}
if (out.some(({ name }) => name.startsWith("landspout"))) process.exitCode = 1;

function readOptions() {
  try {
    return parseArgs({
      options: {
        rounds: { type: "string", default: "11" },
        // Parts alone.
        kernel: { type: "boolean", default: false },
        library: { type: "boolean", default: false },
        pool: { type: "boolean", default: false },
        objects: { type: "boolean", default: false },
        calls: { type: "boolean", default: false },
        // Works whose name has this in it.
        only: { type: "string", default: "" },
        // Turns count in which other programs had the cores, too: where a computer is never at rest.
        disturbed: { type: "boolean", default: false },
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
