/**
 * Random modules that are valid and end: every function and every turn of a loop uses up fuel. Choices come from a list
 * of bytes, the simplest when it is used up, so that shrinking the list shrinks the module.
 */
import type { ValueType } from "#machines/wasm/module.js";
import { constant, encode, type FunctionText, importOf, string, typeByte, unsigned, vector } from "./encoder.js";
import { FunctionGenerator } from "./function-generator.js";
import { OPERANDS } from "./operands.js";
import { FUEL, GLOBALS, LOCALS, type Numeric, TYPES } from "./pieces.js";

export interface RandomModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The exported functions, without the one that fills the fuel up, `refuel`, which takes null. */
  readonly functions: readonly { readonly name: string; readonly parameters: readonly ValueType[] }[];
  readonly globals: readonly string[];
}

/** Imported: one that takes values, one that returns them. */
const IMPORTS = [8, 6];
const FUNCTIONS = 5;
/** Of the function that fills the fuel up: no generated code calls by this type. */
const REFUEL = { parameters: ["externref"], results: [] } as const;
/** Of the function that makes all those calls. */
const CHECK = { parameters: [], results: ["i32"] } as const;
const END = 0x0b;

/**
 * @param drives calls, each by a number, that functions d0, d1, ... make: these take and return nothing, and leave results
 * in the memory; the last one leaves globals there. One more, `check`, calls all of them, and returns a hash of the memory
 */
export function randomModule(choices: Uint8Array, drives: readonly number[] = []): RandomModule {
  let used = 0;
  const choose = (count: number) => {
    const byte = choices[used++] ?? 0;
    // Two bytes for long lists, so that every entry can be chosen.
    return (count > 256 ? byte * 256 + (choices[used++] ?? 0) : byte) % count;
  };
  const shared = choose(2) === 1;
  const types = [...IMPORTS, TYPES.length, ...Array.from({ length: FUNCTIONS }, () => choose(TYPES.length))];
  const refuel: FunctionText = { type: TYPES.length, locals: [], body: [...constant("i32", FUEL), 0x24, 0] };
  const functions = types.slice(IMPORTS.length + 1).map((type): FunctionText => {
    const body = new FunctionGenerator(choose, TYPES[type]!, types, shared).body(TYPES[type]!);
    return { type, locals: LOCALS, body };
  });
  const driving = drivers(types, drives);
  const references = Array.from({ length: 7 }, () => choose(types.length));
  const limits = [shared ? 3 : 1, 1, 3];
  const imported = choose(2) === 1;
  const bytes = encode({
    types: [...TYPES, REFUEL, CHECK],
    imports: [
      ...IMPORTS.map((type, i) => importOf("env", `import ${i}`, [0, type])),
      ...(imported ? [importOf("env", "heap", [2, ...limits])] : []),
    ],
    functions: [refuel, ...functions, ...driving],
    tables: [
      [0x70, 1, 8, 12],
      [0x70, 0, 3],
    ],
    memories: imported ? [] : [limits],
    globals: GLOBALS.map((type, i) => [typeByte(type), 1, ...initial(type, i), END]),
    exports: [
      ...types.map((_, index) => ({ name: index === IMPORTS.length ? "refuel" : `f${index}`, kind: 0, index })),
      ...driving.map((_, i) => ({ name: i > drives.length ? "check" : `d${i}`, kind: 0, index: types.length + i })),
      ...GLOBALS.map((_, index) => ({ name: `g${index}`, kind: 3, index })),
      { name: "memory", kind: 2, index: 0 },
    ],
    elements: [
      [0, ...constant("i32", 0), END, ...vector(references.map(unsigned))],
      [5, 0x70, ...vector([...references.slice(3).map((index) => [0xd2, index, END]), [0xd0, 0x70, END]])],
      // Declarative.
      [7, 0x70, ...vector([[0xd2, references[0]!, END]])],
    ],
    data: [
      [0, ...constant("i32", 13), END, ...string("the first bytes of the memory")],
      [1, ...string("bytes for memory.init, some more than sixteen")],
    ],
  });
  const own = functions.map(({ type }, i) => {
    return { name: `f${IMPORTS.length + 1 + i}`, parameters: TYPES[type]!.parameters };
  });
  return { bytes, functions: own, globals: GLOBALS.map((_, i) => `g${i}`) };
}

function initial(type: ValueType, index: number): number[] {
  return type === "funcref" || type === "externref" ? [0xd0, typeByte(type)] : constant(type as Numeric, index + 1);
}

/** Where functions that drive others leave results: the end of a memory's first page. */
const RESULTS = 65536 - 256;

/** The functions that drive others, and the one after them that leaves globals. */
function drivers(types: readonly number[], drives: readonly number[]): FunctionText[] {
  if (drives.length === 0) return [];
  const refuel = IMPORTS.length;
  const calling = drives.map((drive): FunctionText => {
    const callee = refuel + 1 + (drive % FUNCTIONS);
    const { parameters, results } = TYPES[types[callee]!]!;
    const body = [
      ...[0xd0, typeByte("externref"), 0x10, ...unsigned(refuel)],
      ...parameters.flatMap((type, i) => operand(type, (drive >> 3) + i)),
      ...[0x10, ...unsigned(callee)],
      ...results.flatMap((_, i) => [0x21, results.length - 1 - i]),
      ...results.flatMap((type, i) => keep(type, RESULTS + 8 * i, [0x20, i])),
    ];
    return { type: 0, locals: results, body };
  });
  const body = GLOBALS.flatMap((type, i) => keep(type, RESULTS + 64 + 8 * i, [0x23, i]));
  const check: FunctionText = {
    type: TYPES.length + 1,
    locals: ["i32", "i32"],
    body: [...[...calling, body].flatMap((_, i) => [0x10, ...unsigned(types.length + i)]), ...HASH],
  };
  return [...calling, { type: 0, locals: [], body }, check];
}

/** A hash of the memory, word by word, for which local 0 is the address, and 1 what it is up to there. */
const HASH = [
  ...[0x03, 0x40],
  ...[0x20, 1, ...constant("i32", 16_777_619), 0x6c, 0x20, 0, 0x28, 2, 0, 0x73, 0x21, 1],
  ...[0x20, 0, ...constant("i32", 4), 0x6a, 0x22, 0, 0x3f, 0, ...constant("i32", 16), 0x74, 0x49, 0x0d, 0],
  ...[END, 0x20, 1],
];

function operand(type: ValueType, choice: number): number[] {
  if (type === "funcref" || type === "externref") return [0xd0, typeByte(type)];
  return constant(type, OPERANDS[type][choice % OPERANDS[type].length]!);
}

/** Stores a value at an address: 0 for what is not a number, whose bits are the platform's choice. */
function keep(type: ValueType, address: number, value: readonly number[]): number[] {
  const at = constant("i32", address);
  switch (type) {
    case "i32":
      return [...at, ...value, 0x36, 2, 0];
    case "i64":
      return [...at, ...value, 0x37, 3, 0];
    case "f32":
      return [...at, ...value, ...constant("f32", 0), ...value, ...value, 0x5b, 0x1b, 0x38, 2, 0];
    case "f64":
      return [...at, ...value, ...constant("f64", 0), ...value, ...value, 0x61, 0x1b, 0x39, 3, 0];
    default:
      return [...at, ...value, 0xd1, 0x36, 2, 0];
  }
}
