/**
 * The machine instructions: what a program may import from the module `machine`. kernel/machine.ts says what each does.
 * Each is written down here once. Every machine has a record with an answer for every one, or the compiler refuses it.
 */
import type { FunctionType, Module } from "../wasm/module.js";
import { PRIVILEGED_INSTRUCTIONS, TRAP_INSTRUCTION, TRAP_WORDS } from "./privileged.js";

/** What other processors notice of an instruction. */
export type Effect =
  | "nothing"
  /** The run is over for all. */
  | "end"
  /** Where a history is recorded: what had returned before what was invoked. */
  | "history"
  /** A word is on its way to the processor that is the first argument. */
  | "send"
  /** A word from the processor that is the first argument is taken, and waited for. */
  | "receive";

export interface Instruction extends FunctionType {
  /** Whether it stops its processor, so that the machine executes it; the others are bindings of register code. */
  readonly stops: boolean;
  readonly effect: Effect;
  /** What a machine must have for it, if not all have that. */
  readonly needs?: "messages";
  /** The enumeration whose values, which programs export as `Event.NAME`, are its first argument. */
  readonly enumeration?: "Event" | "Failure" | "Operation";
}

export const INSTRUCTIONS = {
  processor: { parameters: [], results: ["i32"], stops: false, effect: "nothing" },
  processors: { parameters: [], results: ["i32"], stops: false, effect: "nothing" },
  pause: { parameters: [], results: [], stops: false, effect: "nothing" },
  work: { parameters: ["i32"], results: [], stops: false, effect: "nothing" },
  clock: { parameters: [], results: ["f64"], stops: true, effect: "nothing" },
  counter: { parameters: ["i32"], results: ["i32"], stops: true, effect: "nothing" },
  fail: { parameters: ["i32"], results: [], stops: true, effect: "end", enumeration: "Failure" },
  mark: { parameters: ["i32", "i32"], results: [], stops: true, effect: "nothing", enumeration: "Event" },
  invoke: { parameters: ["i32", "i32"], results: [], stops: true, effect: "history", enumeration: "Operation" },
  result: { parameters: ["i32"], results: [], stops: true, effect: "history" },
  send: { parameters: ["i32", "i32"], results: [], stops: true, effect: "send", needs: "messages" },
  receive: { parameters: ["i32"], results: ["i32"], stops: true, effect: "receive", needs: "messages" },
} as const satisfies Readonly<Record<string, Instruction>>;

type Instructions = typeof INSTRUCTIONS;
export type InstructionName = keyof Instructions;
/** Those that stop their processor. */
export type StoppingInstruction = {
  [Name in InstructionName]: Instructions[Name]["stops"] extends true ? Name : never;
}[InstructionName];
/** Those that are bindings of register code. */
export type BoundInstruction = Exclude<InstructionName, StoppingInstruction>;
type MessageInstruction = {
  [Name in InstructionName]: Instructions[Name] extends { needs: "messages" } ? Name : never;
}[InstructionName];

/** What an instance of a program imports as the module `machine`. */
export type MachineModule = Readonly<Record<InstructionName, (...parameters: never[]) => unknown>>;

/** The machine instructions that pass messages, for a machine whose processors share memory: each throws. */
export const WITHOUT_MESSAGES: Pick<MachineModule, MessageInstruction> = {
  send: refusal("send"),
  receive: refusal("receive"),
};

function refusal(instruction: string): () => never {
  return () => {
    throw new Error(
      `Cannot ${instruction}: this computer's processors share memory and pass no messages; ` +
        "expected a machine with messages, such as cluster",
    );
  };
}

/**
 * Makes sure that the functions which a program imports are machine instructions. `name` is the program's.
 *
 * @throws {Error} if one is something else, or has other parameters or results
 */
export function checkImports(name: string, module: Module): void {
  checkAgainst(name, module, INSTRUCTIONS, false);
}

/**
 * The same of a kernel, which may execute privileged ones, too, and of its start function.
 *
 * @throws {Error} as `checkImports` does
 */
export function checkKernelImports(name: string, module: Module): void {
  checkAgainst(name, module, { ...INSTRUCTIONS, ...TRAP_INSTRUCTION, ...PRIVILEGED_INSTRUCTIONS }, false);
}

/**
 * The same of a kernel's program: imports of other modules are its kernel's affair.
 *
 * @throws {Error} as `checkImports` does
 */
export function checkMachineImports(name: string, module: Module): void {
  checkAgainst(name, module, { ...INSTRUCTIONS, ...TRAP_INSTRUCTION, ...PRIVILEGED_INSTRUCTIONS }, true);
}

function checkAgainst(
  name: string,
  { imports }: Module,
  instructions: Readonly<Record<string, FunctionType>>,
  others: boolean,
): void {
  for (const { module, name: field, type } of imports) {
    if (module !== "machine" && others) {
      checkWords(name, module, field, type);
      continue;
    }
    const expected = Object.hasOwn(instructions, field) ? instructions[field] : undefined;
    if (module !== "machine" || expected === undefined) {
      throw new Error(
        `Cannot run ${name}: received an import of ${module}.${field}; expected machine instructions only: ` +
          Object.keys(instructions)
            .map((known) => `machine.${known}`)
            .join(", "),
      );
    }
    if (signature(type) === signature(expected)) continue;
    throw new Error(
      `Cannot run ${name}: received an import of machine.${field} as ${signature(type)}; expected ${signature(expected)}`,
    );
  }
}

function checkWords(name: string, module: string, field: string, { parameters }: FunctionType): void {
  const words = parameters.reduce((sum, type) => sum + (type === "i64" || type === "f64" ? 2 : 1), 0);
  if (words <= TRAP_WORDS) return;
  throw new Error(
    `Cannot run ${name}: received an import of ${module}.${field} with parameters of ${words} words; expected up to ${TRAP_WORDS}`,
  );
}

/** As in `(i32, i32) -> ()`. */
function signature({ parameters, results }: FunctionType): string {
  return `(${parameters.join(", ")}) -> (${results.join(", ")})`;
}

/** The instruction for which a processor has stopped, by the number of the import; of a module that was checked. */
export function stoppingInstruction({ imports }: Module, index: number): StoppingInstruction {
  return imports[index]!.name as StoppingInstruction;
}
