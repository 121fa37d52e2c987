/** The kinds of algorithms that the kernel has, in the order of tables; kernel/kinds has what each exports. */
export const KINDS = ["lock", "barrier", "counter"] as const;

export type Kind = (typeof KINDS)[number];

/** By which commands name all of a kind: `locks`. */
export function pluralOf(kind: Kind): `${Kind}s` {
  return `${kind}s`;
}

/** All plurals, for people. */
export const PLURALS = KINDS.map(pluralOf).join(", ");
