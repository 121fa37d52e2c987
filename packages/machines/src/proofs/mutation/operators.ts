/**
 * What is done to an instruction to make a mutant: it is deleted, negated, or off by one; or two neighbours change places.
 * What takes its place leaves as many values on the stack, so that the mutant is a module again.
 */
import { OPCODES, type Operator } from "../../wasm/operators.js";
import { type Expression, within } from "./expressions.js";
import type { Edit } from "./rewrite.js";

export interface Mutation {
  /** What was done, for people, and by which arguments name it: `store deleted`. */
  readonly what: string;
  readonly edits: readonly Edit[];
}

const [DROP, I32_CONST, I64_CONST, I32_EQZ] = ["drop", "i32.const", "i64.const", "i32.eqz"].map(
  (name) => OPCODES.get(name)![0]!,
) as [number, number, number, number];

const MOST_I32 = 2n ** 31n - 1n;
const MOST_I64 = 2n ** 63n - 1n;

const OPPOSITE: Readonly<Record<string, string>> = {
  eq: "ne",
  ne: "eq",
  lt: "ge",
  ge: "lt",
  gt: "le",
  le: "gt",
};
/** The comparison that differs where both are equal. */
const BOUNDARY: Readonly<Record<string, string>> = { lt: "le", le: "lt", gt: "ge", ge: "gt" };

/** All that is done to one instruction. `takers`: what takes its value, what takes that, and so on. */
export function mutationsOf(expression: Expression, takers: readonly Expression[]): Mutation[] {
  const { operator } = expression;
  const [consumer] = takers;
  const { name, offset } = operator;
  if (name.endsWith(".const")) return constants(expression, takers);
  if (/\.store/.test(name)) return [mutation("store deleted", replaced(expression, [DROP, DROP]))];
  if (/\.rmw/.test(name)) {
    // The value that is there, as if others had changed nothing meanwhile.
    const kept = name.includes("cmpxchg") ? [DROP, DROP] : [DROP];
    const what = name.includes("cmpxchg") ? "compare_and_swap that only looks" : "read-modify-write that only reads";
    return [mutation(what, { begin: offset, end: offset + 2, bytes: [...kept, ...loadOf(operator)] })];
  }
  if (name === "memory.atomic.notify") {
    return [mutation("notify deleted", replaced(expression, [DROP, DROP, I32_CONST, 0]))];
  }
  if (name.startsWith("memory.atomic.wait")) {
    return [mutation("wait deleted", replaced(expression, [DROP, DROP, DROP, I32_CONST, 1]))];
  }
  if (/^memory\.(fill|copy)$/.test(name)) return [mutation("fill deleted", replaced(expression, [DROP, DROP, DROP]))];
  if (name === "global.set") return [mutation("assignment deleted", replaced(expression, [DROP]))];
  if (name === "br_if") {
    return [
      mutation("condition negated", before(expression)),
      mutation("branch deleted", replaced(expression, [DROP])),
    ];
  }
  if (name === "if") {
    const never = { begin: expression.operator.offset, end: expression.operator.offset, bytes: [DROP, I32_CONST, 0] };
    const isPlain = expression.results === 0 && expression.bodies.length === 1;
    return [mutation("condition negated", before(expression)), ...(isPlain ? [mutation("branch deleted", never)] : [])];
  }
  if (name === "select") return [mutation("choice negated", before(expression))];
  if (name === "call" && expression.results === 0) {
    return [mutation("call deleted", replaced(expression, new Array(expression.operands.length).fill(DROP)))];
  }
  if (name === "call" && consumer?.operator.name === "drop") {
    const bytes = [...new Array(expression.operands.length).fill(DROP)];
    return [mutation("call deleted", { begin: operator.offset, end: consumer.end, bytes })];
  }
  return comparisons(expression, consumer);
}

function mutation(what: string, edit: Edit): Mutation {
  return { what, edits: [edit] };
}

function replaced({ operator, end }: Expression, bytes: readonly number[]): Edit {
  return { begin: operator.offset, end, bytes };
}

/** Negates the condition on the stack. */
function before({ operator: { offset } }: Expression): Edit {
  return { begin: offset, end: offset, bytes: [I32_EQZ] };
}

/** The bytes before the address of the load of the same word. */
function loadOf({ name }: Operator): readonly number[] {
  const [, head, width, sign = ""] = /^(.+)\.rmw(8|16|32|)\.[a-z]+(_u)?$/.exec(name)!;
  return OPCODES.get(`${head}.load${width}${sign}`)!;
}

