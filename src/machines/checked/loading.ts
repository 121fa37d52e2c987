import { GuestMemory } from "../../processor/memory.js";
import { Processors, STOP } from "../../processor/processors.js";
import { checkImports } from "../../program/machine-instructions.js";
import { createMemory, type Program } from "../../program/program.js";
import { createRegisterCode } from "../../wasm/register-code.js";
import { Cells } from "./cells.js";
import { type LocalState, LocalStates } from "./local-states.js";
import type { Order } from "./order.js";
import type { Buffered, Model, SystemOptions } from "./system.js";

/** An exported function and what it is given. */
export interface Call {
  readonly entry: string;
  readonly arguments?: readonly (number | bigint)[];
}

/** Instructions that a processor executes without an access before it is interrupted. */
const BUDGET = 10_000_000;

export interface Loading {
  /** By processor. */
  readonly calls: readonly Call[];
  /** Executed by processor 0 before the others begin. */
  readonly init: Call | undefined;
  readonly memory: WebAssembly.Memory | undefined;
  readonly model: Model;
  readonly buffered: Buffered;
  readonly order: Order | undefined;
  readonly pauses: boolean;
}

/** A program that is about to be explored, and what it needs beside its processors. */
export interface Loaded extends SystemOptions {
  readonly memory: WebAssembly.Memory;
  /** The local state of a processor of its own that is about to execute a call. */
  readonly prepare: (call: Call) => LocalState;
}

/**
 * Instantiates the program for every processor, one after the other, start functions included, and executes `init`.
 *
 * @throws {Error} if the program imports more than machine instructions, or has no such entry; or if a start function or
 * `init` fails, or waits
 */
export function load(
  program: Program,
  { calls, init, memory = createMemory(program), model, buffered, order, pauses }: Loading,
): Loaded {
  const code = createRegisterCode(program.bytes, program.sourceMap);
  const { module } = code;
  checkImports(program.name, module);
  const guest = new GuestMemory(memory);
  const count = calls.length;
  // One more, for what is executed beside the program.
  const processors = new Processors(code, count + 1, guest.size, {
    machine: {
      processor: { kind: "constant per processor", value: (processor) => processor % count },
      processors: { kind: "constant per processor", value: () => count },
      // No time passes: what counts is that there is one.
      pause: { kind: "delay", cycles: 1 },
      work: { kind: "delay", cycles: 1 },
    },
  });
  processors.setBudget(BUDGET);
  guest.initialize(module.data);
  const failureName = (reason: number) => {
    for (const [name, { kind, index }] of module.exports) {
      if (kind === "global" && name.startsWith("Failure.") && processors.global(0, index) === reason) {
        return name.slice("Failure.".length);
      }
    }
    return String(reason);
  };
  const functionOf = (entry: string) => {
    const exported = module.exports.get(entry);
    if (exported?.kind === "function") return exported.index;
    throw new Error(
      `Cannot check ${entry} of ${program.name}: received no function "${entry}"; expected an exported one`,
    );
  };
  const alone = (what: string, processor: number) => runAlone(processors, processor, guest, what, failureName);
  for (let processor = 0; processor <= count && module.start !== undefined; processor++) {
    processors.begin(processor, module.start);
    alone("its start function", processor);
  }
  if (init !== undefined) {
    processors.begin(0, functionOf(init.entry), init.arguments);
    alone(init.entry, 0);
  }
  const local = new LocalStates(processors);
  const fresh = processors.save(count);
  const begin = calls.map((call, processor) => {
    processors.begin(processor, functionOf(call.entry), call.arguments);
    return local.begin(processor);
  });
  const prepare = (call: Call) => {
    processors.restore(count, fresh);
    processors.begin(count, functionOf(call.entry), call.arguments);
    return local.begin(count);
  };
  const cells = new Cells(count, memory);
  return {
    model,
    buffered,
    begin,
    local,
    locations: code.locations,
    cells,
    failureName,
    order,
    pauses,
    memory,
    prepare,
  };
}

/** Executes what a processor has begun while no other does anything. */
function runAlone(
  processors: Processors,
  processor: number,
  guest: GuestMemory,
  what: string,
  failureName: (reason: number) => string,
): void {
  const failed = (why: string) => new Error(`Cannot check the program: ${what} failed: ${why}`);
  const { stop, code } = processors;
  let low = 0;
  let high = 0;
  for (;;) {
    const kind = processors.run(processor, low, high);
    low = high = 0;
    switch (kind) {
      case STOP.returned:
        return;
      case STOP.trap:
        throw failed(processors.trapMessage());
      case STOP.wait:
        guest.load(stop.address, stop.size);
        if (guest.low === stop.low && guest.high === stop.high) throw failed("it waits, and no other processor runs");
        low = 1;
        break;
      case STOP.memorySize:
        low = guest.size / 65536;
        break;
      case STOP.memoryGrow:
        low = grow(guest, stop.low >>> 0);
        processors.setMemoryBytes(guest.size);
        break;
      case STOP.call:
        if (code.module.imports[stop.import]!.name === "fail") {
          throw failed(`fail(${failureName(Number(processors.arguments()[0]))})`);
        }
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
}

/** The pages before; -1 if there are no more. */
function grow(guest: GuestMemory, pages: number): number {
  const before = guest.size / 65536;
  try {
    guest.memory.grow(pages);
    guest.refresh();
    return before;
  } catch {
    return -1;
  }
}
