/** One module on two engines: the platform's, and a processor. Both say what a call did in the same words. */
import { setFlagsFromString } from "node:v8";
import { GuestMemory } from "#machines/processor/memory.js";
import { type Bindings, Processors, STOP, type Value } from "#machines/processor/processors.js";
import { TRAPS, type TrapName } from "#machines/wasm/instructions.js";
import { createRegisterCode, type RegisterCode } from "#machines/wasm/register-code.js";
import { assemble } from "../program/assemble.js";

// V8's optimizing compiler is the oracle: the baseline compiler of Node 20 loses memory.fill's address over a wait.
// Without that compiler the one of Node 26 stops the process.
if (Number.parseInt(process.versions.node, 10) < 26) setFlagsFromString("--no-liftoff");

/** What a call did: its results, or why it trapped. */
export type Outcome = { readonly results: readonly Value[] } | { readonly trap: TrapName };

export interface Engine {
  call(name: string, parameters: readonly Value[]): Outcome;
  global(name: string): Value;
  readonly memory: WebAssembly.Memory;
}

/** What imported functions do: nothing, and return zeros. */
const nothing = () => 0;

/** Which traps the messages of V8 mean; where it does not tell two apart, the first. */
const MESSAGES: readonly [RegExp, TrapName][] = [
  [/^unreachable/, "unreachable"],
  [/^(divide|remainder) by zero/, "divideByZero"],
  [/^(divide result|float) unrepresentable/, "invalidConversion"],
  [/^(memory access|data segment) out of bounds|^data segment .* out of bounds/, "memoryOutOfBounds"],
  [
    /^table index is out of bounds|^table (access|or element).*out of bounds|^element segment.*out of bounds/,
    "tableOutOfBounds",
  ],
  [/unaligned/, "memoryOutOfBounds"],
  [/^(null function or )?function signature mismatch/, "indirectCallTypeMismatch"],
  [/^Maximum call stack size exceeded/, "callStackExhausted"],
  [/^Atomics.wait cannot be called/, "waitOnUnsharedMemory"],
];

/** The names by which V8 tells fewer traps apart than the specification. */
const INDISTINCT: Partial<Record<TrapName, TrapName>> = {
  indirectCallToNull: "indirectCallTypeMismatch",
  overflow: "invalidConversion",
  // Of an access that is both, each of V8's compilers says another one.
  unaligned: "memoryOutOfBounds",
};

function platformTrap(error: Error): TrapName {
  const [, name] = MESSAGES.find(([pattern]) => pattern.test(error.message)) ?? [];
  if (name === undefined) throw error;
  return name;
}

/** The memory that a module imports, which both engines get anew. */
export function newMemory(code: RegisterCode): WebAssembly.Memory {
  const { initial, maximum, shared } = code.module.memory ?? { initial: 0, maximum: 0, shared: false };
  return new WebAssembly.Memory({ initial, maximum, shared });
}

export function onPlatform(bytes: Uint8Array<ArrayBuffer>, code: RegisterCode): Engine {
  const memory = newMemory(code);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  const given = (module: string) => (imports[module] ??= {});
  for (const { module, name, type } of code.module.imports) {
    given(module)[name] =
      type.results[0] === "i64" ? () => 0n : type.results[0]?.endsWith("ref") ? () => null : nothing;
  }
  const imported = code.module.memory?.imported;
  if (imported) given(imported.module)[imported.name] = memory;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const own = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  return {
    memory: imported ? memory : (own ?? memory),
    global: (name) => normalize((exports[name] as WebAssembly.Global).value as Value),
    call(name, parameters) {
      try {
        const result: unknown = (exports[name] as (...parameters: unknown[]) => unknown)(...parameters);
        const results = result === undefined ? [] : Array.isArray(result) ? result : [result];
        return { results: results.map(normalize) };
      } catch (error) {
        return { trap: platformTrap(error as Error) };
      }
    },
  };
}

