import type { GuestMemory } from "../../processor/memory.js";
import type { Processors } from "../../processor/processors.js";
import { loadProcessors } from "../../program/load-processors.js";
import type { Program } from "../../program/program.js";
import type { RegisterCode } from "../../wasm/register-code.js";
import type { RunOptions } from "../machine.js";
import { INTERLEAVED, type Placement } from "./memory/placement.js";

/** Instructions that a processor executes without an access before others get their turn. */
const BUDGET = 100_000;

/** A program in processors that are about to begin. */
export interface Loaded {
  readonly contexts: Processors;
  /** How many there are, bystanders included. */
  readonly all: number;
  readonly guest: GuestMemory;
  readonly placement: Placement;
  /** Says that a processor failed. */
  readonly failed: (processor: number, why: string) => Error;
  /** The name that the program gives a reason of `fail`. */
  readonly failureName: (reason: number) => string;
  /** The same of an event that it marks. */
  readonly eventName: (event: number) => string;
}

/**
 * Instantiates the program for every processor, one after the other, and lets each begin its entry.
 *
 * @param pause cycles of the machine instruction
 * @throws {Error} if the program imports more than machine instructions or has no such entry, or an instantiation fails
 */
export function loadContexts(program: Program, entry: string, options: RunOptions, pause: number): Loaded {
  const { processors, bystanders = [] } = options;
  const all = processors + bystanders.length;
  const failed = (processor: number, why: string) =>
    new Error(`Cannot run ${entry} of ${program.name}: processor ${processor} failed: ${why}`);
  const loaded = loadProcessors(program, {
    count: all,
    instructions: {
      processor: { kind: "constant per processor", value: (processor) => processor },
      processors: { kind: "constant per processor", value: () => processors },
      pause: { kind: "delay", cycles: pause },
      work: { kind: "delay by argument" },
    },
    budget: BUDGET,
    memory: options.memory,
    failed: (processor, { message }) => failed(processor, message),
  });
  const { processors: contexts, guest, code, functionOf, nameOf } = loaded;
  const calls = [{ entry, arguments: options.arguments ?? [] }, ...bystanders].map((call) => ({
    function: functionOf(call.entry),
    arguments: call.arguments,
  }));
  for (let processor = 0; processor < all; processor++) {
    const call = calls[Math.max(0, processor - processors + 1)]!;
    contexts.begin(processor, call.function, call.arguments);
  }
  return {
    contexts,
    all,
    guest,
    placement: placementOf(code, contexts),
    failed,
    failureName: nameOf("Failure"),
    eventName: nameOf("Event"),
  };
}

function placementOf(code: RegisterCode, contexts: Processors): Placement {
  const value = (name: string) => {
    const exported = code.module.exports.get(name);
    return exported?.kind === "global" ? Number(contexts.global(0, exported.index)) >>> 0 : undefined;
  };
  const [shared, local] = [value("SHARED_BYTES"), value("LOCAL_BYTES")];
  // Without a part of its own for a processor all memory is interleaved, whatever the program says of that part.
  return shared === undefined || !local ? INTERLEAVED : { shared, local };
}
