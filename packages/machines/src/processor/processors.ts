/** The processors of one run, which execute register code until they access memory. */
import { TRAPS } from "../wasm/instructions.js";
import { Liveness } from "../wasm/liveness.js";
import type { Global, ValueType } from "../wasm/module.js";
import { HALT, type RegisterCode } from "../wasm/register-code.js";
import type { Allocation } from "./allocation.js";
import { interpreterBytes } from "./modules.js";
import { LastStop, STOP } from "./stop.js";

export { STOP };

/** What an imported function does when a processor calls it. */
export type Binding =
  /** Stops the processor, which gets the result, if there is one, when it runs again. */
  | { readonly kind: "stop" }
  /** Returns the same every time, without a stop. */
  | { readonly kind: "constant per processor"; readonly value: (processor: number) => number }
  /** Adds to the delay, without a stop. */
  | { readonly kind: "delay"; readonly cycles: number }
  /** Adds its first argument, as unsigned 32 bits, to the delay, without a stop. */
  | { readonly kind: "delay by argument" };

/** By the name of the imported function's module and its own; those that are left out stop. */
export type Bindings = Readonly<Record<string, Readonly<Record<string, Binding>>>>;

/** A value of a program: bigint for i64, the function's number or null for a funcref, a handle or null for an externref. */
export type Value = number | bigint | null;

interface Interpreter {
  readonly memory: WebAssembly.Memory;
  openHeap(start: number): void;
  allocate(bytes: number): number;
  extend(bytes: number): number;
  setBindings(address: number): void;
  setSegments(address: number, elements: number, tables: number, limits: number): void;
  setMemoryBytes(bytes: number): void;
  setBudget(instructions: number): void;
  createContexts(processors: number, template: number, bytes: number, flags: number, compared: number): void;
  contextOf(processor: number): number;
  usedBytes(processor: number): number;
  makeRoom(processor: number, bytes: number): number;
  begin(processor: number, entry: number, halt: number): number;
  run(processor: number, low: number, high: number): number;
  remember(processor: number): void;
  unchanged(processor: number): number;
}

// The interpreter's layout; see src/processor/interpreter/layout.ts and context.ts.
const CODE = 1024;
const PC = 0;
const BASE = 4;
const FUNCTION = 8;
const STACK = 12;
const SLOTS = 24;
const LINKAGE = -16;
const BINDING = { stop: 0, "constant per processor": 1, delay: 2, "delay by argument": 3 } as const;

const TRAP_NAMES = Object.keys(TRAPS) as (keyof typeof TRAPS)[];
const module_ = new WebAssembly.Module(interpreterBytes);

/**
 * Contexts of processors, numbered from 0, and the interpreter that executes them. Each begins as the platform would
 * instantiate the module, but for the memory's active data segments and the start function: those are up to the machine.
 * One thread's only.
 */
export class Processors {
  readonly code: RegisterCode;
  readonly count: number;
  /** Where the processor that ran last stopped. */
  readonly stop = new LastStop();
  readonly #interpreter: Interpreter;
  readonly #functionOfEntry: ReadonlyMap<number, number>;
  readonly #liveness: Liveness;
  #view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));

