import { executeAlone } from "../../../program/instantiate.js";
import { loadProcessors } from "../../../program/load-processors.js";
import { createMemory, type Program } from "../../../program/program.js";
import { Cells } from "./cells.js";
import { Kept } from "./kept.js";
import { type LocalState, LocalStates } from "./local-states.js";
import type { Buffered } from "./store-buffers.js";
import { Symbols } from "./symbols.js";
import type { Model, SystemOptions } from "./system-options.js";
import { VisitingProcessors, type Visits } from "./visits.js";

/** An exported function and what it is given. */
export interface Call {
  readonly entry: string;
  readonly arguments?: readonly (number | bigint)[];
}

/** The program, or what is asked of it, is nothing that can be checked. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

/** Instructions that a processor executes without an access before it is interrupted. */
const BUDGET = 10_000_000;

export interface Loading {
  /** By processor. */
  readonly calls: readonly Call[];
  /** Executed by processor 0 before the others begin. */
  readonly init: Call | undefined;
  /** Instructions of it at most; see executeAlone. */
  readonly initLimit?: number | undefined;
  /** The exported function with which those who die begin their repair, who they are, and how many at most. */
  readonly deaths:
    | { readonly entry: string; readonly processors: readonly number[]; readonly most: number }
    | undefined;
  readonly memory: WebAssembly.Memory | undefined;
  readonly model: Model;
  readonly buffered: Buffered;
  /** Bytes that the exploration keeps at most; see Kept. */
  readonly memoryLimit?: number | undefined;
  readonly visits?: Visits | undefined;
}

/** A program that is about to be explored, and what it needs beside its processors. */
export interface Loaded extends SystemOptions {
  readonly memory: WebAssembly.Memory;
  /**
   * The local state of a processor of its own that is about to execute a call: the first one of its instance, or after
   * the state in which another call ended.
   */
  readonly prepare: (call: Call, after?: LocalState) => LocalState;
  /** The name that the program gives an operation. */
  readonly operationName: (operation: number) => string;
}

/**
 * Instantiates the program for every processor, one after the other, start functions included, and executes `init`.
 *
 * @throws {CheckError} if a start function or `init` fails, waits, or does not end
 * @throws {Error} if the program imports more than machine instructions, or has no such entry
 */
export function load(
  program: Program,
  { calls, init, initLimit, deaths, memory = createMemory(program), model, buffered, memoryLimit, visits }: Loading,
): Loaded {
  const count = calls.length;
  const refuse = (what: string, cause: Error) =>
    new CheckError(`Cannot check ${program.name}: ${what} failed: ${cause.message}`, { cause });
  const { processors, guest, code, functionOf, nameOf } = loadProcessors(program, {
    // One more, for what is executed beside the program.
    count: count + 1,
    beside: 1,
    instructions: {
      processor: { kind: "constant per processor", value: (processor) => processor % count },
      processors: { kind: "constant per processor", value: () => count },
      // No time passes: what counts is that there is one.
      pause: { kind: "delay", cycles: 1 },
      work: { kind: "delay", cycles: 1 },
    },
    budget: BUDGET,
    memory,
    failed: (processor, cause) => refuse(`the instantiation for processor ${processor}`, cause),
    create: visits && ((...parameters) => new VisitingProcessors(...parameters, visits)),
  });
  const fresh = Array.from({ length: count + 1 }, (_, processor) => processors.save(processor));
  if (init !== undefined) {
    const function_ = functionOf(init.entry);
    try {
      executeAlone(processors, 0, guest, function_, init.arguments, initLimit);
    } catch (error) {
      throw refuse(init.entry, error as Error);
    }
  }
  const local = new LocalStates(processors, new Kept(memoryLimit));
  const begin = calls.map((call, processor) => {
    processors.begin(processor, functionOf(call.entry), call.arguments);
    return local.begin(processor);
  });
  const beginIn = (context: Int32Array, call: Call) => {
    processors.restore(count, context);
    processors.begin(count, functionOf(call.entry), call.arguments);
    return local.begin(count);
  };
  const prepare = (call: Call, after?: LocalState) => beginIn(after ? local.contextOf(after) : fresh[count]!, call);
  const mortality = deaths && {
    repairs: calls.map((_, processor) =>
      deaths.processors.includes(processor)
        ? beginIn(fresh[processor]!, { entry: deaths.entry, arguments: [processor] })
        : undefined,
    ),
    most: deaths.most,
  };
  return {
    model,
    buffered,
    begin,
    local,
    mortality,
    cells: new Cells(count, memory.buffer.slice(0)),
    symbols: new Symbols(code.module),
    failureName: nameOf("Failure"),
    memory,
    prepare,
    operationName: nameOf("Operation"),
  };
}
