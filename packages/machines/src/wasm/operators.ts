/** WebAssembly's instructions as their bytes are: the names, and what follows each. */
import { unsupported, unsupportedFeature } from "./features.js";
import type { FunctionType } from "./module.js";
import type { Reader } from "./reader.js";
import { readBlockType, readNullType, readValueType } from "./types.js";

/** An instruction of WebAssembly, with the fields that its kind has. */
export interface Operator {
  readonly name: string;
  /** Where it begins in the module's bytes. */
  readonly offset: number;
  /** block, loop, if. */
  readonly blockType?: FunctionType;
  /** br, br_if: how many blocks out. */
  readonly depth?: number;
  /** br_table: the same of each, the default last. */
  readonly depths?: readonly number[];
  /** The number of a local, global, function or segment. */
  readonly index?: number;
  /** call_indirect. */
  readonly type?: FunctionType;
  /** call_indirect and what works on tables; table.copy: the one that is written. */
  readonly table?: number;
  /** table.copy: the table that is read. */
  readonly source?: number;
  /** Accesses to memory: what is added to the address. */
  readonly memoryOffset?: number;
  /** Constants: the bits, zero-extended. */
  readonly bits?: bigint;
}

const ONE_BYTE = `
  00 unreachable nop block loop if else
  0b end br br_if br_table return call call_indirect
  1a drop select select
  20 local.get local.set local.tee global.get global.set table.get table.set
  28 i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u
     i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store f32.store f64.store i32.store8 i32.store16
     i64.store8 i64.store16 i64.store32 memory.size memory.grow i32.const i64.const f32.const f64.const
  45 i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u
     i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u
     f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge
     i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor
     i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr
     i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor
     i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr
     f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min f32.max
     f32.copysign
     f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min f64.max
     f64.copysign
     i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u
     i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u
     f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s
     f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64
     i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s
  d0 ref.null ref.is_null ref.func`;
/** After the byte 0xfc. */
const BULK = `
  00 i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u i64.trunc_sat_f32_s
     i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u memory.init data.drop memory.copy memory.fill table.init
     elem.drop table.copy table.grow table.size table.fill`;
/** After the byte 0xfe: these, and from 0x1e on the read-modify-writes. */
const ATOMIC = `
  00 memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64 atomic.fence
  10 i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u i64.atomic.load8_u i64.atomic.load16_u
     i64.atomic.load32_u i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16 i64.atomic.store8
     i64.atomic.store16 i64.atomic.store32`;
const READ_MODIFY_WRITES = ["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].flatMap((name) => [
  ...["i32.atomic.rmw", "i64.atomic.rmw"].map((head) => `${head}.${name}`),
  ...["i32.atomic.rmw8", "i32.atomic.rmw16", "i64.atomic.rmw8", "i64.atomic.rmw16", "i64.atomic.rmw32"].map(
    (head) => `${head}.${name}_u`,
  ),
]);

/** The names by their codes. A code in hexadecimal is that of the name after it. */
function numbered(text: string): string[] {
  const names: string[] = [];
  let code = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (/^[\da-f]{2}$/.test(word)) code = Number.parseInt(word, 16);
    else names[code++] = word;
  }
  return names;
}

const PREFIXED: ReadonlyMap<number, readonly string[]> = new Map([
  [0xfc, numbered(BULK)],
  [0xfe, [...numbered(ATOMIC), ...READ_MODIFY_WRITES]],
]);
const NAMES = numbered(ONE_BYTE);

/** The bytes of an instruction without what follows it, by its name. Codes after a prefix are below 128: one byte. */
export const OPCODES: ReadonlyMap<string, readonly number[]> = new Map(
  [[[], NAMES] as const, ...[...PREFIXED].map(([prefix, names]) => [[prefix], names] as const)].flatMap(
    ([prefix, names]) => names.flatMap((name, code): [string, number[]][] => [[name, [...prefix, code]]]),
  ),
);

const ACCESSES_MEMORY = /^[if](32|64)\.(atomic\.)?(load|store|rmw)|^memory\.atomic\./;
/** The bit in an access's alignment that says that the number of a memory follows. */
const NUMBERED_MEMORY = 0x40;
const TYPED_SELECT = 0x1c;

/**
 * Reads an instruction. `typeOf` gives the types that the module numbers.
 *
 * @throws {Error} if processors do not execute it
 */
export function readOperator(reader: Reader, where: string, typeOf: (index: number) => FunctionType): Operator {
  const offset = reader.position;
  const code = reader.byte();
  const prefixed = PREFIXED.get(code);
  const number = prefixed ? reader.unsigned() : code;
  const name = (prefixed ?? NAMES)[number];
  if (name === undefined) throw unsupported(unsupportedFeature(code) ?? instruction(code, number), where);
  return { name, offset, ...readOperands(reader, name, code, where, typeOf) };
}

function instruction(code: number, number: number): string {
  const codes = code === number ? [code] : [code, number];
  return `the instruction ${codes.map((part) => `0x${part.toString(16)}`).join(" ")}`;
}

function readOperands(
  reader: Reader,
  name: string,
  code: number,
  where: string,
  typeOf: (index: number) => FunctionType,
): Omit<Operator, "name" | "offset"> {
  if (ACCESSES_MEMORY.test(name)) {
    if (reader.unsigned() & NUMBERED_MEMORY) reader.unsigned();
    return { memoryOffset: reader.unsigned() };
  }
  switch (name) {
    case "block":
    case "loop":
    case "if":
      return { blockType: readBlockType(reader, where, typeOf) };
    case "br":
    case "br_if":
      return { depth: reader.unsigned() };
    case "br_table":
      return { depths: [...reader.vector(() => reader.unsigned()), reader.unsigned()] };
    case "call":
    case "ref.func":
    case "local.get":
    case "local.set":
    case "local.tee":
    case "global.get":
    case "global.set":
    case "data.drop":
    case "elem.drop":
      return { index: reader.unsigned() };
    case "call_indirect":
      return { type: typeOf(reader.unsigned()), table: reader.unsigned() };
    case "table.get":
    case "table.set":
    case "table.grow":
    case "table.size":
    case "table.fill":
      return { table: reader.unsigned() };
    case "table.copy":
      return { table: reader.unsigned(), source: reader.unsigned() };
    case "table.init":
      return { index: reader.unsigned(), table: reader.unsigned() };
    case "memory.init": {
      const index = reader.unsigned();
      reader.unsigned();
      return { index };
    }
    case "memory.copy":
      reader.unsigned();
      reader.unsigned();
      return {};
    case "memory.size":
    case "memory.grow":
    case "memory.fill":
      reader.unsigned();
      return {};
    case "atomic.fence":
      reader.byte();
      return {};
    case "select":
      if (code === TYPED_SELECT) reader.vector(() => readValueType(reader, where));
      return {};
    case "ref.null":
      readNullType(reader, where);
      return {};
    case "i32.const":
      return { bits: BigInt.asUintN(32, reader.signed()) };
    case "i64.const":
      return { bits: BigInt.asUintN(64, reader.signed()) };
    case "f32.const":
      return { bits: reader.bits32() };
    case "f64.const":
      return { bits: reader.bits64() };
    default:
      return {};
  }
}
