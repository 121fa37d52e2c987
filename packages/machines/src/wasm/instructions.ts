/**
 * The instructions of register code: what a module is lowered to, and what the interpreter's loop is made of.
 *
 * An instruction is a few 32-bit words: its number, then its operands. An operand that names a register is that
 * register's offset in bytes from the frame's base; every register has 8 bytes, of which values of 32 bits use the
 * lower half.
 */

/** An instruction that computes a value from registers, as WebAssembly's instruction of that name does. */
export interface Computation {
  readonly name: string;
  /** Types of AssemblyScript. */
  readonly operands: readonly string[];
  readonly result: string;
  /** AssemblyScript, of the operands a and b. */
  readonly expression: string;
  /** Conditions on a and b under which it traps, first come, first served. */
  readonly traps?: readonly { readonly condition: string; readonly trap: TrapName }[];
  /** Whether the last operand may be a constant of 32 bits in the code, sign-extended: the instruction `name`.k. */
  readonly constant?: boolean;
  /** Whether it is also there as a branch: `branch.name`, with the target as a last operand. */
  readonly branch?: boolean;
}

/** Why a processor cannot go on, and what the message says; in the order of their numbers. */
export const TRAPS = {
  unreachable: "unreachable",
  divideByZero: "integer divide by zero",
  overflow: "integer overflow",
  invalidConversion: "invalid conversion to integer",
  memoryOutOfBounds: "memory access out of bounds",
  tableOutOfBounds: "table access out of bounds",
  unaligned: "unaligned atomic",
  indirectCallToNull: "indirect call to null",
  indirectCallTypeMismatch: "indirect call type mismatch",
  callStackExhausted: "call stack exhausted",
  waitOnUnsharedMemory: "wait on unshared memory",
} as const;
export type TrapName = keyof typeof TRAPS;

type Row = readonly [name: string, expression: string];

const COMPARISONS: readonly Row[] = [
  ["eq", "a == b"],
  ["ne", "a != b"],
  ["lt_s", "a < b"],
  ["lt_u", "a < b"],
  ["gt_s", "a > b"],
  ["gt_u", "a > b"],
  ["le_s", "a <= b"],
  ["le_u", "a <= b"],
  ["ge_s", "a >= b"],
  ["ge_u", "a >= b"],
];

function integers(type: "i32" | "i64"): Computation[] {
  const unsigned = type === "i32" ? "u32" : "u64";
  const operand = (name: string) => (name.endsWith("_u") ? unsigned : type);
  const binary = ([name, expression]: Row): Computation => ({
    name: `${type}.${name}`,
    operands: [operand(name), operand(name)],
    result: type,
    expression,
  });
  const unary = ([name, expression]: Row): Computation => ({
    name: `${type}.${name}`,
    operands: [type],
    result: type,
    expression,
  });
  const zero = { condition: "b == 0", trap: "divideByZero" } as const;
  const overflow = { condition: `a == ${type}.MIN_VALUE && b == -1`, trap: "overflow" } as const;
  return [
    { name: `${type}.eqz`, operands: [type], result: "i32", expression: "a == 0", branch: true },
    { name: `${type}.nez`, operands: [type], result: "i32", expression: "a != 0", branch: true },
    ...COMPARISONS.map((row) => ({ ...binary(row), result: "i32", constant: true, branch: true })),
    ...(
      [
        ["add", "a + b"],
        ["mul", "a * b"],
        ["and", "a & b"],
        ["or", "a | b"],
        ["xor", "a ^ b"],
        ["shl", "a << b"],
        ["shr_s", "a >> b"],
        ["shr_u", "a >> b"],
        ["rotl", `rotl<${type}>(a, b)`],
        ["rotr", `rotr<${type}>(a, b)`],
      ] as const
    ).map((row) => ({ ...binary(row), constant: true })),
    binary(["sub", "a - b"]),
    { ...binary(["div_s", "a / b"]), traps: [zero, overflow] },
    { ...binary(["div_u", "a / b"]), traps: [zero] },
    { ...binary(["rem_s", "a % b"]), traps: [zero] },
    { ...binary(["rem_u", "a % b"]), traps: [zero] },
    ...(["clz", "ctz", "popcnt"] as const).map((name) => unary([name, `${name}<${type}>(a)`])),
    unary(["extend8_s", `<${type}>(<i8>a)`]),
    unary(["extend16_s", `<${type}>(<i16>a)`]),
  ];
}

