// The checked machine beside Spin: states, transitions and seconds of the same algorithms, ours as the bytes that ship,
// Spin's as bench/spin/*.pml, modelled by hand with one step for each shared access and none else, so that its
// partial-order reduction, which is on, finds nothing to leave out. Both visit each state once. They take turns.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { loadProgram } from "#machines/files/program.js";
import { loadKernel, summarize } from "#machines/index.js";
import { check, type Verdict } from "#machines/machines/checked/index.js";
import { formatTable } from "#machines/report/table.js";
import { checkKernel, type KernelAlgorithm, nameOf, type Work } from "./checked-works.js";

/** What one exploration said, and how long it took. */
interface Exploration {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
}

const WORKS: readonly Work<KernelAlgorithm | "peterson">[] = [
  { algorithm: "peterson", processors: 2, turns: 2 },
  { algorithm: "peterson", processors: 2, turns: 20 },
  { algorithm: "ticket", processors: 3, turns: 2 },
  { algorithm: "ticket", processors: 4, turns: 2 },
  { algorithm: "mcs", processors: 2, turns: 3 },
  { algorithm: "mcs", processors: 3, turns: 2 },
  { algorithm: "mcs", processors: 4, turns: 2 },
  { algorithm: "sense-reversing", processors: 3, turns: 3 },
  { algorithm: "sense-reversing", processors: 4, turns: 3 },
];
const SMOKE = WORKS.filter(({ algorithm, processors }) => algorithm === "peterson" || processors < 3);

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    // One round of the small works, to see that everything runs.
    smoke: { type: "boolean", default: false },
  },
});
const rounds = options.smoke ? 1 : Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new RangeError(`Cannot compare: received --rounds ${options.rounds}; expected a whole number from 1`);
}

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "landspout-spin-"));
const kernel = await loadKernel();

/** A verifier of a model; how long it took to make. */
async function compileSpin({ algorithm, processors, turns }: Work<string>) {
  const begin = performance.now();
  const cwd = await mkdtemp(join(folder, "pan-"));
  await execute("spin", [`-DP=${processors}`, `-DTURNS=${turns}`, "-a", join(root, `bench/spin/${algorithm}.pml`)], {
    cwd,
  });
  await execute("gcc", ["-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"], { cwd });
  return { pan: join(cwd, "pan"), cwd, seconds: (performance.now() - begin) / 1000 };
}

/**
 * Seconds include the process. Its table of states has 2^20 slots: by default it takes 128 MiB, and longer than most
 * works.
 */
async function runSpin({ pan, cwd }: { pan: string; cwd: string }): Promise<Exploration> {
  const begin = performance.now();
  const { stdout } = await execute(pan, ["-w20", "-m100000"], { cwd });
  const seconds = (performance.now() - begin) / 1000;
  const figure = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const truncated = stdout.includes("max search depth too small");
  if (truncated || figure(/errors: (\d+)/) !== 0) throw new Error(`Cannot compare: Spin says\n${stdout}`);
  return { states: figure(/(\d+) states, stored/), transitions: figure(/(\d+) transitions/), seconds };
}

async function runChecker({ algorithm, ...load }: (typeof WORKS)[0]): Promise<Exploration> {
  const { states, steps, seconds } = await (algorithm === "peterson"
    ? checkPeterson(load)
    : checkKernel(kernel, { algorithm, ...load }, "states"));
  return { states, transitions: steps, seconds };
}

async function checkPeterson({ processors, turns }: Omit<Work<"peterson">, "algorithm">): Promise<Verdict> {
  const module = join(folder, "peterson.wasm");
  await execute("./compile", ["peterson.c", `-DACQUISITIONS=${turns}`, "-o", module], {
    cwd: join(root, "examples/c"),
  });
  const program = await loadProgram(module);
  const verdict = await check(program, { processors, entries: "run", final: { entry: "final" }, mode: "states" });
  if (verdict.violation) throw new Error(`Cannot compare: the checked machine says ${verdict.violation.message}`);
  return verdict;
}

console.log(
  `${cpus()[0]?.model}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(2)}, ${rounds} rounds; seconds are medians\n`,
);
try {
  const rows: string[][] = [];
  for (const work of options.smoke ? SMOKE : WORKS) {
    const verifier = await compileSpin(work);
    const contenders = [() => runChecker(work), () => runSpin(verifier)];
    const runs: Exploration[][] = contenders.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, run] of contenders.entries()) runs[i]!.push(await run());
    }
    const seconds = runs.map((explorations) => summarize(explorations.map((run) => run.seconds))!.median);
    const cells = runs.flatMap(([run], i) => [String(run!.states), String(run!.transitions), seconds[i]!.toFixed(3)]);
    rows.push([nameOf(work), ...cells, verifier.seconds.toFixed(1), (seconds[0]! / seconds[1]!).toFixed(1)]);
  }
  const title = "The checked machine beside Spin, each state once";
  const note =
    "compile: spin and gcc, before the seconds. Seconds include the start of Spin's process, and the loading of our module. " +
    "ratio: our seconds by Spin's.";
  const columns = ["work", "states", "transitions", "s", "Spin: states", "transitions", "s", "compile", "ratio"];
  console.log(formatTable({ title, note, columns, rows }, process.stdout.columns ?? 160));
} finally {
  await rm(folder, { recursive: true });
}
