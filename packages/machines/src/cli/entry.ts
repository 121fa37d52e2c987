import { loadProgram } from "../files/program.js";
import { registerCodeOf } from "../program/instantiate.js";
import { checkImports } from "../program/instructions.js";
import { isParallel, type Program, unparallelMemory } from "../program/program.js";
import type { Module } from "../wasm/module.js";
import { UsageError } from "./usage.js";

/**
 * A module's file as a program that so many processors can execute.
 *
 * @throws {UsageError} if there is no such file, or it holds something else
 */
export async function openProgram(file: string, processors: number): Promise<Program> {
  const program = await loadProgram(file).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  if (processors > 1 && !isParallel(program)) {
    throw new UsageError(
      `Cannot run ${file}: received a module with ${unparallelMemory(program)}, and ${processors} processors; expected one ` +
        "that imports a shared memory (of wasm-ld: --import-memory --shared-memory), or --processors 1",
    );
  }
  return program;
}

/**
 * The types of an entry's parameters.
 *
 * @throws {UsageError} if the module has no such entry, or needs what processors do not execute or machines do not have
 */
export function parameterTypes(program: Program, entry: string): readonly string[] {
  const { exports, functions } = moduleOf(program);
  const exported = exports.get(entry);
  if (exported?.kind === "function") return functions[exported.index]!.parameters;
  const entries = [...exports].filter(([, { kind }]) => kind === "function").map(([name]) => name);
  throw new UsageError(
    `Cannot run ${entry} of ${program.name}: received no function "${entry}" among its exports; expected ` +
      (entries.length > 0 ? `one of ${nearest(entries, entry)}` : "a module that exports some"),
  );
}

const MOST_NAMED = 12;

/** Names, those first that begin as `name` does. */
function nearest(names: readonly string[], name: string): string {
  const alike = (other: string) => [...other].findIndex((character, i) => character !== name[i]) >>> 0;
  const sorted = names.toSorted((a, b) => alike(b) - alike(a) || (a < b ? -1 : 1));
  const others = sorted.length - MOST_NAMED;
  return sorted.slice(0, MOST_NAMED).join(", ") + (others > 0 ? ` and ${others} others` : "");
}

function moduleOf(program: Program): Module {
  let module: Module;
  try {
    module = registerCodeOf(program).module;
  } catch (error) {
    throw new UsageError(`Cannot run ${program.name}: ${(error as Error).message}`);
  }
  try {
    checkImports(program.name, module);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return module;
}

/** How a value of each type is read from text: undefined for none. */
const READ: Readonly<Record<string, { readonly expected: string; read(text: string): number | bigint | undefined }>> = {
  i32: { expected: "a whole number of 32 bits", read: (text) => optionalNumber(whole(text, 32)) },
  i64: { expected: "a whole number of 64 bits", read: (text) => whole(text, 64) },
  f32: { expected: "a number", read: float },
  f64: { expected: "a number", read: float },
};

/**
 * The values of an entry's parameters, whole numbers signed or unsigned, decimal or hexadecimal.
 *
 * @param types the parameters' types
 * @throws {UsageError} if there are more or fewer texts, if one is no value of its type, or for a type without text
 */
export function parseArguments(entry: string, types: readonly string[], texts: readonly string[]): (number | bigint)[] {
  if (texts.length !== types.length) {
    throw new UsageError(
      `Cannot run ${entry}: received ${texts.length} arguments; expected ${types.length}` +
        (types.length > 0 ? ` (${types.join(", ")})` : ""),
    );
  }
  return types.map((type, i) => {
    const reader = READ[type];
    if (reader === undefined) {
      throw new UsageError(`Cannot run ${entry}: received a parameter of type ${type}; expected i32, i64, f32 or f64`);
    }
    const value = reader.read(texts[i]!);
    if (value === undefined) {
      throw new UsageError(
        `Cannot run ${entry}: received "${texts[i]}" as argument ${i + 1}; expected ${reader.expected} (${type})`,
      );
    }
    return value;
  });
}

function whole(text: string, bits: number): bigint | undefined {
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(text)) return undefined;
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  const limit = 1n << BigInt(bits);
  return value >= -limit / 2n && value < limit ? value : undefined;
}

function optionalNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function float(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) && text.toLowerCase() !== "nan" ? undefined : value;
}
