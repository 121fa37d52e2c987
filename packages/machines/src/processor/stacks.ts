/** Stacks of processors that have a kernel mode, and the interpreter that executes them. */

import { TRAPS } from "../wasm/instructions.js";
import type { Location } from "../wasm/locations.js";
import type { RegisterCode } from "../wasm/register-code.js";
import type { Allocation } from "./allocation.js";
import { type Bindings, CONTEXT, Image, type Value } from "./image.js";
import { CODE, Interpreter } from "./interpreter.js";
import type { LastStop } from "./stop.js";

/** Where a processor's registers have what; see src/processor/interpreter/registers.ts. */
export const REGISTER = {
  limit: 0,
  lookups: 8,
  processor: 16,
  processors: 20,
  userProcessor: 24,
  userProcessors: 28,
  pages: 32,
} as const;

/** Of a context: the address of its instance. */
const INSTANCE = 16;
/** In the head of a function, before its entry: where its code lies in the code section. */
const PLACE = CODE - 24;

const TRAP_NAMES = Object.keys(TRAPS) as (keyof typeof TRAPS)[];

/** An image's globals, tables and dropped segments. */
export interface Instance {
  /** The image's number. */
  readonly image: number;
  /** In the interpreter's memory. */
  readonly address: number;
}

/**
 * The frames of a stack between two changes of the mode: all of one instance. It has a block of its own, with a limit of its
 * own; the processor that executes it may move that.
 */
export class Segment {
  /** The block, and its bytes: known while no processor executes it. */
  address = 0;
  bytes = 0;

  constructor(public instance: Instance) {}
}

/**
 * Executes segments of stacks, one on each processor. Images are numbered from 0 on, which is the kernel's. One thread's
 * only.
 */
export class Stacks {
  /** Where the processor that ran last stopped. */
  readonly stop: LastStop;
  readonly #interpreter = new Interpreter(true);
  readonly #images: Image[] = [];
  /** By image: where its code begins. */
  readonly #codePages: number[] = [];
  /** By processor: what it executes. */
  readonly #running: (Segment | undefined)[];

  /** @param pageBits the logarithm of a page's bytes */
  constructor(processors: number, pageBits: number, budget: number) {
    this.stop = this.#interpreter.stop;
    const { exports } = this.#interpreter;
    exports.openContexts(processors);
    exports.setPageBits(pageBits);
    exports.setBudget(budget);
    this.#running = new Array(processors).fill(undefined);
  }

  /**
   * Adds the next image.
   *
   * @param codePage the page on which its code begins
   * @throws {Error} if an active element segment is not all in its table
   */
  load(code: RegisterCode, bindings: Bindings, codePage: number): void {
    this.#images.push(new Image(this.#interpreter, code, bindings, codePage));
    this.#codePages.push(codePage);
  }

  /** The interpreter's: for an instance that runs processors without leaving WebAssembly. */
  get exports(): WebAssembly.Exports {
    return this.#interpreter.exports as unknown as WebAssembly.Exports;
  }

  /** As `Processors.extend`. */
  extend(bytes: number): Allocation {
    return this.#interpreter.extend(bytes);
  }

  codeOf(image: number): RegisterCode {
    return this.#images[image]!.code;
  }

  /** An instance as the module's instantiation makes it, but for data segments and start function; or a copy of one. */
  createInstance(image: number, original?: Instance): Instance {
    const address =
      original === undefined
        ? this.#images[image]!.createInstance()
        : this.#interpreter.exports.copyInstance(original.address);
    return { image, address };
  }

  releaseInstance({ address }: Instance): void {
    this.#interpreter.exports.releaseInstance(address);
  }

  global({ image, address }: Instance, global: number): Value {
    const { code } = this.#images[image]!;
    return this.#images[image]!.read(this.#globalAt(image, address, global), code.module.globals[global]!.type);
  }

  setGlobal({ image, address }: Instance, global: number, value: Value): void {
    const { code } = this.#images[image]!;
    this.#images[image]!.write(this.#globalAt(image, address, global), code.module.globals[global]!.type, value);
  }

