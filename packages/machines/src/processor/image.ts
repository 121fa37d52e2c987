/** A module in the interpreter's memory: its code, segments and bindings, and what a context of it is at first. */
import { TRAPS } from "../wasm/instructions.js";
import type { Global, ValueType } from "../wasm/module.js";
import { HALT, type RegisterCode } from "../wasm/register-code.js";
import { CODE, type Interpreter } from "./interpreter.js";

/** What an imported function does when a processor calls it. */
export type Binding =
  /** Stops the processor, which gets the result, if there is one, when it runs again. */
  | { readonly kind: "stop" }
  /** Returns the same every time, without a stop. */
  | { readonly kind: "constant per processor"; readonly value: (processor: number) => number }
  /** Adds to the delay, without a stop. */
  | { readonly kind: "delay"; readonly cycles: number }
  /** Adds its first argument, as unsigned 32 bits, to the delay, without a stop. */
  | { readonly kind: "delay by argument" }
  /** With a kernel mode: returns what the processor's registers have at an offset; see src/processor/contexts.ts. */
  | { readonly kind: "register"; readonly offset: number };

/** By the name of the imported function's module and its own; those that are left out stop. */
export type Bindings = Readonly<Record<string, Readonly<Record<string, Binding>>>>;

/**
 * A value of a program: bigint for i64, the function's number or null for a funcref, a handle or null for an externref.
 */
export type Value = number | bigint | null;

/** Of a context; see src/processor/interpreter/context.ts. */
export const CONTEXT = { pc: 0, base: 4, function: 8, stack: 12, image: 24, slots: 32 } as const;
/** Of an image's record; see src/processor/interpreter/image.ts. */
const RECORD = {
  bindings: 0,
  segments: 4,
  elements: 8,
  tables: 12,
  maxima: 16,
  dropped: 20,
  compared: 24,
  codePage: 28,
} as const;
const RECORD_BYTES = 32;
const BINDING = { stop: 0, "constant per processor": 1, register: 1, delay: 2, "delay by argument": 3 } as const;

interface Constant {
  readonly type: ValueType;
  readonly value: (processor: number) => number;
}

export class Image {
  readonly code: RegisterCode;
  /** The pc at which its register code begins: its own pcs are relative to that. */
  readonly base: number;
  readonly #interpreter: Interpreter;
  /** Made when it is asked for: most runs never do, and are many. */
  #functionOfEntry: ReadonlyMap<number, number> | undefined;
  /** The bindings that give every processor a value of its own, in the order of their slots. */
  readonly #constants: readonly Constant[];
  readonly #template: number;
  readonly #templateBytes: number;

  /**
   * @param codePage with a kernel mode: the page on which its code begins
   * @throws {Error} if an active element segment is not all in its table
   */
  constructor(interpreter: Interpreter, code: RegisterCode, bindings: Bindings = {}, codePage = 0) {
    this.#interpreter = interpreter;
    this.code = code;
    const { buffer, address } = interpreter.extend(code.words.byteLength);
    this.base = address - CODE;
    const words = new Int32Array(buffer, address, code.words.length);
    words.set(code.words);
    if (this.base > 0) for (const pc of code.pcWords) words[pc >> 2]! += this.base;
    const record = interpreter.exports.allocate(RECORD_BYTES);
    const set = (field: keyof typeof RECORD, value: number) =>
      interpreter.view.setUint32(record + RECORD[field], value, true);
    set("segments", this.#writeSegments());
    set("elements", code.module.elements.length);
    set("tables", code.module.tables.length);
    set("maxima", this.#writeMaxima());
    const [address_, constants] = this.#writeBindings(bindings);
    set("bindings", address_);
    this.#constants = constants;
    const { tables, globals, elements, data } = code.module;
    const dropped = CONTEXT.slots + 8 * (tables.length + globals.length + constants.length);
    const compared = (dropped + elements.length + data.length + 7) & ~7;
    set("dropped", dropped);
    set("compared", compared);
    set("codePage", codePage);
    [this.#template, this.#templateBytes] = this.#writeTemplate(record, dropped, compared);
  }

  /** The pc at which a processor has returned from its entry point. */
  get halt(): number {
    return this.base + HALT;
  }

  /** The pc of a function's entry; 0 for none, which is a reference to null. */
  entryOf(function_: number | undefined): number {
    return function_ === undefined ? 0 : this.base + this.code.entries[function_]!;
  }

  /** The number of the function with that entry; undefined if there is none. */
  functionOf(entry: number): number | undefined {
    this.#functionOfEntry ??= new Map(this.code.entries.map((start, index) => [this.base + start, index]));
    return this.#functionOfEntry.get(entry);
  }

  /** Makes a processor's context as the module's instantiation does, but for data segments and start function. */
  createContext(processor: number): void {
    const context = this.#interpreter.exports.createContext(processor, this.#template, this.#templateBytes);
    const { tables, globals } = this.code.module;
    const slot = context + CONTEXT.slots + 8 * (tables.length + globals.length);
    this.#constants.forEach(({ type, value }, i) => void this.write(slot + 8 * i, type, value(processor)));
  }

  /** Makes an instance, as the module's instantiation does, but for data segments and start function; its address. */
  createInstance(): number {
    return this.#interpreter.exports.createInstance(this.#template, this.#templateBytes);
  }

  /** Where a context of the image has a global variable, in bytes after its begin. */
  slotOf(global: number): number {
    return CONTEXT.slots + 8 * (this.code.module.tables.length + global);
  }

  read(address: number, type: ValueType): Value {
    const { view } = this.#interpreter;
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
        return this.functionOf(view.getUint32(address, true)) ?? null;
      case "externref":
        return view.getUint32(address, true) || null;
    }
  }

  write(address: number, type: ValueType, value: Value): void {
    const { view } = this.#interpreter;
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
        view.setUint32(address, value === null ? 0 : this.entryOf(Number(value)), true);
        return;
      case "externref":
        view.setUint32(address, Number(value), true);
        return;
    }
  }

  #writeSegments(): number {
    const { elements, data } = this.code.module;
    const { exports } = this.#interpreter;
    const records = exports.allocate(8 * (elements.length + data.length));
    let record = records;
    const add = (bytes: number, length: number) => {
      const address = exports.allocate(bytes);
      this.#interpreter.view.setUint32(record, address, true);
      this.#interpreter.view.setUint32(record + 4, length, true);
      record += 8;
      return address;
    };
    for (const { functions } of elements) this.#writeReferences(add(4 * functions.length, functions.length), functions);
    for (const { bytes } of data) {
      // With 8 bytes after the last, so that each of them begins a whole word.
      const address = add(bytes.length + 8, bytes.length);
      new Uint8Array(this.#interpreter.view.buffer).set(bytes, address);
    }
    return records;
  }

  #writeReferences(address: number, functions: readonly (number | undefined)[]): void {
    functions.forEach((function_, i) => {
      this.#interpreter.view.setUint32(address + 4 * i, this.entryOf(function_), true);
    });
  }