function floats(type: "f32" | "f64"): Computation[] {
  const binary = ([name, expression]: Row): Computation => ({
    name: `${type}.${name}`,
    operands: [type, type],
    result: type,
    expression,
  });
  const unary = ([name, expression]: Row): Computation => ({
    name: `${type}.${name}`,
    operands: [type],
    result: type,
    expression,
  });
  return [
    ...(
      [
        ["eq", "a == b"],
        ["ne", "a != b"],
        ["lt", "a < b"],
        ["gt", "a > b"],
        ["le", "a <= b"],
        ["ge", "a >= b"],
      ] as const
    ).map((row) => ({ ...binary(row), result: "i32" })),
    ...(["abs", "ceil", "floor", "trunc", "nearest", "sqrt"] as const).map((name) =>
      unary([name, `${name}<${type}>(a)`]),
    ),
    unary(["neg", "-a"]),
    ...(["min", "max", "copysign"] as const).map((name) => binary([name, `${name}<${type}>(a, b)`])),
    binary(["add", "a + b"]),
    binary(["sub", "a - b"]),
    binary(["mul", "a * b"]),
    binary(["div", "a / b"]),
  ];
}

/** The interval, both ends excluded unless it says so, in which a float's whole part is an integer of the type. */
const RANGES: Record<string, string> = {
  "i32 f32": "a >= -2147483648.0 && a < 2147483648.0",
  "i32 f64": "a > -2147483649.0 && a < 2147483648.0",
  "i64 f32": "a >= -9223372036854775808.0 && a < 9223372036854775808.0",
  "i64 f64": "a >= -9223372036854775808.0 && a < 9223372036854775808.0",
  u32: "a > -1.0 && a < 4294967296.0",
  u64: "a > -1.0 && a < 18446744073709551616.0",
};

function conversions(): Computation[] {
  const one = (name: string, operand: string, result: string, expression: string): Computation => ({
    name,
    operands: [operand],
    result,
    expression,
  });
  const both = [
    ["s", "i"],
    ["u", "u"],
  ] as const;
  const list = [
    one("i32.wrap_i64", "i64", "i32", "<i32>a"),
    one("i64.extend_i32_s", "i32", "i64", "<i64>a"),
    one("i64.extend_i32_u", "u32", "i64", "<i64>a"),
    one("i64.extend32_s", "i64", "i64", "<i64>(<i32>a)"),
    one("f32.demote_f64", "f64", "f32", "<f32>a"),
    one("f64.promote_f32", "f32", "f64", "<f64>a"),
    one("i32.reinterpret_f32", "i32", "i32", "a"),
    one("i64.reinterpret_f64", "i64", "i64", "a"),
    one("f32.reinterpret_i32", "i32", "i32", "a"),
    one("f64.reinterpret_i64", "i64", "i64", "a"),
  ];
  for (const bits of [32, 64]) {
    for (const float of ["f32", "f64"]) {
      for (const [suffix, letter] of both) {
        const integer = `${letter}${bits}`;
        const range = RANGES[`${integer} ${float}`] ?? RANGES[integer]!;
        list.push(one(`${float}.convert_i${bits}_${suffix}`, integer, float, `<${float}>a`), {
          ...one(`i${bits}.trunc_${float}_${suffix}`, float, integer, `<${integer}>a`),
          traps: [
            { condition: "a != a", trap: "invalidConversion" },
            { condition: `!(${range})`, trap: "overflow" },
          ],
        });
        const least = letter === "u" ? "0" : `${integer}.MIN_VALUE`;
        const beyond = `a < 0 ? ${least} : a > 0 ? ${integer}.MAX_VALUE : 0`;
        list.push(
          one(`i${bits}.trunc_sat_${float}_${suffix}`, float, integer, `(${range}) ? <${integer}>a : ${beyond}`),
        );
      }
    }
  }
  return list;
}

