/** Comparisons of integers that say the same in another way, by the names of their instructions. */

const NEGATIONS: Record<string, string> = {
  eqz: "nez",
  nez: "eqz",
  eq: "ne",
  ne: "eq",
  lt_s: "ge_s",
  lt_u: "ge_u",
  ge_s: "lt_s",
  ge_u: "lt_u",
  gt_s: "le_s",
  gt_u: "le_u",
  le_s: "gt_s",
  le_u: "gt_u",
};

/** The same for operands in the other order; commutative operations are their own. */
const MIRRORED: Record<string, string> = {
  ...Object.fromEntries(["add", "mul", "and", "or", "xor", "eq", "ne"].map((name) => [name, name])),
  lt_s: "gt_s",
  lt_u: "gt_u",
  gt_s: "lt_s",
  gt_u: "lt_u",
  le_s: "ge_s",
  le_u: "ge_u",
  ge_s: "le_s",
  ge_u: "le_u",
};

const INTEGER = /^(i32|i64)\.(\w+)(\.k)?$/;

/** The comparison that is true where the one of that name is false; undefined for what is no comparison of integers. */
export function negated(name: string): string | undefined {
  const [, type, comparison = "", constant = ""] = INTEGER.exec(name) ?? [];
  const other = NEGATIONS[comparison];
  return other && `${type}.${other}${constant}`;
}

/** The operation on integers that gives the same with its operands exchanged; undefined if there is none. */
export function mirrored(name: string): string | undefined {
  const [, type, operation = ""] = INTEGER.exec(name) ?? [];
  const other = MIRRORED[operation];
  return other && `${type}.${other}`;
}