  #writeMaxima(): number {
    const { tables } = this.code.module;
    const address = this.#interpreter.exports.allocate(4 * tables.length);
    tables.forEach(({ maximum }, i) => void this.#interpreter.view.setUint32(address + 4 * i, maximum, true));
    return address;
  }

  #writeBindings(bindings: Bindings): [address: number, constants: Constant[]] {
    const { imports, tables, globals } = this.code.module;
    const address = this.#interpreter.exports.allocate(16 * imports.length);
    const { view } = this.#interpreter;
    const constants: Constant[] = [];
    imports.forEach(({ module, name, type }, i) => {
      const binding = bindings[module]?.[name] ?? { kind: "stop" };
      const record = address + 16 * i;
      view.setUint32(record, BINDING[binding.kind], true);
      if (binding.kind === "register") view.setUint32(record + 8, binding.offset, true);
      if (binding.kind === "delay") view.setFloat64(record + 8, binding.cycles, true);
      if (binding.kind === "constant per processor") {
        view.setUint32(record + 8, 8 * (tables.length + globals.length + constants.length), true);
        constants.push({ type: type.results[0]!, value: binding.value });
      }
    });
    return [address, constants];
  }

  /** Writes what every context is at first. */
  #writeTemplate(record: number, dropped: number, compared: number): [address: number, bytes: number] {
    const { tables, globals, elements, data } = this.code.module;
    let stack = compared;
    const entriesOf = tables.map(({ initial }) => {
      const entries = stack;
      stack += (4 * initial + 7) & ~7;
      return entries;
    });
    const template = this.#interpreter.exports.allocate(stack);
    const { view } = this.#interpreter;
    new Uint8Array(view.buffer).fill(0, template, template + stack);
    view.setUint32(template + CONTEXT.base, stack, true);
    view.setUint32(template + CONTEXT.function, this.entryOf(this.code.entries.length > 0 ? 0 : undefined), true);
    view.setUint32(template + CONTEXT.stack, stack, true);
    view.setUint32(template + CONTEXT.image, record, true);
    tables.forEach(({ initial }, i) => {
      view.setUint32(template + CONTEXT.slots + 8 * i, entriesOf[i]!, true);
      view.setUint32(template + CONTEXT.slots + 8 * i + 4, initial, true);
    });
    globals.forEach((global, i) => void view.setBigUint64(template + this.slotOf(i), this.#initial(global), true));
    elements.forEach(({ mode, table, offset, functions }, i) => {
      if (mode !== "passive") view.setUint8(template + dropped + i, 1);
      if (mode !== "active") return;
      if (offset + functions.length > tables[table]!.initial) {
        throw new Error(`Cannot instantiate the module: element segment ${i}: ${TRAPS.tableOutOfBounds}`);
      }
      this.#writeReferences(template + entriesOf[table]! + 4 * offset, functions);
    });
    data.forEach(({ mode }, i) => {
      if (mode === "active") view.setUint8(template + dropped + elements.length + i, 1);
    });
    return [template, stack];
  }

  #initial({ value }: Global): bigint {
    return value.function === undefined ? value.bits : BigInt(this.entryOf(value.function));
  }
}
