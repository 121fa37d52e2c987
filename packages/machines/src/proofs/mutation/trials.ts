/**
 * All mutants before those of their claims that execute what they change, on worker threads: those claims first that have
 * found their neighbours, then the cheap ones.
 */
import type { Program } from "../../program/program.js";
import { workThrough } from "../pool.js";
import type { Protocol } from "../protocol.js";
import { PROTOCOLS } from "../protocols/index.js";
import { type Marked, markPlaces } from "./coverage.js";
import type { Mutant } from "./mutants.js";
import type { Scope } from "./scopes.js";
import { isFound, type Outcome } from "./trial.js";

/** What workers work on. */
export interface Subject {
  readonly program: Program;
  readonly marked: Marked;
}

/** What a worker is told: to say what a claim executes, or to try a mutant. Claims are numbers in PROTOCOLS. */
export type Task =
  | { readonly kind: "coverage"; readonly claim: number; readonly most: number }
  | { readonly kind: "trial"; readonly mutant: Mutant; readonly claims: readonly number[]; readonly most: number };

/** What it answers: places of the program; or outcomes, of which the last one may have found the mutant. */
export type Answer =
  | { readonly kind: "coverage"; readonly places: ReadonlySet<number> }
  | { readonly kind: "trial"; readonly outcomes: readonly (Omit<Outcome, "claim"> & { readonly claim: number })[] };

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
  const claims = new Set(mutants.flatMap(({ scope }) => scope.claims));
  const executed = new Map<Protocol, ReadonlySet<number>>();
  const marked = markPlaces(
    program,
    mutants.map(({ mutant }) => mutant),
  );
  const canFind = (claim: Protocol, { edits }: Mutant) => edits.some(({ begin }) => executed.get(claim)!.has(begin));
  const work = (tasks: Iterable<Task>, most: number, onReport: (task: Task, answer: Answer) => void) =>
    workThrough<Task, Answer>({
      entry: new URL("./worker.js", import.meta.url),
      workerData: { program, marked } satisfies Subject,
      tasks,
      most,
      signal,
      onReport,
      isLast: () => true,
    });

  const coverage = [...claims].map((claim): Task => ({ kind: "coverage", claim: PROTOCOLS.indexOf(claim), most }));
  await work(coverage, claims.size, (task, answer) => {
    if (task.kind === "coverage" && answer.kind === "coverage") executed.set(PROTOCOLS[task.claim]!, answer.places);
  });

  function* trials(): Iterable<Task> {
    for (const { scope, mutant } of mutants) {
      const able = scope.claims.filter((claim) => canFind(claim, mutant));
      const claims = experience.sorted(mutant, able).map((claim) => PROTOCOLS.indexOf(claim));
      yield { kind: "trial", mutant, claims, most };
    }
  }
  await work(trials(), mutants.length, (task, answer) => {
    if (task.kind !== "trial" || answer.kind !== "trial") return;
    const { mutant } = task;
    const scope = scopes.get(mutant)!;
    const outcomes = answer.outcomes.map(({ claim, ...outcome }) => ({ claim: PROTOCOLS[claim]!, ...outcome }));
    experience.add(mutant, outcomes);
    const unable = scope.claims.filter((claim) => !canFind(claim, mutant));
    const idle = unable.map((claim): Outcome => ({ claim, verdict: "not executed", states: 0 }));
    onTried({ scope, mutant, outcomes: [...idle, ...outcomes] });
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
