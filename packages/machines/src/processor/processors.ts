/** The processors of one run, which execute register code until they access memory. */
import { TRAPS } from "../wasm/instructions.js";
import { Liveness } from "../wasm/liveness.js";
import type { Location } from "../wasm/locations.js";
import type { RegisterCode } from "../wasm/register-code.js";
import type { Allocation } from "./allocation.js";
import { callsOf, forget } from "./frames.js";
import { type Bindings, CONTEXT, Image, type Value } from "./image.js";
import { Interpreter } from "./interpreter.js";
import { type LastStop, STOP } from "./stop.js";

export type { Binding, Bindings, Image, Value } from "./image.js";
export { STOP };

const TRAP_NAMES = Object.keys(TRAPS) as (keyof typeof TRAPS)[];

/**
 * Contexts of processors, numbered from 0, and the interpreter that executes them. Each context is of one image, the first
 * one at first, and begins as the platform would instantiate the module, but for the memory's active data segments and the
 * start function: those are up to the machine. One thread's only.
 */
export class Processors {
  /** The first image's. */
  readonly code: RegisterCode;
  readonly count: number;
  /** Where the processor that ran last stopped. */
  readonly stop: LastStop;
  readonly #interpreter = new Interpreter();
  readonly #liveness = new Map<Image, Liveness>();
  /** By processor. */
  readonly #images: Image[];

  /** @throws {Error} if an active element segment is not all in its table */
  constructor(code: RegisterCode, count: number, memoryBytes: number, bindings: Bindings = {}) {
    this.stop = this.#interpreter.stop;
    this.code = code;
    this.count = count;
    this.setMemoryBytes(memoryBytes);
    const image = this.load(code, bindings);
    this.#interpreter.exports.openContexts(count);
    this.#images = new Array(count).fill(image);
    for (let processor = 0; processor < count; processor++) image.createContext(processor);
  }