export function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && !(low & 0x40)) || (rest === -1n && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

/**
 * Of a mask, one that takes all or nothing; of an address, the next word; 1 and -1, which is all who sleep, become 0 and 1;
 * others are one more.
 */
function constants(expression: Expression, takers: readonly Expression[]): Mutation[] {
  const { operator } = expression;
  const wide = operator.name === "i64.const";
  if (!wide && operator.name !== "i32.const") return [];
  const value = BigInt.asIntN(wide ? 64 : 32, operator.bits!);
  const taker = takers[0]?.operator.name ?? "";
  const others = /\.and$/.test(taker)
    ? [0n, -1n]
    : /\.(or|xor)$/.test(taker)
      ? [0n]
      : isOfAddress(takers)
        ? [value + 4n]
        : value === 1n
          ? [0n]
          : value === -1n
            ? [1n]
            : [value === (wide ? MOST_I64 : MOST_I32) ? value - 1n : value + 1n];
  return others
    .filter((other) => other !== value)
    .map((other) =>
      mutation(`${value} is ${other}`, replaced(expression, [wide ? I64_CONST : I32_CONST, ...signed(other)])),
    );
}

/** Whether what is added to becomes the address of an access, at which an instruction reads or writes a word. */
function isOfAddress([sum, ...takers]: readonly Expression[]): boolean {
  if (sum?.operator.name !== "i32.add") return false;
  const [access] = takers.filter(({ operator: { name } }) => name !== "local.tee" && name !== "i32.add");
  return access !== undefined && access.operator.memoryOffset !== undefined && isIn(access.operands[0]!, sum);
}

function isIn(expression: Expression, part: Expression): boolean {
  return [...within(expression)].includes(part);
}

/** Negated, where no branch does so already; and as if what is equal were not, or the other way round. */
function comparisons(expression: Expression, consumer: Expression | undefined): Mutation[] {
  const { operator, operands } = expression;
  const [type, relation = ""] = operator.name.split(".");
  const [base = "", sign] = relation.split("_");
  const as = (to: string) => {
    const code = OPCODES.get(`${type}.${to}${sign ? `_${sign}` : ""}`)!;
    return mutation(`${base} is ${to}`, replaced(expression, code));
  };
  const isBranch = /^(if|br_if|select|i32\.eqz)$/.test(consumer?.operator.name ?? "");
  if (base in OPPOSITE) {
    return [...(isBranch ? [] : [as(OPPOSITE[base]!)]), ...(base in BOUNDARY ? [as(BOUNDARY[base]!)] : [])];
  }
  if (relation === "eqz" && type === "i32" && !isBranch) {
    return [mutation("not deleted", replaced(expression, [I32_EQZ, I32_EQZ]))];
  }
  const isArithmetic = /^(add|sub|mul|div|rem|shl|shr|and|or|xor)$/.test(base);
  const isOfConstant = operands.some(({ operator: { name } }) => name.endsWith(".const"));
  return isArithmetic && !isOfConstant && operands.length === 2
    ? [mutation(`second operand of ${base} deleted`, replaced(expression, [DROP]))]
    : [];
}

/** Whether others can see that a statement was executed. */
export function hasEffect(statement: Expression): boolean {
  for (const { operator } of within(statement)) {
    if (/\.store|\.rmw|^call|^memory\.(atomic\.notify|atomic\.wait|fill|copy)|^global\.set$/.test(operator.name))
      return true;
  }
  return false;
}

/** Whether one statement reads a local variable that the other writes: in the other order it is another program. */
export function depend(one: readonly Expression[], other: readonly Expression[]): boolean {
  const locals = (statements: readonly Expression[], pattern: RegExp) =>
    new Set(
      statements.flatMap((statement) =>
        [...within(statement)]
          .filter(({ operator }) => pattern.test(operator.name))
          .map(({ operator }) => operator.index),
      ),
    );
  const written = /^local\.(set|tee)$/;
  const used = /^local\./;
  const crosses = (writer: readonly Expression[], user: readonly Expression[]) => {
    const writes = locals(writer, written);
    return [...locals(user, used)].some((local) => writes.has(local));
  };
  return crosses(one, other) || crosses(other, one);
}

/** Whether a statement, once executed, goes on with the next: no branch leaves it. */
export function goesOn(statement: Expression, depth = 0): boolean {
  const { operator, operands, bodies } = statement;
  const { name } = operator;
  if (name === "return" || name === "br_table") return false;
  if ((name === "br" || name === "br_if") && operator.depth! >= depth) return false;
  return (
    operands.every((operand) => goesOn(operand, depth)) &&
    bodies.every((body) => body.every((each) => goesOn(each, depth + 1)))
  );
}
