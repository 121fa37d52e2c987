/** Which mutants of a program are tried: all of some scopes that are not equivalent, or a sample of them. */
import { Random } from "../../machines/random.js";
import type { Program } from "../../program/program.js";
import type { Equivalents } from "./equivalents/equivalent.js";
import { EQUIVALENTS } from "./equivalents/index.js";
import { type Mutant, mutantsOf } from "./mutants.js";
import type { Scope } from "./scopes.js";

export interface Selection {
  /** Those that are tried, in the scopes' order. */
  readonly mutants: readonly { readonly scope: Scope; readonly mutant: Mutant }[];
  /** Of each scope: those that nothing can find, with the argument. */
  readonly equivalent: ReadonlyMap<Scope, readonly { readonly mutant: Mutant; readonly because: string }[]>;
}

/** Lines of a scope's file, to which its mutants are limited; those of other scopes are not. */
export type Lines = ReadonlyMap<Scope, ReadonlySet<number>>;

export interface Sample {
  readonly size: number;
  /** A 32-bit word; the same mutants for the same one. */
  readonly seed: number;
}

/**
 * @throws {StaleEquivalents} if an argument is about a mutant that there is not, of the scopes' files
 */
export function select(
  program: Program,
  scopes: readonly Scope[],
  sample?: Sample,
  equivalents: readonly Equivalents[] = EQUIVALENTS,
  lines: Lines = new Map(),
): Selection {
  const scopeOf = new Map(scopes.map((scope) => [scope.file, scope]));
  const all = mutantsOf(program, (file) => scopeOf.has(file));
  const isWanted = ({ file, line }: Mutant) => lines.get(scopeOf.get(file)!)?.has(line) ?? true;
  const arguments_ = argumentsOf(
    all,
    equivalents.filter(({ file }) => scopeOf.has(file)),
  );
  const mutants = all.filter(isWanted);
  const tried = mutants.filter(({ key }) => !arguments_.has(key));
  const equivalent = new Map(
    scopes.map((scope) => [
      scope,
      mutants
        .filter(({ file, key }) => file === scope.file && arguments_.has(key))
        .map((mutant) => ({ mutant, because: arguments_.get(mutant.key)! })),
    ]),
  );
  const chosen = sample ? sampled(tried, sample) : tried;
  return { mutants: chosen.map((mutant) => ({ scope: scopeOf.get(mutant.file)!, mutant })), equivalent };
}

function sampled(mutants: readonly Mutant[], { size, seed }: Sample): Mutant[] {
  const numbers = new Random(seed).permutation(mutants.length).slice(0, size);
  return numbers.sort((a, b) => a - b).map((number) => mutants[number]!);
}

/** Equivalents of which the program has no mutant: the text of their line has changed since. */
export class StaleEquivalents extends Error {
  override readonly name = "StaleEquivalents";
}

/** Why mutants are equivalent, by their keys. */
function argumentsOf(mutants: readonly Mutant[], equivalents: readonly Equivalents[]): Map<string, string> {
  const known = new Set(mutants.map(({ key }) => key));
  const result = new Map<string, string>();
  const stale: string[] = [];
  for (const { file, arguments: all } of equivalents) {
    for (const { because, mutants } of all) {
      for (const mutant of mutants) {
        const key = `${file} | ${mutant}`;
        if (!known.has(key) || result.has(key)) stale.push(key);
        result.set(key, because);
      }
    }
  }
  if (stale.length > 0) {
    throw new StaleEquivalents(
      "Cannot leave out equivalent mutants: received arguments in src/proofs/mutation/equivalents about mutants that " +
        `there are not, or twice; expected each to name one:\n${stale.join("\n")}`,
    );
  }
  return result;
}
