/** Types as a module's bytes have them. Those that nothing uses may be of features that processors do not execute. */
import { unsupported } from "./features.js";
import type { FunctionType, ValueType } from "./module.js";
import type { Reader } from "./reader.js";

const VALUE_TYPES: ReadonlyMap<number, ValueType> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x70, "funcref"],
  [0x6f, "externref"],
]);
const NULL_TYPES: ReadonlyMap<number, ValueType> = new Map([
  [0x73, "funcref"],
  [0x72, "externref"],
]);
const V128 = 0x7b;
/** References to exceptions, and the type of none. */
const EXCEPTION_TYPES = [0x69, 0x74];
/** Followed by a heap type: `ref` and `ref null`. */
const REFERENCE = 0x64;
const NULLABLE_REFERENCE = 0x63;
const EMPTY_BLOCK = -64n;

const FUNCTION = 0x60;
const STRUCTURE = 0x5f;
const ARRAY = 0x5e;
const SUBTYPE = 0x50;
const FINAL_SUBTYPE = 0x4f;
const RECURSIVE = 0x4e;

/** A type that has not been needed yet: the function type, by where it is met, or an error that names the feature. */
export type LazyType = (where: string) => FunctionType;

/** Reads a value type; returns it by where it is met, for which it is refused if processors have no such values. */
export function lazyValueType(reader: Reader): (where: string) => ValueType {
  let code = reader.byte();
  // A nullable reference to one of the heap types that have a short form is that form.
  if (code === NULLABLE_REFERENCE || code === REFERENCE) {
    const heap = Number(reader.signed());
    code = code === NULLABLE_REFERENCE && heap < 0 ? heap & 0x7f : REFERENCE;
  }
  return (where) => {
    const type = VALUE_TYPES.get(code);
    if (type) return type;
    if (code === V128) throw unsupported("SIMD", where);
    throw unsupported(EXCEPTION_TYPES.includes(code) ? "exceptions" : "garbage collection", where);
  };
}

/**
 * Reads a value type.
 *
 * @throws {Error} if processors have no such values
 */
export function readValueType(reader: Reader, where: string): ValueType {
  return lazyValueType(reader)(where);
}

/** Reads the heap type of a null, which may be the type of nothing but nulls; the type of references to it. */
export function readNullType(reader: Reader, where: string): ValueType {
  const heap = Number(reader.signed());
  const type = heap < 0 ? (VALUE_TYPES.get(heap & 0x7f) ?? NULL_TYPES.get(heap & 0x7f)) : undefined;
  if (type) return type;
  throw unsupported(heap < 0 && EXCEPTION_TYPES.includes(heap & 0x7f) ? "exceptions" : "garbage collection", where);
}

/** Reads a block's type, of which `typeOf` gives those that the module numbers. */
export function readBlockType(reader: Reader, where: string, typeOf: (index: number) => FunctionType): FunctionType {
  const begin = reader.position;
  const number = reader.signed();
  if (number >= 0n) return typeOf(Number(number));
  if (number === EMPTY_BLOCK) return { parameters: [], results: [] };
  reader.position = begin;
  return { parameters: [], results: [readValueType(reader, where)] };
}

/** Reads an entry of the type section, which defines one type or several. */
export function readTypes(reader: Reader): LazyType[] {
  if (reader.bytes[reader.position] !== RECURSIVE) return [readSubtype(reader)];
  reader.byte();
  const types = reader.vector(() => readSubtype(reader));
  // Types that are defined together equal no others of the same form.
  return types.length === 1 ? types : types.map(() => refused);
}

const refused: LazyType = (where) => {
  throw unsupported("garbage collection", where);
};

function readSubtype(reader: Reader): LazyType {
  const form = reader.byte();
  if (form !== SUBTYPE && form !== FINAL_SUBTYPE) return readComposite(reader, form);
  const supertypes = reader.vector(() => reader.unsigned());
  const type = readComposite(reader, reader.byte());
  return form === FINAL_SUBTYPE && supertypes.length === 0 ? type : refused;
}

function readComposite(reader: Reader, form: number): LazyType {
  if (form === FUNCTION) {
    const parameters = reader.vector(() => lazyValueType(reader));
    const results = reader.vector(() => lazyValueType(reader));
    return (where) => ({
      parameters: parameters.map((type) => type(where)),
      results: results.map((type) => type(where)),
    });
  }
  const field = () => {
    lazyValueType(reader);
    reader.byte();
  };
  if (form === STRUCTURE) reader.vector(field);
  else if (form === ARRAY) field();
  else throw unsupported(`the form of types 0x${form.toString(16)}`, "the module");
  return refused;
}
