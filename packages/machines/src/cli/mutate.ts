import type { Command } from "commander";
import { EQUIVALENTS } from "../proofs/mutation/equivalents/index.js";
import { SCOPES, type Scope } from "../proofs/mutation/scopes.js";
import { type Lines, type Selection, StaleEquivalents, select } from "../proofs/mutation/selection.js";
import { type Tried, tryAll } from "../proofs/mutation/trials.js";
import { loadLibrary } from "../proofs/protocol.js";
import { isKilled, mutationTable, scoresOf, survivorText } from "../report/mutation.js";
import { formatTable } from "../report/table.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseNames, parseSeed, parseWhole, UsageError } from "./usage.js";

interface Options {
  readonly sample?: string;
  readonly seed: string;
  readonly states: string;
  readonly json?: true;
}

/** States of each claim: those that find a mutant find it sooner. */
const STATES = 100_000;

export function addMutate(program: Command): void {
  program
    .command("mutate")
    .description(
      "measure the proofs of the library: break its bytes in every small way, and count what the claims find",
    )
    .argument(
      "[NAMES...]",
      "protocols, or what they are made of: mutex, lock-word, eventcount (default: all); mutex:40 is a line of one",
    )
    .option("--sample <N>", "try only so many mutants, drawn at random")
    .option("--seed <S>", "draws the sample: the same mutants for the same word of 32 bits", "1")
    .option("--states <N>", "states of each claim after which it is given up", String(STATES))
    .option("--json", "print the scores and every mutant that was tried for programs")
    .action(run);
}

async function run(lists: readonly string[], options: Options): Promise<void> {
  const { scopes, lines } = chosen(parseNames(lists));
  const states = parseWhole("--states", options.states, 1, 1e9);
  const seed = parseSeed(options.seed);
  const sample =
    options.sample === undefined ? undefined : { size: parseWhole("--sample", options.sample, 1, 1e6), seed };
  const library = await loadLibrary();
  const selection = selectFrom(() => select(library, scopes, sample, EQUIVALENTS, lines));
  const { mutants } = selection;
  if (!sample) expectMutants(selection, lines);
  const tried: Tried[] = [];
  const interrupt = new AbortController();
  const onInterrupt = () =>
    interrupt.abort(new Interrupted(`Interrupted: ${tried.length} of ${mutants.length} mutants tried`));
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  let survived = 0;
  const onTried = (each: Tried) => {
    tried.push(each);
    if (!isKilled(each)) survived++;
    line.show(tried.length, mutants.length, `${survived} survived; ${each.scope.name} ${each.mutant.line}`);
  };
  try {
    await tryAll(library, mutants, { most: states, signal: interrupt.signal, onTried });
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    if (options.json) console.log(JSON.stringify(rows(selection, scopes, tried)));
    else print(selection, scopes, tried, states);
  }
}

function selectFrom(make: () => Selection): Selection {
  try {
    return make();
  } catch (error) {
    if (error instanceof StaleEquivalents) throw new UsageError(error.message);
    throw error;
  }
}

/** Scopes by their names, in the order of all; `NAME:LINE` limits one to a line, and may be said of several lines. */
function chosen(names: readonly string[]): { readonly scopes: readonly Scope[]; readonly lines: Lines } {
  const lines = new Map<Scope, Set<number>>();
  const whole = new Set<Scope>();
  for (const name of names) {
    const [file = "", ...rest] = name.split(":");
    const line = rest.length === 0 ? undefined : rest.join(":");
    const scope = SCOPES.find(({ name }) => name === file);
    if (!scope) {
      throw new UsageError(
        `Cannot make mutants of "${file}": received an unknown protocol; expected one of ` +
          SCOPES.map(({ name }) => name).join(", "),
      );
    }
    if (line === undefined) whole.add(scope);
    else lines.set(scope, (lines.get(scope) ?? new Set()).add(parseWhole("a line", line, 1, 1e6)));
  }
  for (const scope of whole) lines.delete(scope);
  const scopes = names.length === 0 ? SCOPES : SCOPES.filter((scope) => whole.has(scope) || lines.has(scope));
  return { scopes, lines };
}

/** @throws {UsageError} if a line that is named has no mutant */
function expectMutants({ mutants, equivalent }: Selection, lines: Lines): void {
  for (const [scope, wanted] of lines) {
    const all = [...mutants.map(({ mutant }) => mutant), ...equivalent.get(scope)!.map(({ mutant }) => mutant)];
    const empty = [...wanted].find((line) => !all.some((mutant) => mutant.file === scope.file && mutant.line === line));
    if (empty !== undefined) {
      throw new UsageError(
        `Cannot make mutants of ${scope.name}:${empty}: received a line that has none; expected one with an instruction`,
      );
    }
  }
}

function inOrder(tried: readonly Tried[]): Tried[] {
  return tried.toSorted(({ mutant: a }, { mutant: b }) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line,
  );
}

function print(selection: Selection, scopes: readonly Scope[], tried: readonly Tried[], states: number): void {
  const survivors = inOrder(tried.filter((each) => !isKilled(each)));
  if (survivors.length > 0) console.log(`${survivors.map(survivorText).join("\n")}\n`);
  console.log(formatTable(mutationTable(scoresOf(selection, scopes, tried), states), outputWidth()));
}

function rows(selection: Selection, scopes: readonly Scope[], tried: readonly Tried[]): object {
  return {
    scores: scoresOf(selection, scopes, tried),
    mutants: inOrder(tried).map(({ scope, mutant, outcomes }) => {
      const { file, line, text, what, beside, key } = mutant;
      const explored = outcomes.map(({ claim: { protocol, scenario }, verdict, states }) => ({
        protocol,
        scenario,
        verdict,
        states,
      }));
      return {
        name: scope.name,
        file,
        line,
        text,
        what,
        beside,
        key,
        killed: isKilled({ scope, mutant, outcomes }),
        explored,
      };
    }),
  };
}
