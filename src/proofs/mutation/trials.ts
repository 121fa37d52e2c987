/** All mutants before their claims, on worker threads: those claims first that have found their neighbours, then the cheap ones. */
import type { Program } from "../../program/program.js";
import { workThrough } from "../pool.js";
import type { Protocol } from "../protocol.js";
import { PROTOCOLS } from "../protocols/index.js";
import type { Mutant } from "./mutants.js";
import type { Scope } from "./scopes.js";
import { isFound, type Outcome } from "./trial.js";

/** What a worker is told. Claims are numbers in PROTOCOLS. */
export interface Trial {
  readonly mutant: Mutant;
  readonly claims: readonly number[];
  readonly most: number;
}

/** What it answers, in the claims' order; the last one may have found the mutant. */
export type Answer = readonly (Omit<Outcome, "claim"> & { readonly claim: number })[];

export interface Tried {
  readonly scope: Scope;
  readonly mutant: Mutant;
  readonly outcomes: readonly Outcome[];
}

export interface TrialsOptions {
  /** States of each claim. */
  readonly most: number;
  readonly signal: AbortSignal;
  readonly onTried: (tried: Tried) => void;
}

/**
 * Tries mutants, each with the claims of its scope. Resolves when all are tried.
 *
 * @throws {Error} the signal's reason when it is aborted; what a worker failed with
 */
export async function tryAll(
  program: Program,
  mutants: readonly { readonly scope: Scope; readonly mutant: Mutant }[],
  { most, signal, onTried }: TrialsOptions,
): Promise<void> {
  const experience = new Experience();
  const scopes = new Map(mutants.map(({ scope, mutant }) => [mutant, scope]));
  function* trials(): Iterable<Trial> {
    for (const { scope, mutant } of mutants) {
      const claims = experience.sorted(mutant, scope.claims).map((claim) => PROTOCOLS.indexOf(claim));
      yield { mutant, claims, most };
    }
  }
  await workThrough<Trial, Answer>({
    entry: new URL("./worker.js", import.meta.url),
    workerData: program,
    tasks: trials(),
    most: mutants.length,
    signal,
    onReport: ({ mutant }, answer) => {
      const outcomes = answer.map(({ claim, ...outcome }) => ({ claim: PROTOCOLS[claim]!, ...outcome }));
      experience.add(mutant, outcomes);
      onTried({ scope: scopes.get(mutant)!, mutant, outcomes });
    },
    isLast: () => true,
  });
}

/** Which claims found mutants of a line, or of a file, and how many states each claim has. */
class Experience {
  readonly #found = new Map<string, Map<Protocol, number>>();
  readonly #states = new Map<Protocol, number>();

  /** Decides how long it takes, not what is found. */
  sorted({ file, line }: Mutant, claims: readonly Protocol[]): Protocol[] {
    const ofLine = this.#found.get(`${file}:${line}`);
    const ofFile = this.#found.get(file);
    const promise = (claim: Protocol) =>
      (1 + (ofFile?.get(claim) ?? 0) + 20 * (ofLine?.get(claim) ?? 0)) / (1000 + (this.#states.get(claim) ?? 0));
    return claims.toSorted((a, b) => promise(b) - promise(a));
  }

  add({ file, line }: Mutant, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const { claim, states } = outcome;
      this.#states.set(claim, Math.max(states, this.#states.get(claim) ?? 0));
      if (!isFound(outcome)) continue;
      for (const where of [file, `${file}:${line}`]) {
        const found = this.#found.get(where) ?? new Map<Protocol, number>();
        this.#found.set(where, found.set(claim, (found.get(claim) ?? 0) + 1));
      }
    }
  }
}
