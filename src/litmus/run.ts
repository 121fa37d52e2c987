/** The final states of a litmus test that a memory model allows, with herd7's words for them. */
import { type Layout, observedOf, resultsOf } from "./layout.js";
import { satisfies, type Valuation } from "./proposition.js";
import { type LitmusTest, type Quantifier, type Variable, variableText } from "./test.js";

/** What herd7 observes: no state, some, or all of them satisfy the condition's proposition. */
export type Observation = "Never" | "Sometimes" | "Always";

export interface FinalState {
  /** As herd7 prints it: `0:EAX=0; [x]=1;`. */
  readonly text: string;
  readonly satisfies: boolean;
}

/** Whether states of which so many satisfy the proposition and so many do not are as the quantifier says. */
export function holds(quantifier: Quantifier, positive: number, negative: number): boolean {
  return { exists: positive > 0, "~exists": positive === 0, forall: negative === 0 }[quantifier];
}

/** What the threads left when all had ended: their entries' results and the memory. */
export interface End {
  readonly results: readonly (readonly (number | bigint)[])[];
  readonly memory: WebAssembly.Memory;
}

/** Collects the distinct values of the variables that a test's condition and its `locations` name. */
export class FinalStates {
  private readonly test: LitmusTest;
  private readonly layout: Layout;
  private readonly observed: readonly Variable[];
  private readonly states = new Map<string, FinalState & { readonly values: readonly bigint[] }>();

  constructor(test: LitmusTest, layout: Layout) {
    this.test = test;
    this.layout = layout;
    this.observed = observedOf(test);
  }

  add({ results, memory }: End): void {
    const { test, layout, observed } = this;
    const registers = new Map(
      test.threads.flatMap(({ number }, i) =>
        resultsOf(test, number).map((variable, j): [string, bigint] => [
          variableText(variable),
          BigInt(results[i]![j]!),
        ]),
      ),
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
