/** Writes WebAssembly modules byte by byte, also such as no compiler would write. */
import type { ValueType } from "#machines/wasm/module.js";

export type Bytes = readonly number[];

const TYPES: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, funcref: 0x70, externref: 0x6f };
export const typeByte = (type: ValueType): number => TYPES[type];
export const EMPTY_BLOCK = 0x40;

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 127;
    bytes.push((rest % 128) + (more ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const byte = Number(BigInt.asUintN(7, rest));
    rest >>= 7n;
    if ((rest === 0n && byte < 64) || (rest === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

const OPCODES = { i32: 0x41, i64: 0x42, f32: 0x43, f64: 0x44 } as const;

/** The instruction that pushes a constant. */
export function constant(type: keyof typeof OPCODES, value: number | bigint): number[] {
  const data = new DataView(new ArrayBuffer(8));
  if (type === "f32") data.setFloat32(0, Number(value), true);
  if (type === "f64") data.setFloat64(0, Number(value), true);
  const size = type === "f32" ? 4 : 8;
  const immediate = type === "i32" || type === "i64" ? signed(BigInt(value)) : new Uint8Array(data.buffer, 0, size);
  return [OPCODES[type], ...immediate];
}

/** Bytes with their number before them. */
export const vector = (items: readonly Bytes[]): number[] => [...unsigned(items.length), ...items.flat()];
export const string = (text: string): number[] => vector(Array.from(Buffer.from(text), (byte) => [byte]));

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface FunctionText {
  readonly type: number;
  readonly locals: readonly ValueType[];
  /** Without the last end. */
  readonly body: Bytes;
}

export interface ModuleText {
  readonly types: readonly Signature[];
  /** As they are written, with names and kinds. */
  readonly imports?: readonly Bytes[];
  readonly functions: readonly FunctionText[];
  readonly tables?: readonly Bytes[];
  readonly memories?: readonly Bytes[];
  /** Type, mutability and constant expression. */
  readonly globals?: readonly Bytes[];
  readonly exports: readonly { readonly name: string; readonly kind: number; readonly index: number }[];
  readonly start?: number;
  readonly elements?: readonly Bytes[];
  readonly data?: readonly Bytes[];
}

export const importOf = (module: string, name: string, description: Bytes): number[] => [
  ...string(module),
  ...string(name),
  ...description,
];

export function encode(text: ModuleText): Uint8Array<ArrayBuffer> {
  const types = text.types.map(({ parameters, results }) => [
    0x60,
    ...vector(parameters.map((type) => [typeByte(type)])),
    ...vector(results.map((type) => [typeByte(type)])),
  ]);
  const code = text.functions.map(({ locals, body }) => {
    const bytes = [...vector(locals.map((type) => [1, typeByte(type)])), ...body, 0x0b];
    return [...unsigned(bytes.length), ...bytes];
  });
  const sections: [id: number, content: Bytes | undefined][] = [
    [1, vector(types)],
    [2, text.imports && vector(text.imports)],
    [3, vector(text.functions.map(({ type }) => unsigned(type)))],
    [4, text.tables && vector(text.tables)],
    [5, text.memories && vector(text.memories)],
    [6, text.globals && vector(text.globals)],
    [7, vector(text.exports.map(({ name, kind, index }) => [...string(name), kind, ...unsigned(index)]))],
    [8, text.start === undefined ? undefined : unsigned(text.start)],
    [9, text.elements && vector(text.elements)],
    [12, text.data && unsigned(text.data.length)],
    [10, vector(code)],
    [11, text.data && vector(text.data)],
  ];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id, content] of sections) {
    if (content) bytes.push(id, ...unsigned(content.length), ...content);
  }
  return new Uint8Array(bytes);
}
