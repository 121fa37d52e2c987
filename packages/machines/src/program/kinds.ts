/** The kinds of algorithms that the kernel has, in the order of tables; kernel/kinds has what each exports. */
export const KINDS = ["lock", "barrier", "counter", "policy", "object"] as const;

export type Kind = (typeof KINDS)[number];

const PLURAL_NAMES = {
  lock: "locks",
  barrier: "barriers",
  counter: "counters",
  policy: "scheduling",
  object: "objects",
} as const;

/** By which commands name all of a kind: `locks`, `scheduling`. */
export function pluralOf(kind: Kind): (typeof PLURAL_NAMES)[Kind] {
  return PLURAL_NAMES[kind];
}

/** All plurals, for people. */
export const PLURALS = KINDS.map(pluralOf).join(", ");
