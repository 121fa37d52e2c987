/** What is asked of a final state: equalities of variables, with the connectives of herd7. */
import { type Value, type Variable, variableText } from "./variable.js";

export interface Equality {
  readonly kind: "equal";
  readonly left: Variable;
  readonly right: Value | Variable;
}

export type Proposition =
  | Equality
  | { readonly kind: "not"; readonly of: Proposition }
  /** True where there is none. */
  | { readonly kind: "and"; readonly of: readonly Proposition[] }
  /** False where there is none. */
  | { readonly kind: "or"; readonly of: readonly Proposition[] }
  | { readonly kind: "implies"; readonly premise: Proposition; readonly conclusion: Proposition };

export const TRUE: Proposition = { kind: "and", of: [] };
export const FALSE: Proposition = { kind: "or", of: [] };

function isVariable(value: Value | Variable): value is Variable {
  return typeof value === "object" && "kind" in value;
}

function equalitiesOf(proposition: Proposition): Equality[] {
  switch (proposition.kind) {
    case "equal":
      return [proposition];
    case "not":
      return equalitiesOf(proposition.of);
    case "and":
    case "or":
      return proposition.of.flatMap(equalitiesOf);
    case "implies":
      return [...equalitiesOf(proposition.premise), ...equalitiesOf(proposition.conclusion)];
  }
}

/** The variables that a proposition names, in its order and with repetitions. */
export function variablesOf(proposition: Proposition): Variable[] {
  return equalitiesOf(proposition).flatMap(({ left, right }) => (isVariable(right) ? [left, right] : [left]));
}

/** The locations whose addresses a proposition names. */
export function addressesOf(proposition: Proposition): string[] {
  return equalitiesOf(proposition).flatMap(({ right }) =>
    typeof right === "object" && "address" in right ? [right.address] : [],
  );
}

/** What a final state says. */
export interface Valuation {
  valueOf(variable: Variable): bigint;
  /** A constant as the variable would hold it. */
  constant(value: Value, variable: Variable): bigint;
}

export function satisfies(state: Valuation, proposition: Proposition): boolean {
  switch (proposition.kind) {
    case "equal": {
      const { left, right } = proposition;
      return state.valueOf(left) === (isVariable(right) ? state.valueOf(right) : state.constant(right, left));
    }
    case "not":
      return !satisfies(state, proposition.of);
    case "and":
      return proposition.of.every((each) => satisfies(state, each));
    case "or":
      return proposition.of.some((each) => satisfies(state, each));
    case "implies":
      return !satisfies(state, proposition.premise) || satisfies(state, proposition.conclusion);
  }
}

/** Connectives from the one that binds least. */
const BINDING: readonly (Proposition["kind"] | undefined)[] = ["or", "and", "implies", "not"];

/** As herd7 prints it. */
export function propositionText(proposition: Proposition, above?: Proposition["kind"]): string {
  if (proposition === TRUE) return "true";
  if (proposition === FALSE) return "false";
  const text = bareText(proposition);
  const parenthesized = proposition.kind !== "equal" && BINDING.indexOf(above) > BINDING.indexOf(proposition.kind);
  return parenthesized ? `(${text})` : text;
}

function bareText(proposition: Proposition): string {
  switch (proposition.kind) {
    case "equal": {
      const { left, right } = proposition;
      const value = isVariable(right) ? variableText(right) : typeof right === "bigint" ? right : right.address;
      return `${variableText(left)}=${value}`;
    }
    case "not":
      return `not ${propositionText(proposition.of, "not")}`;
    case "and":
      return proposition.of.map((each) => propositionText(each, "and")).join(" /\\ ");
    case "or":
      return proposition.of.map((each) => propositionText(each, "or")).join(" \\/ ");
    case "implies":
      return `${propositionText(proposition.premise, "implies")} => ${propositionText(proposition.conclusion, "implies")}`;
  }
}