  constructor(code: RegisterCode, count: number, memoryBytes: number, bindings: Bindings = {}) {
    this.code = code;
    this.count = count;
    this.#functionOfEntry = new Map(code.entries.map((entry, index) => [entry, index]));
    this.#liveness = new Liveness(code);
    const instance = new WebAssembly.Instance(module_, { layout: { grown: () => this.#grown() } });
    this.#interpreter = instance.exports as unknown as Interpreter;
    this.#interpreter.openHeap(CODE + code.words.byteLength);
    this.#grown();
    new Int32Array(this.#view.buffer, CODE).set(code.words);
    this.setMemoryBytes(memoryBytes);
    this.#writeSegments();
    const constants = this.#writeBindings(bindings);
    this.#createContexts(constants.length);
    const slot = SLOTS + 8 * (code.module.tables.length + code.module.globals.length);
    constants.forEach(({ type, value }, i) => {
      for (let processor = 0; processor < count; processor++) {
        this.#write(this.#interpreter.contextOf(processor) + slot + 8 * i, type, value(processor));
      }
    });
  }

  #grown(): void {
    const { buffer } = this.#interpreter.memory;
    this.#view = new DataView(buffer);
    this.stop.view(buffer);
  }

  /** The interpreter's, its memory among them: for an instance that runs processors without leaving WebAssembly. */
  get exports(): WebAssembly.Exports {
    return this.#interpreter as unknown as WebAssembly.Exports;
  }

  /**
   * Zeroed room for good in the interpreter's memory. Views of it stay valid when that grows, since it is shared.
   *
   * @throws {RangeError} if there is not so much
   */
  extend(bytes: number): Allocation {
    const address = this.#interpreter.extend(bytes) >>> 0;
    if (address === 0) {
      throw new RangeError(`Cannot keep ${bytes} bytes beside the processors' state: expected at most 4 GiB of all`);
    }
    return { buffer: this.#interpreter.memory.buffer, address };
  }

  #writeSegments(): void {
    const { elements, data, tables } = this.code.module;
    const table = this.#interpreter.allocate(8 * (elements.length + data.length));
    const limits = this.#interpreter.allocate(4 * tables.length);
    tables.forEach(({ maximum }, i) => void this.#view.setUint32(limits + 4 * i, maximum, true));
    let record = table;
    const add = (bytes: number, length: number) => {
      const address = this.#interpreter.allocate(bytes);
      this.#view.setUint32(record, address, true);
      this.#view.setUint32(record + 4, length, true);
      record += 8;
      return address;
    };
    for (const { functions } of elements) {
      const address = add(4 * functions.length, functions.length);
      functions.forEach((function_, i) => void this.#view.setUint32(address + 4 * i, this.#reference(function_), true));
    }
    // With 8 bytes after the last, so that each of them begins a whole word.
    for (const { bytes } of data) new Uint8Array(this.#view.buffer).set(bytes, add(bytes.length + 8, bytes.length));
    this.#interpreter.setSegments(table, elements.length, tables.length, limits);
  }

  #reference(function_: number | undefined): number {
    return function_ === undefined ? 0 : this.code.entries[function_]!;
  }

  /** The bindings that give every processor a value of its own, in the order of their slots. */
  #writeBindings(bindings: Bindings): { type: ValueType; value: (processor: number) => number }[] {
    const { imports, tables, globals } = this.code.module;
    const address = this.#interpreter.allocate(16 * imports.length);
    const constants: { type: ValueType; value: (processor: number) => number }[] = [];
    imports.forEach(({ module, name, type }, i) => {
      const binding = bindings[module]?.[name] ?? { kind: "stop" };
      const record = address + 16 * i;
      this.#view.setUint32(record, BINDING[binding.kind], true);
      if (binding.kind === "delay") this.#view.setFloat64(record + 8, binding.cycles, true);
      if (binding.kind === "constant per processor") {
        this.#view.setUint32(record + 8, 8 * (tables.length + globals.length + constants.length), true);
        constants.push({ type: type.results[0]!, value: binding.value });
      }
    });
    this.#interpreter.setBindings(address);
    return constants;
  }

  /** Makes every context as the module's instantiation does. */
  #createContexts(constants: number): void {
    const { tables, globals, elements, data } = this.code.module;
    const flags = SLOTS + 8 * (tables.length + globals.length + constants);
    const compared = (flags + elements.length + data.length + 7) & ~7;
    let stack = compared;
    const entriesOf = tables.map(({ initial }) => {
      const entries = stack;
      stack += (4 * initial + 7) & ~7;
      return entries;
    });
    const template = this.#interpreter.allocate(stack);
    new Uint8Array(this.#view.buffer, template, stack).fill(0);
    const view = this.#view;
    view.setUint32(template + BASE, stack, true);
    view.setUint32(template + FUNCTION, this.code.entries[0] ?? 0, true);
    view.setUint32(template + STACK, stack, true);
    tables.forEach(({ initial }, i) => {
      view.setUint32(template + SLOTS + 8 * i, entriesOf[i]!, true);
      view.setUint32(template + SLOTS + 8 * i + 4, initial, true);
    });
    globals.forEach((global, i) => {
      view.setBigUint64(template + SLOTS + 8 * (tables.length + i), this.#initial(global), true);
    });
    elements.forEach(({ mode, table, offset, functions }, i) => {
      if (mode !== "passive") view.setUint8(template + flags + i, 1);
      if (mode !== "active") return;
      if (offset + functions.length > tables[table]!.initial) {
        throw new Error(`Cannot instantiate the module: element segment ${i}: ${TRAPS.tableOutOfBounds}`);
      }
      functions.forEach((function_, j) => {
        view.setUint32(template + entriesOf[table]! + 4 * (offset + j), this.#reference(function_), true);
      });
    });
    data.forEach(({ mode }, i) => {
      if (mode === "active") view.setUint8(template + flags + elements.length + i, 1);
    });
    this.#interpreter.createContexts(this.count, template, stack, flags, compared);
  }

  #initial({ value }: Global): bigint {
    return value.function === undefined ? value.bits : BigInt(this.#reference(value.function));
  }

  /** How large the memory is, in bytes; to be kept up to date. */
  setMemoryBytes(bytes: number): void {
    this.#interpreter.setMemoryBytes(bytes);
  }

  /** How many instructions a processor executes before it stops with `budget`, 1 to 2^32 - 1, which it is at first. */
  setBudget(instructions: number): void {
    this.#interpreter.setBudget(instructions);
  }

  /**
   * Lets a processor call a function from now on, whatever it did before. Globals, tables and segments stay.
   *
   * @throws {TypeError} if the parameters are not as many as the function's
   * @throws {RangeError} if its registers are more than a processor has
   */
  begin(processor: number, function_: number, parameters: readonly Value[] = []): void {
    const type = this.code.module.functions[function_]!;
    if (parameters.length !== type.parameters.length) {
      throw new TypeError(
        `Cannot call function ${function_}: received ${parameters.length} arguments; expected ${type.parameters.length}`,
      );
    }
    const base = this.#interpreter.begin(processor, this.code.entries[function_]!, HALT);
    if (base === 0) throw new RangeError(`Cannot call function ${function_}: ${TRAPS.callStackExhausted}`);
    parameters.forEach((parameter, i) => void this.#write(base + 8 * i, type.parameters[i]!, parameter));
  }

  /**
   * Lets a processor go on until its next stop, which `stop` then describes; returns its kind, one of STOP. `low` and
   * `high` are the result of its stop before: the bits that were in memory before the access, or what the imported
   * function returned, the upper half 0 where the result has no more than 32 bits.
   */
  run(processor: number, low: number, high: number): number {
    return this.#interpreter.run(processor, low, high);
  }

  /** After `call`: what the imported function was given. */
  arguments(): Value[] {
    const { parameters } = this.code.module.imports[this.stop.import]!.type;
    return parameters.map((type, i) => this.#read(this.stop.argumentsAt + 8 * i, type));
  }

  /** After `returned`: what the entry point returned. */
  results(processor: number): Value[] {
    const context = this.#interpreter.contextOf(processor);
    const base = context + this.#view.getUint32(context + BASE, true);
    const function_ = this.#functionOfEntry.get(this.#view.getUint32(context + FUNCTION, true))!;
    const { results } = this.code.module.functions[function_]!;
    return results.map((type, i) => this.#read(base + 8 * i, type));
  }

  /** A global variable of a processor. */
  global(processor: number, global: number): Value {
    const { tables, globals } = this.code.module;
    const slot = SLOTS + 8 * (tables.length + global);
    return this.#read(this.#interpreter.contextOf(processor) + slot, globals[global]!.type);
  }

  setGlobal(processor: number, global: number, value: Value): void {
    const { tables, globals } = this.code.module;
    const slot = SLOTS + 8 * (tables.length + global);
    this.#write(this.#interpreter.contextOf(processor) + slot, globals[global]!.type, value);
  }

  /** The pcs of a processor's calls that have not returned, the innermost first; see Locations. */
  where(processor: number): number[] {
    const context = this.#interpreter.contextOf(processor);
    const view = this.#view;
    const pcs: number[] = [];
    let pc = view.getUint32(context + PC, true);
    let base = context + view.getUint32(context + BASE, true);
    let entry = view.getUint32(context + FUNCTION, true);
    while (pc !== HALT) {
      pcs.push(pc);
      const linkage = base + view.getUint32(CODE + entry + LINKAGE, true);
      const next = view.getUint32(linkage, true);
      entry = view.getUint32(linkage + 4, true);
      base -= view.getUint32(CODE + next - 4, true);
      // A return pc is after its call, and may be after the function that calls.
      pc = next === HALT ? HALT : next - 4;
    }
    return pcs;
  }

  /** The message of the trap that the last stop was: why, in which function, on which line. */
  trapMessage(): string {
    const { function: function_, file, line } = this.code.locations.at(this.stop.pc);
    return `${TRAPS[TRAP_NAMES[this.stop.trap]!]} in ${function_}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Zeroes what a processor will not read any more, so that its state says nothing of how it came there. */
  forget(processor: number): void {
    const context = this.#interpreter.contextOf(processor);
    const view = this.#view;
    let pc = view.getUint32(context + PC, true);
    let base = context + view.getUint32(context + BASE, true);
    let entry = view.getUint32(context + FUNCTION, true);
    let end = context + this.#interpreter.usedBytes(processor);
    if (pc === HALT) {
      const { results } = this.code.module.functions[this.#functionOfEntry.get(entry)!]!;
      this.#zero(base + 8 * results.length, end);
      return;
    }
    while (pc !== HALT) {
      const linkage = base + view.getUint32(CODE + entry + LINKAGE, true);
      const live = this.#liveness.at(pc);
      for (let register = 0; base + 8 * register < end; register++) {
        const at = base + 8 * register;
        if (live[register] === 0 && at !== linkage) view.setBigUint64(at, 0n, true);
      }
      end = base;
      pc = view.getUint32(linkage, true);
      entry = view.getUint32(linkage + 4, true);
      base -= view.getUint32(CODE + pc - 4, true);
    }
  }

  #zero(from: number, to: number): void {
    new Uint8Array(this.#view.buffer).fill(0, from, to);
  }

  /** All of a processor's state. */
  save(processor: number): Uint8Array {
    const context = this.#interpreter.contextOf(processor);
    return new Uint8Array(this.#view.buffer, context, this.#interpreter.usedBytes(processor)).slice();
  }

  /** Makes a processor what any processor of the same run was when it was saved. */
  restore(processor: number, state: Uint8Array): void {
    const context = this.#interpreter.makeRoom(processor, state.length);
    new Uint8Array(this.#view.buffer).set(state, context);
  }

  /** Keeps a processor's state for `unchanged`. */
  remember(processor: number): void {
    this.#interpreter.remember(processor);
  }

  /** Whether a processor's state is the one that it had at the last `remember`. */
  unchanged(processor: number): boolean {
    return this.#interpreter.unchanged(processor) !== 0;
  }

  #read(address: number, type: ValueType): Value {
    const view = this.#view;
    switch (type) {
      case "i32":
        return view.getInt32(address, true);
      case "i64":
        return view.getBigInt64(address, true);
      case "f32":
        return view.getFloat32(address, true);
      case "f64":
        return view.getFloat64(address, true);
      case "funcref":
        return this.#functionOfEntry.get(view.getUint32(address, true)) ?? null;
      case "externref":
        return view.getUint32(address, true) || null;
    }
  }

  #write(address: number, type: ValueType, value: Value): void {
    const view = this.#view;
    view.setBigUint64(address, 0n, true);
    switch (type) {
      case "i32":
        view.setInt32(address, Number(value), true);
        return;
      case "i64":
        view.setBigInt64(address, BigInt(value ?? 0), true);
        return;
      case "f32":
        view.setFloat32(address, Number(value), true);
        return;
      case "f64":
        view.setFloat64(address, Number(value), true);
        return;
      case "funcref":
        view.setUint32(address, value === null ? 0 : this.code.entries[Number(value)]!, true);
        return;
      case "externref":
        view.setUint32(address, Number(value), true);
        return;
    }
  }
}
