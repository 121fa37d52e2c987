/** What the states of a litmus test give values to. */

/** Bits of an access or a register's part. */
export type Width = 8 | 16 | 32 | 64;

/** A number, or a location's address. */
export type Value = bigint | { readonly address: string };

/** A part of one of the sixteen general registers. */
export interface Register {
  /** As it is printed: EAX of X86, eax of X86_64. */
  readonly name: string;
  /** The whole register's number, from 0. */
  readonly number: number;
  readonly width: Width;
  /** Of the part: 8 for AH, BH, CH and DH, else 0. */
  readonly firstBit: number;
}

export interface RegisterVariable {
  readonly kind: "register";
  readonly thread: number;
  readonly register: Register;
}

export interface LocationVariable {
  readonly kind: "location";
  readonly name: string;
}

/** What a state gives a value to. */
export type Variable = RegisterVariable | LocationVariable;

/** The same text for the same variable: `0:EAX`, `[x]`. */
export function variableText(variable: Variable): string {
  return variable.kind === "location" ? `[${variable.name}]` : `${variable.thread}:${variable.register.name}`;
}
