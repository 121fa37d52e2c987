/** Programs in processors that are about to begin, whatever machine these belong to. */

import type { GuestMemory } from "../processor/memory.js";
import { type Processors, STOP, type Value } from "../processor/processors.js";
import type { Module } from "../wasm/module.js";
import { PAGE } from "../wasm/module.js";
import { createRegisterCode, type RegisterCode } from "../wasm/register-code.js";
import { type StoppingInstruction, stoppingInstruction } from "./instructions.js";
import type { Program } from "./program.js";
import { giveStack } from "./stacks.js";

const codes = new WeakMap<Program, RegisterCode>();

/** A program's register code, made once. */
export function registerCodeOf(program: Program): RegisterCode {
  let code = codes.get(program);
  if (code === undefined) {
    code = createRegisterCode(program.bytes, program.sourceMap, program);
    codes.set(program, code);
  }
  return code;
}

/** What the machine instructions do while no other processor does anything, and no time passes. */
const ALONE: Readonly<Record<StoppingInstruction, (contexts: Processors, processor: number) => void>> = {
  clock: () => {},
  counter: () => {},
  fail: (contexts, processor) => {
    const nameOf = enumerationOf(contexts.code.module.exports, "Failure", (global) => contexts.global(0, global));
    throw new Error(`fail(${nameOf(Number(contexts.arguments(processor)[0]))})`);
  },
  mark: () => {},
  invoke: () => {},
  result: () => {},
  send: () => {
    throw new Error("a send while no other processor runs");
  },
  receive: () => {
    throw new Error("a receive while no other processor runs");
  },
};

/** Instructions that a processor executes alone at most, if nobody says otherwise: seconds. */
const MOST = 1e9;

/**
 * Instantiates a program in a processor that was just made, but for the memory's data segments: executes the start
 * function, and gives it its stack and thread-local variables. Takes no time of the machine's; the start functions of
 * LLVM's linker need instructions that not every machine has.
 *
 * @param beside how many of the processors are none of the program's
 * @throws {Error} if that fails, as `executeAlone` and `giveStack` do
 */
export function instantiate(contexts: Processors, processor: number, guest: GuestMemory, beside = 0): void {
  const { exports, start } = contexts.code.module;
  const find = (name: string, kind: "function" | "global") => {
    const found = exports.get(name);
    return found?.kind === kind ? found.index : undefined;
  };
  const get = (name: string) => {
    const global = find(name, "global");
    return global === undefined ? undefined : Number(contexts.global(processor, global)) >>> 0;
  };
  const set = (name: string, value: number) => contexts.setGlobal(processor, find(name, "global")!, value);
  const call = (name: string, argument: number) => {
    const function_ = find(name, "function");
    if (function_ === undefined) return false;
    executeAlone(contexts, processor, guest, function_, [argument]);
    return true;
  };
  if (start !== undefined) executeAlone(contexts, processor, guest, start);
  giveStack({ get, set, call }, processor, contexts.count, beside);
}

/**
 * Lets a processor execute a function while no other does anything; its results.
 *
 * @throws {Error} if the function traps, fails, waits for another processor, passes a message, or does not end
 */
export function executeAlone(
  contexts: Processors,
  processor: number,
  guest: GuestMemory,
  function_: number,
  parameters: readonly Value[] = [],
  most = MOST,
): Value[] {
  const { stop, code } = contexts;
  contexts.begin(processor, function_, parameters);
  let low = 0;
  let high = 0;
  for (let instructions = 0; instructions < most; instructions += stop.instructions) {
    const kind = contexts.run(processor, low, high);
    low = 0;
    high = 0;
    switch (kind) {
      case STOP.returned:
        return contexts.results(processor);
      case STOP.trap:
        throw new Error(contexts.trapMessage(processor));
      case STOP.wait:
        guest.load(stop.address, stop.size);
        if (guest.low === stop.low && guest.high === stop.high)
          throw new Error("it waits while no other processor runs");
        low = 1;
        break;
      case STOP.memorySize:
        low = guest.size / PAGE;
        break;
      case STOP.memoryGrow:
        low = guest.grow(stop.low >>> 0);
        contexts.setMemoryBytes(guest.size);
        break;
      case STOP.call:
        ALONE[stoppingInstruction(code.module, stop.import)](contexts, processor);
        break;
      case STOP.load:
      case STOP.store:
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        guest.perform(kind, stop);
        low = guest.low;
        high = guest.high;
    }
  }
  throw new Error(`it has not ended after ${most} instructions`);
}

/**
 * The number of a function that a program exports.
 *
 * @throws {Error} if there is none of that name
 */
export function entryOf(program: string, { exports }: Module, entry: string): number {
  const exported = exports.get(entry);
  if (exported?.kind === "function") return exported.index;
  throw new Error(`Cannot run ${entry} of ${program}: received no function "${entry}"; expected an exported one`);
}

/**
 * The names of an enumeration's values, which a program exports as `Event.NAME`; the number where a value has none.
 *
 * @param globalOf the value of a global
 */
export function enumerationOf(
  exports: Module["exports"],
  enumeration: string,
  globalOf: (global: number) => Value,
): (value: number) => string {
  const prefix = `${enumeration}.`;
  const names = new Map<Value, string>();
  for (const [name, { kind, index }] of exports) {
    if (kind === "global" && name.startsWith(prefix)) names.set(globalOf(index), name.slice(prefix.length));
  }
  return (value) => names.get(value) ?? String(value);
}
