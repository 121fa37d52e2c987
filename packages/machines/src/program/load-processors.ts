/** A program loaded into processors, as every machine that executes register code begins. */
import { GuestMemory } from "../processor/memory.js";
import { type Binding, type Bindings, Processors } from "../processor/processors.js";
import type { RegisterCode } from "../wasm/register-code.js";
import { entryOf, enumerationOf, instantiate, registerCodeOf } from "./instantiate.js";
import { type BoundInstruction, checkImports } from "./instructions.js";
import { createMemory, type Program } from "./program.js";

export interface LoadOptions {
  /** How many processors are made. */
  readonly count: number;
  /** How many of these, the last ones, are none of the program's. Default: 0. */
  readonly beside?: number;
  /** What the machine instructions mean that stop no processor. */
  readonly instructions: Readonly<Record<BoundInstruction, Binding>>;
  /** Instructions that a processor executes without an access before it stops. */
  readonly budget: number;
  readonly memory?: WebAssembly.Memory | undefined;
  /** The error of a processor whose instantiation failed. */
  readonly failed: (processor: number, cause: Error) => Error;
  /** Default: new Processors. */
  readonly create?:
    | ((code: RegisterCode, count: number, memoryBytes: number, bindings: Bindings) => Processors)
    | undefined;
}

export interface LoadedProcessors {
  readonly processors: Processors;
  readonly guest: GuestMemory;
  readonly code: RegisterCode;
  /**
   * The number of an exported function.
   *
   * @throws {Error} if the program exports none of that name
   */
  readonly functionOf: (entry: string) => number;
  /** The name that the program gives a value of an enumeration, as `Failure` or `Event`. */
  readonly nameOf: (enumeration: string) => (value: number) => string;
}

/**
 * Makes processors, writes the program's data to its memory, and instantiates it for each processor, one after the other,
 * start functions included.
 *
 * @throws {Error} if the program imports more than machine instructions, or what `failed` makes of an instantiation's error
 */
export function loadProcessors(program: Program, options: LoadOptions): LoadedProcessors {
  const { count, beside = 0, instructions, budget, memory = createMemory(program), failed } = options;
  const code = registerCodeOf(program);
  checkImports(program.name, code.module);
  const guest = new GuestMemory(memory);
  const bindings = { machine: instructions };
  const processors =
    options.create?.(code, count, guest.size, bindings) ?? new Processors(code, count, guest.size, bindings);
  processors.setBudget(budget);
  guest.initialize(code.module.data);
  for (let processor = 0; processor < count; processor++) {
    try {
      instantiate(processors, processor, guest, beside);
    } catch (error) {
      throw failed(processor, error as Error);
    }
  }
  return {
    processors,
    guest,
    code,
    functionOf: (entry) => entryOf(program.name, code.module, entry),
    nameOf: (enumeration) => enumerationOf(code.module.exports, enumeration, (global) => processors.global(0, global)),
  };
}