  /**
   * Adds an image, for `boot`.
   *
   * @throws {Error} if an active element segment is not all in its table
   */
  load(code: RegisterCode, bindings: Bindings = {}): Image {
    const image = new Image(this.#interpreter, code, bindings);
    this.#liveness.set(image, new Liveness(code));
    return image;
  }

  /** Gives a processor a new context of an image that this object loaded, in place of the one it has. */
  boot(processor: number, image: Image): void {
    this.#images[processor] = image;
    image.createContext(processor);
  }

  /** The interpreter's, its memory among them: for an instance that runs processors without leaving WebAssembly. */
  get exports(): WebAssembly.Exports {
    return this.#interpreter.exports as unknown as WebAssembly.Exports;
  }

  /**
   * Zeroed room for good in the interpreter's memory. Views of it stay valid when that grows, since it is shared.
   *
   * @throws {RangeError} if there is not so much
   */
  extend(bytes: number): Allocation {
    return this.#interpreter.extend(bytes);
  }

  /** How large the memory is, in bytes; to be kept up to date. */
  setMemoryBytes(bytes: number): void {
    this.#interpreter.exports.setMemoryBytes(bytes);
  }

  /** How many instructions a processor executes before it stops with `budget`, 1 to 2^32 - 1, which it is at first. */
  setBudget(instructions: number): void {
    this.#interpreter.exports.setBudget(instructions);
  }

  /**
   * Lets a processor call a function of its image from now on, whatever it did before. Globals, tables and segments stay.
   *
   * @throws {TypeError} if the parameters are not as many as the function's
   * @throws {RangeError} if its registers are more than a processor has
   */
  begin(processor: number, function_: number, parameters: readonly Value[] = []): void {
    const image = this.#imageOf(processor);
    const type = image.code.module.functions[function_]!;
    if (parameters.length !== type.parameters.length) {
      throw new TypeError(
        `Cannot call function ${function_}: received ${parameters.length} arguments; expected ${type.parameters.length}`,
      );
    }
    const base = this.#interpreter.exports.begin(processor, image.entryOf(function_), image.halt);
    if (base === 0) throw new RangeError(`Cannot call function ${function_}: ${TRAPS.callStackExhausted}`);
    parameters.forEach((parameter, i) => void image.write(base + 8 * i, type.parameters[i]!, parameter));
  }

  /**
   * Lets a processor go on until its next stop, which `stop` then describes; returns its kind, one of STOP. `low` and
   * `high` are the result of its stop before: the bits that were in memory before the access, or what the imported
   * function returned, the upper half 0 where the result has no more than 32 bits.
   */
  run(processor: number, low: number, high: number): number {
    return this.#interpreter.exports.run(processor, low, high);
  }

  /** After a processor's `call`: what the imported function was given. */
  arguments(processor: number): Value[] {
    const image = this.#imageOf(processor);
    const { parameters } = image.code.module.imports[this.stop.import]!.type;
    return parameters.map((type, i) => image.read(this.stop.argumentsAt + 8 * i, type));
  }

  /** After `returned`: what the entry point returned. */
  results(processor: number): Value[] {
    const image = this.#imageOf(processor);
    const { exports, view } = this.#interpreter;
    const context = exports.contextOf(processor);
    const base = context + view.getUint32(context + CONTEXT.base, true);
    const function_ = image.functionOf(view.getUint32(context + CONTEXT.function, true))!;
    const { results } = image.code.module.functions[function_]!;
    return results.map((type, i) => image.read(base + 8 * i, type));
  }

  /** A global variable of a processor. */
  global(processor: number, global: number): Value {
    const image = this.#imageOf(processor);
    const address = this.#interpreter.exports.contextOf(processor) + image.slotOf(global);
    return image.read(address, image.code.module.globals[global]!.type);
  }

  setGlobal(processor: number, global: number, value: Value): void {
    const image = this.#imageOf(processor);
    const address = this.#interpreter.exports.contextOf(processor) + image.slotOf(global);
    image.write(address, image.code.module.globals[global]!.type, value);
  }

  /** The pcs of a processor's calls that have not returned, the innermost first; see Locations of its image's code. */
  where(processor: number): number[] {
    return callsOf(this.#interpreter, this.#imageOf(processor), processor);
  }

  /** Where in the program's text the instruction is at which a processor stopped, by that stop's pc. */
  locationAt(processor: number, pc: number): Location {
    const { base, code } = this.#imageOf(processor);
    return code.locations.at(pc - base);
  }

  /** The message of the trap that a processor's last stop was: why, in which function, on which line. */
  trapMessage(processor: number): string {
    const { function: function_, file, line } = this.locationAt(processor, this.stop.pc);
    return `${TRAPS[TRAP_NAMES[this.stop.trap]!]} in ${function_}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Zeroes what a processor will not read any more, so that its state says nothing of how it came there. */
  forget(processor: number): void {
    const image = this.#imageOf(processor);
    forget(this.#interpreter, image, this.#liveness.get(image)!, processor);
  }

  /** How many words all of a processor's state is. */
  savedLength(processor: number): number {
    return this.#interpreter.exports.usedBytes(processor) >>> 2;
  }

  /** Writes all of a processor's state, `savedLength` words, to `to`, from `at` on. */
  saveTo(processor: number, to: Int32Array, at: number): void {
    const { exports, words } = this.#interpreter;
    const context = exports.contextOf(processor) >>> 2;
    const length = exports.usedBytes(processor) >>> 2;
    for (let i = 0; i < length; i++) to[at + i] = words[context + i]!;
  }

  /** All of a processor's state. */
  save(processor: number): Int32Array {
    const state = new Int32Array(this.savedLength(processor));
    this.saveTo(processor, state, 0);
    return state;
  }

  /** Makes a processor what any processor of the same run and the same image was when it was saved. */
  restore(processor: number, state: Int32Array): void {
    const context = this.#interpreter.exports.makeRoom(processor, 4 * state.length) >>> 2;
    this.#interpreter.words.set(state, context);
  }

  /** Keeps a processor's state for `unchanged`. */
  remember(processor: number): void {
    this.#interpreter.exports.remember(processor);
  }

  /** Whether a processor's state is the one that it had at the last `remember`. */
  unchanged(processor: number): boolean {
    return this.#interpreter.exports.unchanged(processor) !== 0;
  }

  #imageOf(processor: number): Image {
    return this.#images[processor]!;
  }
}