  #globalAt(image: number, address: number, global: number): number {
    return this.#interpreter.view.getUint32(address, true) + this.#images[image]!.slotOf(global);
  }

  /** The number of the function that an instance's table 0 has at an index; undefined if there is none. */
  functionInTable({ image, address }: Instance, index: number): number | undefined {
    const { view } = this.#interpreter;
    const block = view.getUint32(address, true);
    if (this.codeOf(image).module.tables.length === 0 || index >= view.getUint32(block + CONTEXT.slots + 4, true)) {
      return undefined;
    }
    const entries = block + view.getUint32(block + CONTEXT.slots, true);
    return this.#images[image]!.functionOf(view.getUint32(entries + 4 * index, true));
  }

  /** The words and doubles of a processor's registers: REGISTER has the offsets, in bytes. */
  registersOf(processor: number): DataView {
    const { exports, view } = this.#interpreter;
    return new DataView(view.buffer, exports.registersOf(processor), 64);
  }

  /** What a processor executes. */
  running(processor: number): Segment | undefined {
    return this.#running[processor];
  }

  /** Where the block of what a processor executes begins. */
  blockOf(processor: number): number {
    return this.#interpreter.exports.contextOf(processor);
  }

  /** Keeps what a processor executes, and lets it execute something else, or nothing. */
  run(processor: number, segment: Segment | undefined): void {
    const { exports, view } = this.#interpreter;
    const before = this.#running[processor];
    if (before !== undefined) {
      before.address = exports.contextOf(processor);
      before.bytes = exports.contextBytes(processor);
    }
    this.#running[processor] = segment;
    if (segment === undefined) return;
    exports.setContext(processor, segment.address, segment.bytes);
    view.setUint32(segment.address + INSTANCE, segment.instance.address, true);
  }

  /**
   * A segment that begins a function of an instance; nobody executes it yet.
   *
   * @throws {RangeError} if its registers are more than a stack has
   */
  open(processor: number, instance: Instance, function_: number, parameters: readonly number[]): Segment {
    const before = this.#running[processor];
    const segment = new Segment(instance);
    this.run(processor, undefined);
    const { exports } = this.#interpreter;
    const image = this.#images[instance.image]!;
    const base = exports.openContext(processor, instance.address, image.entryOf(function_), image.halt);
    segment.address = exports.contextOf(processor);
    segment.bytes = exports.contextBytes(processor);
    this.run(processor, before);
    if (base === 0) throw new RangeError(TRAPS.callStackExhausted);
    parameters.forEach((parameter, i) => void image.write(base + 8 * i, "i32", parameter));
    return segment;
  }

  /** A copy of a segment that no processor executes. */
  copy(segment: Segment): Segment {
    const copy = new Segment(segment.instance);
    const { exports } = this.#interpreter;
    copy.bytes = segment.bytes;
    copy.address = exports.allocate(segment.bytes);
    const bytes = new Uint8Array(this.#interpreter.view.buffer);
    bytes.copyWithin(copy.address, segment.address, segment.address + segment.bytes);
    return copy;
  }

  /** A segment that no processor executes is no more. */
  release({ address, bytes }: Segment): void {
    this.#interpreter.exports.release(address, bytes);
  }

  /** After `returned`: the i32 that the function with which a processor's segment began has returned; 0 for none. */
  result(processor: number): number {
    const { exports, view } = this.#interpreter;
    const context = exports.contextOf(processor);
    const image = this.#images[this.#running[processor]!.instance.image]!;
    const function_ = image.functionOf(view.getUint32(context + CONTEXT.function, true))!;
    const { results } = image.code.module.functions[function_]!;
    return results.length === 0 ? 0 : view.getInt32(context + view.getUint32(context + CONTEXT.base, true), true);
  }

  /** The words of what an imported function was given, an i64 or f64 as two, from where a stop says that they are. */
  argumentsOf(processor: number, imported: number, at: number): number[] {
    const { view } = this.#interpreter;
    const { parameters } = this.codeOf(this.#running[processor]!.instance.image).module.imports[imported]!.type;
    return parameters.flatMap((type, i) => {
      const low = view.getInt32(at + 8 * i, true);
      return type === "i64" || type === "f64" ? [low, view.getInt32(at + 8 * i + 4, true)] : [low];
    });
  }

  /** The page on which the code of the function lies that a processor executes. */
  pageOf(processor: number, pageBits: number): number {
    const { exports, view } = this.#interpreter;
    const entry = view.getUint32(exports.contextOf(processor) + CONTEXT.function, true);
    return (
      this.#codePages[this.#running[processor]!.instance.image]! + (view.getUint32(entry + PLACE, true) >>> pageBits)
    );
  }

  /** Where in its program's text a segment is, by a pc of the interpreter's. */
  locationAt(segment: Segment, pc: number, processor: number): Location {
    const { base, code } = this.#images[segment.instance.image]!;
    if (code.locations.functionAt(pc - base) >= 0) return code.locations.at(pc - base);
    // It has returned.
    const address = this.#running[processor] === segment ? this.blockOf(processor) : segment.address;
    return code.locations.at(this.#interpreter.view.getUint32(address + CONTEXT.function, true) - base);
  }

  /** The pc at which a segment goes on, which a processor executes or none does. */
  pcOf(segment: Segment, processor: number): number {
    const address = this.#running[processor] === segment ? this.blockOf(processor) : segment.address;
    return this.#interpreter.view.getUint32(address + CONTEXT.pc, true);
  }

  /** Why a processor trapped, by the stop's number. */
  trapText(trap: number): string {
    return TRAPS[TRAP_NAMES[trap]!];
  }
}
