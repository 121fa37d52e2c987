/** A litmus test as data: what a `.litmus` file says. */
import type { Proposition } from "./proposition.js";
import type { LocationVariable, Register, Value, Variable, Width } from "./variable.js";

/** X86 writes destinations first, `MOV [x],$1`; X86_64 sources first, `movq $1,(x)`. */
export type Architecture = "X86" | "X86_64";

export interface Type {
  readonly width: Width;
  readonly signed: boolean;
}

export interface Initial {
  readonly variable: Variable;
  /** Undefined where the file says none. */
  readonly type: Type | "pointer" | undefined;
  readonly value: Value;
}

/** Where memory is accessed: at a location, or at a register's value plus some bytes. */
export type Address =
  | LocationVariable
  | { readonly kind: "indirect"; readonly register: Register; readonly displacement: bigint };

export type Operand =
  | Address
  | { readonly kind: "register"; readonly register: Register }
  | { readonly kind: "immediate"; readonly value: bigint };

/** What a conditional jump asks of the flags, by its mnemonic without the j. */
export type Condition = "e" | "ne" | "s" | "ns" | "o" | "no" | "b" | "ae" | "be" | "a" | "l" | "ge" | "le" | "g";

export type Operation =
  | ("mov" | "xchg" | "xadd" | "cmpxchg" | "cmp" | "test")
  | ("add" | "sub" | "and" | "or" | "xor" | "inc" | "dec");

export interface Access {
  readonly kind: "operation";
  readonly operation: Operation;
  readonly width: Width;
  /** Whether it reads and writes memory at once: with LOCK, and XCHG always. */
  readonly locked: boolean;
  readonly destination: Operand;
  readonly source: Operand;
}

export type Instruction =
  | Access
  | { readonly kind: "fence" }
  | { readonly kind: "nop" }
  | { readonly kind: "label"; readonly label: string }
  /** Taken always where there is no condition. */
  | { readonly kind: "jump"; readonly condition: Condition | undefined; readonly label: string };

export interface Thread {
  readonly number: number;
  readonly instructions: readonly Instruction[];
}

/** What herd7 observes: none of the final states, some, or all satisfy the condition's proposition. */
export const OBSERVATIONS = ["Never", "Sometimes", "Always"] as const;
export type Observation = (typeof OBSERVATIONS)[number];

export type Quantifier = "exists" | "~exists" | "forall";

export interface LitmusTest {
  readonly file: string;
  readonly architecture: Architecture;
  readonly name: string;
  /** What the file expects to be observed: a line `Expect=Never` before the initial state, or `Result: Never` in a comment. */
  readonly expected: Observation | undefined;
  readonly initial: readonly Initial[];
  readonly threads: readonly Thread[];
  /** What to show beside that which the condition names. */
  readonly locations: readonly Variable[];
  /** States that do not satisfy it do not count. */
  readonly filter: Proposition | undefined;
  readonly quantifier: Quantifier;
  readonly proposition: Proposition;
  /** The quantifier that is right under a model: `with tso: exists; sc: ~exists`. */
  readonly kinds: ReadonlyMap<string, Quantifier>;
}
