import type { Command } from "commander";
import type { Load } from "../experiments/kinds/kind.js";
import { type Algorithm, loadKernel } from "../program/kernel.js";
import { PLURALS, pluralOf } from "../program/kinds.js";
import { type Claim, claimsOf } from "../proofs/claim.js";
import { loadLibrary, type Protocol } from "../proofs/protocol.js";
import { CLUSTERED_OBJECTS } from "../proofs/protocols/clustered-objects.js";
import { PROTOCOLS, SCHEDULING } from "../proofs/protocols/index.js";
import type { Exploration } from "../proofs/prover.js";
import { proveAll, type Report, type Task } from "../proofs/workers.js";
import { type Explored, proofRows, proofTable, protocolTable, violationTexts } from "../report/proofs.js";
import { formatTable } from "../report/table.js";
import { matches } from "./algorithms.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseNames, parseWhole, UsageError } from "./usage.js";

interface Options {
  readonly processors?: string;
  readonly turns?: string;
  readonly quick?: true;
  readonly json?: true;
}

export function addProve(program: Command): void {
  program
    .command("prove")
    .description(
      "explore all states that the kernel's algorithms and the library's protocols can get into, and say what holds",
    )
    .argument("[NAMES...]", `algorithms, or ${PLURALS}; protocols, or protocols (default: all)`)
    .option("--processors <N>", "algorithms: how many take part, up to 10, instead of several numbers; needs --turns")
    .option("--turns <N>", "algorithms: acquisitions, episodes or additions of each")
    .option("--quick", "only all states under sequential consistency, and nothing that takes more than seconds")
    .option("--json", "print what was explored for programs, one array of rows")
    .action(run);
}

