/** The final states of a litmus test that a memory model allows, with herd7's words for them. */
import { type CheckOptions, check, type End, type Model } from "../machines/checked/index.js";
import { createMemory } from "../program/program.js";
import { compileLitmus } from "./compile.js";
import { Layout, observedOf, resultsOf } from "./layout.js";
import type { LitmusTest, Observation, Quantifier } from "./litmus-test.js";
import { satisfies, type Valuation } from "./proposition.js";
import { type Variable, variableText } from "./variable.js";

export interface FinalState {
  /** As herd7 prints it: `0:EAX=0; [x]=1;`. */
  readonly text: string;
  /** Whether the condition's proposition holds there. */
  readonly satisfies: boolean;
}

export interface LitmusRun {
  readonly test: LitmusTest;
  readonly model: Model;
  /** Those that are possible, different in what the condition and `locations` name, by their values. */
  readonly states: readonly FinalState[];
  /** Those that satisfy the proposition. */
  readonly positive: number;
  readonly observation: Observation;
  /** Whether they are as the condition's quantifier says. */
  readonly holds: boolean;
  /** Whether there is an execution that never ends, which has no final state. */
  readonly loops: boolean;
}

/**
 * Runs a litmus test through every execution of a model.
 *
 * @throws {UnexploredError} if its states need more memory than they may
 * @throws {Error} if a thread traps: it accesses an address outside memory, or with LOCK one that is not aligned; the
 *   signal's reason when it is aborted
 */
export async function runLitmus(
  test: LitmusTest,
  model: Model,
  options: Pick<CheckOptions, "signal" | "progress" | "memoryLimit"> = {},
): Promise<LitmusRun> {
  const layout = new Layout(test);
  const program = compileLitmus(test, layout);
  const memory = createMemory(program);
  layout.initialize(memory);
  const final = new FinalStates(test, layout);
  const { violation } = await check(program, {
    ...options,
    ...{ entries: test.threads.map(({ number }) => String(number)), memory, model, mode: "states", races: false },
    onEnd: (end) => {
      final.add(end);
      return undefined;
    },
  });
  // A livelock is looked for when all states are known.
  if (violation !== undefined && violation.kind !== "livelock") {
    throw new Error(
      `Cannot run ${test.name} of ${test.file}: received a ${violation.kind}: ${violation.message}; expected threads that end`,
    );
  }
  const states = final.sorted();
  const positive = states.filter(({ satisfies }) => satisfies).length;
  return {
    ...{ test, model, states, positive, loops: violation !== undefined },
    observation: positive === 0 ? "Never" : positive === states.length ? "Always" : "Sometimes",
    holds: holds(test.quantifier, positive, states.length),
  };
}

function holds(quantifier: Quantifier, positive: number, states: number): boolean {
  return { exists: positive > 0, "~exists": positive === 0, forall: positive === states }[quantifier];
}

/** What its own file expects of a run, where that is something else. */
export function unmetExpectation({ test, model, states, positive, observation }: LitmusRun): string | undefined {
  if (test.expected !== undefined && test.expected !== observation) return test.expected;
  const quantifier = test.kinds.get(model) ?? (test.quantifier === "exists" ? undefined : test.quantifier);
  if (quantifier === undefined || holds(quantifier, positive, states.length)) return undefined;
  return `${quantifier}${test.kinds.has(model) ? ` under ${model}` : ""}`;
}

/** Collects the distinct values of the variables that a test's condition and its `locations` name. */
export class FinalStates {
  private readonly test: LitmusTest;
  private readonly layout: Layout;
  private readonly observed: readonly Variable[];
  /** By thread: the registers that its entry returns. */
  private readonly results: readonly (readonly string[])[];
  private readonly states = new Map<string, FinalState & { readonly values: readonly bigint[] }>();

  constructor(test: LitmusTest, layout: Layout) {
    this.test = test;
    this.layout = layout;
    this.observed = observedOf(test);
    this.results = test.threads.map(({ number }) => resultsOf(test, number).map(variableText));
  }

  /** Adds the state in which all threads have ended: their entries' results and the memory. */
  add({ results, memory }: End): void {
    const { test, layout, observed } = this;
    const registers = new Map(
      this.results.flatMap((names, i) => names.map((name, j): [string, bigint] => [name, BigInt(results[i]![j]!)])),
    );
    const state: Valuation = {
      valueOf: (variable) =>
        variable.kind === "location"
          ? layout.read(memory, variable)
          : layout.hold(registers.get(variableText(variable))!, variable),
      constant: (value, variable) => layout.hold(value, variable),
    };
    if (test.filter !== undefined && !satisfies(state, test.filter)) return;
    const values = observed.map((variable) => state.valueOf(variable));
    const text = observed.map((each, i) => `${variableText(each)}=${layout.valueText(values[i]!)};`).join(" ");
    this.states.set(text, { text, satisfies: satisfies(state, test.proposition), values });
  }

  /** By their values. */
  sorted(): FinalState[] {
    return [...this.states.values()]
      .sort((a, b) => {
        const i = a.values.findIndex((value, i) => value !== b.values[i]);
        return i < 0 ? 0 : a.values[i]! < b.values[i]! ? -1 : 1;
      })
      .map(({ values: _, ...state }) => state);
  }
}
