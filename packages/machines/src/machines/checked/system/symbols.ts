import { INSTRUCTIONS, type Instruction, type InstructionName } from "../../../program/instructions.js";
import type { Module } from "../../../wasm/module.js";

/** Bytes after an address with a name that are taken as part of what it names: its size is nowhere. */
const EXTENT = 256;
/** Above, numbers are addresses and bit masks more often than counts. */
const MOST_DECIMAL = 9999;

/**
 * What a program calls its places in memory and its events: constants that it exports. An exported constant `NAME` is the
 * address of a variable (LLVM's linker exports them so: `--export=NAME`), one of `Event.NAME` a number that it marks, one
 * of `Operation.NAME` an operation that it invokes.
 */
export class Symbols {
  readonly #places: readonly (readonly [name: string, address: number])[];
  /** By enumeration and value: `Event 2`. */
  readonly #members: ReadonlyMap<string, string>;

  constructor({ exports, globals }: Module) {
    const constants = [...exports].flatMap(([name, { kind, index }]) => {
      const global = kind === "global" ? globals[index]! : undefined;
      return global?.type === "i32" && !global.mutable ? [[name, Number(global.value.bits)] as const] : [];
    });
    // With two underscores begin what the linker itself says of the memory, with a point the values of enumerations.
    this.#places = constants.filter(([name]) => !/^__|\./.test(name)).sort(([, a], [, b]) => a - b);
    this.#members = new Map(constants.map(([name, value]) => [`${name.split(".", 1)[0]} ${value}`, name]));
  }

  /** `lock (0x40)`, `lock+4 (0x44)`; `0x40` where nothing has a name. */
  address(address: number): string {
    const hexadecimal = `0x${address.toString(16)}`;
    const [name, begin] = this.#places.findLast(([, begin]) => begin <= address) ?? ["", -EXTENT];
    if (address - begin >= EXTENT) return hexadecimal;
    return `${name}${address === begin ? "" : `+${address - begin}`} (${hexadecimal})`;
  }

  /** The first argument of an instruction: `Event.Acquired`, or the number where it has no name. */
  argument(instruction: InstructionName, value: number): string {
    const { enumeration }: Instruction = INSTRUCTIONS[instruction];
    return this.#members.get(`${enumeration} ${value}`) ?? String(value);
  }
}

/** Two halves as an unsigned number. */
export function formatValue(low: number, high: number): string {
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return value <= MOST_DECIMAL ? String(value) : `0x${value.toString(16)}`;
}