async function run(lists: readonly string[], options: Options): Promise<void> {
  const names = parseNames(lists);
  const [kernel, library] = await Promise.all([loadKernel(), loadLibrary()]);
  const { algorithms, protocols } = tasksOf(kernel.algorithms, names, options);
  const tasks: readonly Task[] = [...algorithms, ...protocols];
  const reports = new Map<Task, Report>();
  let over = 0;
  const interrupt = new AbortController();
  const onInterrupt = () =>
    interrupt.abort(
      new Interrupted(
        `Interrupted: ${over} of ${tasks.length} explored to the end; --quick takes less, and NAMES choose among them`,
      ),
    );
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  const onReport = (task: Task, report: Report) => {
    reports.set(task, report);
    if (report.kind !== "covered") over++;
    line.show(over, tasks.length, progressText(task, report));
  };
  try {
    await proveAll({ kernel, library }, tasks, { signal: interrupt.signal, onReport });
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    if (options.json) console.log(JSON.stringify(proofRows({ tasks, reports })));
    else print({ tasks: algorithms, reports }, { tasks: protocols, reports });
  }
  const wrong = [...reports.values()].filter((report) => report.kind === "explored" && report.verdict.violation);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${tasks.length} do not hold`);
}

/** Executions are counted of algorithms, where nothing is added to what the program does. */
function explorationsOf(claim: Claim | Protocol, { quick }: Options): Exploration[] {
  if (quick) return [{ model: "sc", mode: "states" }];
  const counted = "property" in claim && claim.property !== "order";
  return [
    { model: "sc", mode: "states" },
    ...(counted ? ([{ model: "sc", mode: "executions" }] as const) : []),
    { model: "tso", mode: "states" },
  ];
}

function progressText({ claim, exploration: { model, mode } }: Task, report: Report): string {
  const what =
    "protocol" in claim
      ? `${claim.protocol}, ${claim.scenario}`
      : `${claim.algorithm} ${claim.processors} x ${claim.turns}`;
  const count = report.kind === "covered" ? `: ${report.covered[mode]}` : "";
  return `${what}, ${model} ${mode}${count}`;
}

function print(algorithms: Explored<Claim>, protocols: Explored<Protocol>): void {
  const tables = [
    ...(algorithms.tasks.length > 0 ? [proofTable(algorithms)] : []),
    ...(protocols.tasks.length > 0 ? [protocolTable(protocols)] : []),
  ];
  console.log(tables.map((table) => formatTable(table, outputWidth())).join("\n\n"));
  for (const text of [algorithms, protocols].flatMap((explored) => violationTexts(explored))) console.log(`\n${text}`);
}

function loadOf({ processors, turns }: Options): Load | undefined {
  if (processors === undefined && turns === undefined) return undefined;
  if (processors === undefined || turns === undefined) {
    const [given, missing] = turns === undefined ? ["--processors", "--turns"] : ["--turns", "--processors"];
    throw new UsageError(
      `Cannot prove: received ${given} without ${missing}; expected both, or none for the usual numbers`,
    );
  }
  return {
    processors: parseWhole("--processors", processors, 1, 10),
    turns: parseWhole("--turns", turns, 1, 1e6),
  };
}

/** The protocol that is proven in an algorithm's place: a policy's has its name, and so has a way to know existence. */
function provenAs(algorithm: Algorithm | undefined): string | undefined {
  const { kind, name, proven } = algorithm ?? {};
  return kind === "policy" || kind === "object" ? name : proven;
}

/** Of what the names choose, all without names: one load is of algorithms alone. */
function tasksOf(catalogue: readonly Algorithm[], names: readonly string[], options: Options) {
  const load = loadOf(options);
  const known = load ? [] : PROTOCOLS;
  const isProtocol = (claim: Protocol, name: string) =>
    name === claim.protocol ||
    name === "protocols" ||
    (name === pluralOf("policy") && SCHEDULING.includes(claim)) ||
    (name === pluralOf("object") && CLUSTERED_OBJECTS.includes(claim));
  const provenOf = (name: string) => provenAs(catalogue.find((algorithm) => algorithm.name === name));
  const isAlgorithm = (name: string) => catalogue.some((algorithm) => matches(algorithm, name));
  const protocol =
    load && names.find((name) => !isAlgorithm(name) && PROTOCOLS.some((claim) => isProtocol(claim, name)));
  if (protocol !== undefined) {
    throw new UsageError(
      `Cannot prove "${protocol}" with --processors: received a protocol, whose scenarios say how many take part; ` +
        "expected the name without --processors and --turns",
    );
  }
  const unknown = names.find((name) => !isAlgorithm(name) && !known.some((claim) => isProtocol(claim, name)));
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot prove "${unknown}": received an unknown algorithm or protocol; expected ${PLURALS}` +
        `${load ? "" : ", protocols"} or one of ` +
        [...catalogue.map(({ name }) => name), ...new Set(known.map(({ protocol }) => protocol))].join(", "),
    );
  }
  const unproven = names.find((name) => {
    const proven = provenOf(name);
    return proven !== undefined && !PROTOCOLS.some(({ protocol }) => protocol === proven);
  });
  if (unproven !== undefined) {
    throw new UsageError(
      `Cannot prove "${unproven}": received an algorithm of which nothing is claimed; expected one with claims in ` +
        "proofs/protocols; a policy needs a number in kernel/library/policies.ts, too",
    );
  }
  const lent = names.find((name) => provenOf(name) !== undefined);
  if (load && lent !== undefined) {
    throw new UsageError(
      `Cannot prove "${lent}" with --processors: received an algorithm that is proven as the library's protocol ` +
        `${provenOf(lent)}; expected the name without --processors and --turns`,
    );
  }
  const wanted = [...names, ...names.flatMap((name) => provenOf(name) ?? [])];
  const chosen = <Named>(all: readonly Named[], isNamed: (each: Named, name: string) => boolean) =>
    all.filter((each) => names.length === 0 || wanted.some((name) => isNamed(each, name)));
  const tasks = <Claimed extends Claim | Protocol>(claims: readonly Claimed[]): readonly Task<Claimed>[] =>
    claims.flatMap((claim) => explorationsOf(claim, options).map((exploration) => ({ claim, exploration })));
  return {
    algorithms: tasks(chosen(catalogue, matches).flatMap((algorithm) => claimsOf(algorithm, load))),
    protocols: tasks(chosen(known, isProtocol).filter(({ long }) => !(options.quick && long !== undefined))),
  };
}
