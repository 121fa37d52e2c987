import { STOP } from "../../../processor/stop.js";
import { UnavailableError } from "../../machine.js";
import type { MachineDescription, ReadModifyWriteInstruction } from "../../presets/description.js";
import type { SimulatedProcessor } from "./simulated-processor.js";

/** The names of the instructions, by the operators of an access. */
const OPERATORS: readonly ReadModifyWriteInstruction[] = ["add", "subtract", "and", "or", "xor", "exchange"];

/** By those of the literature. */
const LITERATURE: Readonly<Record<ReadModifyWriteInstruction, string>> = {
  add: "fetch_and_increment",
  subtract: "fetch_and_decrement",
  and: "fetch_and_and",
  or: "fetch_and_or",
  xor: "fetch_and_xor",
  exchange: "fetch_and_store",
  "compare exchange": "compare_and_swap",
};

const ALL = Object.keys(LITERATURE) as ReadModifyWriteInstruction[];

/** Those that a machine lacks, or whose result it lacks, by the names that errors have them by. */
export function lackingOf({ readModifyWrite: { instructions } }: MachineDescription): string[] {
  return ALL.filter((instruction) => !instructions.includes(instruction)).map((instruction) => LITERATURE[instruction]);
}

/** The machine with all of them. */
export function withEveryInstruction(description: MachineDescription): MachineDescription {
  return { ...description, readModifyWrite: { ...description.readModifyWrite, instructions: ALL, withoutResult: [] } };
}

/** Whether a machine has an instruction, by the name that errors have it by. */
export function hasInstruction({ readModifyWrite: { instructions } }: MachineDescription, name: string): boolean {
  return instructions.some((instruction) => LITERATURE[instruction] === name);
}

/** The read-modify-write instructions that a machine has not got. */
export class LackingInstructions {
  readonly #machine: string;
  /** Altogether, and with the value before as their result. */
  readonly #lacking: ReadonlySet<string>;
  readonly #lackingResult: ReadonlySet<string>;

  constructor({ name, readModifyWrite: { instructions, withoutResult } }: MachineDescription) {
    const lacking = ALL.filter((instruction) => !instructions.includes(instruction));
    this.#machine = name;
    this.#lackingResult = new Set(lacking);
    this.#lacking = new Set(lacking.filter((instruction) => !withoutResult.includes(instruction)));
  }

  /** @throws {UnavailableError} if the access is one of them */
  refuse({ kind, access }: SimulatedProcessor): void {
    if (this.#lackingResult.size === 0) return;
    const instruction = kind === STOP.compareExchange ? "compare exchange" : OPERATORS[access.operator]!;
    if (!(access.resultUsed ? this.#lackingResult : this.#lacking).has(instruction)) return;
    const needs = LITERATURE[instruction];
    throw new UnavailableError(`${this.#machine} has no ${needs}`, needs);
  }
}
