/** What of WebAssembly processors execute, and how the rest is refused: by the feature's name and where it was met. */
import type { Type } from "wasmparser";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "funcref" | "externref";

const VALUE_TYPES: ReadonlyMap<number, ValueType> = new Map([
  [-1, "i32"],
  [-2, "i64"],
  [-3, "f32"],
  [-4, "f64"],
  [-16, "funcref"],
  [-17, "externref"],
]);
const V128 = -5;
const EXCEPTION_TYPES = [-23, -12];

const EXCEPTIONS = ["try", "catch", "throw", "rethrow", "throw_ref", "delegate", "catch_all", "try_table"];
const TAIL_CALLS = ["return_call", "return_call_indirect", "return_call_ref"];
const FUNCTION_REFERENCES = ["call_ref", "ref.as_non_null", "br_on_null", "br_on_non_null"];
const SIMD_PREFIX = 0xfd;
const GARBAGE_COLLECTION_PREFIX = 0xfb;

/** The error that refuses a module. `where`: "function gather", "a type". */
export function unsupported(feature: string, where: string): Error {
  return new Error(
    `Cannot execute ${where}: received ${feature}; expected WebAssembly 1.0 with sign extension, saturating ` +
      "conversions, multi-value, bulk memory, reference types and threads",
  );
}

/**
 * A value's type.
 *
 * @throws {Error} if processors have no such values
 */
export function valueType(type: Type, where: string): ValueType {
  const known = VALUE_TYPES.get(type.kind);
  if (known) return known;
  if (type.kind === V128) throw unsupported("SIMD", where);
  throw unsupported(EXCEPTION_TYPES.includes(type.kind) ? "exceptions" : "garbage collection", where);
}

/** The feature that an instruction belongs to if processors do not execute it. */
export function unsupportedFeature(name: string, code: number): string | undefined {
  if (EXCEPTIONS.includes(name)) return "exceptions";
  if (TAIL_CALLS.includes(name)) return "tail calls";
  if (FUNCTION_REFERENCES.includes(name)) return "typed function references";
  const prefix = code > 0xffff ? code >>> 12 : code >>> 8;
  if (prefix === SIMD_PREFIX) return "SIMD";
  if (prefix === GARBAGE_COLLECTION_PREFIX || name === "ref.eq") return "garbage collection";
  return undefined;
}