export const COMPUTATIONS: readonly Computation[] = [
  ...integers("i32"),
  ...integers("i64"),
  ...floats("f32"),
  ...floats("f64"),
  ...conversions(),
];

/**
 * The instructions that move values, control and memory, written by hand in the interpreter; their operands in order.
 * An access to memory is followed by the instruction that takes its result.
 */
export const TRANSFERS = {
  trap: ["trap"],
  copy: ["to", "from"],
  constant32: ["to", "value"],
  constant64: ["to", "low", "high"],
  select: ["to", "a", "b", "condition"],
  globalGet: ["to", "slot"],
  globalSet: ["slot", "from"],
  branch: ["target"],
  /** Followed by count + 1 targets, the default last. */
  branchTable: ["index", "count"],
  /** `callee`: the pc of its entry. `frame`: where the callee's frame begins, from the caller's base; last of all. */
  call: ["callee", "frame"],
  callIndirect: ["index", "slot", "type", "frame"],
  /** `first`: the register of the first argument. */
  callImport: ["import", "first"],
  returnNone: ["linkage"],
  returnOne: ["linkage", "from"],
  returnMany: ["linkage", "from", "count"],
  halt: [],
  load: ["address", "offset", "access"],
  store: ["address", "offset", "access", "value"],
  atomicLoad: ["address", "offset", "access"],
  atomicStore: ["address", "offset", "access", "value"],
  readModifyWrite: ["address", "offset", "access", "value"],
  compareExchange: ["address", "offset", "access", "expected", "replacement"],
  wait: ["address", "offset", "access", "expected", "timeout"],
  notify: ["address", "offset", "access", "count"],
  fence: [],
  memorySize: [],
  memoryGrow: ["pages"],
  result32: ["to"],
  result64: ["to"],
  result32From8: ["to"],
  result32From16: ["to"],
  result64From8: ["to"],
  result64From16: ["to"],
  result64From32: ["to"],
  /** `first`: the registers of destination, value or source, and count, one after the other. */
  fillCheck: ["first"],
  fillStep: ["first"],
  copyCheck: ["first"],
  copyLoad: ["first", "end"],
  copyStore: ["first", "again"],
  initCheck: ["first", "segment"],
  initStep: ["first", "segment"],
  dataDrop: ["segment"],
  elementDrop: ["segment"],
  tableGet: ["to", "slot", "index"],
  tableSet: ["slot", "index", "value"],
  tableSize: ["to", "slot"],
  tableGrow: ["to", "slot", "value", "count"],
  tableFill: ["first", "slot"],
  tableCopy: ["first", "slot", "source"],
  tableInit: ["first", "slot", "segment"],
} as const satisfies Record<string, readonly string[]>;
export type TransferName = keyof typeof TRANSFERS;

/** Every instruction's name, in the order of their numbers. */
export const INSTRUCTIONS: readonly string[] = [
  ...Object.keys(TRANSFERS),
  ...COMPUTATIONS.flatMap(({ name, constant, branch }) => [
    name,
    ...(constant ? [`${name}.k`] : []),
    ...(branch ? [`branch.${name}`] : []),
    ...(constant && branch ? [`branch.${name}.k`] : []),
  ]),
];

/** An instruction's number. */
export const NUMBER_OF: ReadonlyMap<string, number> = new Map(INSTRUCTIONS.map((name, number) => [name, number]));

/**
 * How an access is described in one word.
 *
 *     | bits 0-3: size in bytes | 4: atomic | 5: its result is used | 6-8: operator of a read-modify-write | 9: on
 *     an unshared memory, on which nobody may wait |
 */
export const ACCESS = { size: 15, atomic: 16, resultUsed: 32, operatorShift: 6, unshared: 512 } as const;