/** References as the other engine gives them: a function's number, which is its name on the platform. */
function normalize(value: unknown): Value {
  return typeof value === "function" ? Number(value.name) : (value as Value);
}

/**
 * How a processor is treated: left alone, moved to another context at each stop, or given a context of an image that
 * was loaded after another one.
 */
export type Treatment = "stays" | "moves" | "has the second image";

/** A module with a function, a table, segments, a global and an import: none of its numbers are another module's. */
const FIRST_IMAGE = createRegisterCode(
  assemble(`(module (import "machine" "clock" (func $clock (result i64))) (memory 1 1) (table 3 funcref)
    (global $g (mut i32) (i32.const 7)) (elem (i32.const 1) $f $f) (data "first")
    (func $f (export "f") (result i64) (call $clock)))`),
);

/** A processor that performs its accesses at once. */
export class ProcessorEngine implements Engine {
  readonly code: RegisterCode;
  readonly processors: Processors;
  readonly guest: GuestMemory;
  readonly #treatment: Treatment;
  #current = 0;

  constructor(code: RegisterCode, memory: WebAssembly.Memory, treatment: Treatment = "stays", bindings: Bindings = {}) {
    this.code = code;
    this.guest = new GuestMemory(memory);
    this.#treatment = treatment;
    this.processors = new Processors(code, 2, this.guest.size, bindings);
    if (treatment === "has the second image") {
      this.processors = new Processors(FIRST_IMAGE, 2, this.guest.size);
      this.processors.boot(0, this.processors.load(code, bindings));
    }
    this.guest.initialize(code.module.data);
    if (code.module.start !== undefined) this.callFunction(code.module.start, []);
  }

  get memory(): WebAssembly.Memory {
    return this.guest.memory;
  }

  global(name: string): Value {
    return this.processors.global(this.#current, this.code.module.exports.get(name)!.index);
  }

  call(name: string, parameters: readonly Value[]): Outcome {
    return this.callFunction(this.code.module.exports.get(name)!.index, parameters);
  }

  callFunction(index: number, parameters: readonly Value[]): Outcome {
    const { processors, guest } = this;
    const { stop } = processors;
    processors.begin(this.#current, index, parameters);
    let low = 0;
    let high = 0;
    for (;;) {
      const kind = processors.run(this.#current, low, high);
      switch (kind) {
        case STOP.returned:
          return { results: processors.results(this.#current) };
        case STOP.trap: {
          const name = (Object.keys(TRAPS) as TrapName[])[stop.trap]!;
          return { trap: INDISTINCT[name] ?? name };
        }
        case STOP.wait:
          guest.load(stop.address, stop.size);
          // Nobody else is there to wake it, and no test waits for long.
          low = guest.low === stop.low && guest.high === stop.high ? 2 : 1;
          break;
        case STOP.memorySize:
          low = guest.size / 65536;
          break;
        case STOP.memoryGrow:
          low = this.#grow(stop.low >>> 0);
          break;
        case STOP.load:
        case STOP.store:
        case STOP.readModifyWrite:
        case STOP.compareExchange:
          guest.perform(kind, stop);
          low = guest.low;
          high = guest.high;
          break;
        default:
          low = 0;
          high = 0;
      }
      if (this.#treatment === "moves") this.#move();
    }
  }

  #grow(pages: number): number {
    try {
      const before = this.guest.memory.grow(pages);
      this.guest.refresh();
      this.processors.setMemoryBytes(this.guest.size);
      return before;
    } catch {
      return -1;
    }
  }

  #move(): void {
    const other = 1 - this.#current;
    this.processors.restore(other, this.processors.save(this.#current));
    this.#current = other;
  }
}

export function onProcessor(bytes: Uint8Array<ArrayBuffer>, treatment?: Treatment): ProcessorEngine {
  const code = createRegisterCode(bytes);
  return new ProcessorEngine(code, newMemory(code), treatment);
}
