/** The interpreter: a WebAssembly instance that executes register code. Its memory holds images and contexts. */
import type { Allocation } from "./allocation.js";
import { interpreterBytes, privilegedInterpreterBytes } from "./modules.js";
import { LastStop } from "./stop.js";

/** The exports of src/processor/interpreter/interpreter.ts. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  openHeap(): void;
  allocate(bytes: number): number;
  extend(bytes: number): number;
  setMemoryBytes(bytes: number): void;
  setBudget(instructions: number): void;
  openContexts(processors: number): void;
  createContext(processor: number, template: number, bytes: number): number;
  contextOf(processor: number): number;
  usedBytes(processor: number): number;
  makeRoom(processor: number, bytes: number): number;
  begin(processor: number, entry: number, halt: number): number;
  run(processor: number, low: number, high: number): number;
  remember(processor: number): void;
  unchanged(processor: number): number;
  release(block: number, bytes: number): void;
  // With a kernel mode.
  setPageBits(bits: number): void;
  registersOf(processor: number): number;
  createInstance(template: number, bytes: number): number;
  copyInstance(instance: number): number;
  releaseInstance(instance: number): void;
  contextBytes(processor: number): number;
  setContext(processor: number, context: number, bytes: number): void;
  openContext(processor: number, instance: number, entry: number, halt: number): number;
}

const module_ = new WebAssembly.Module(interpreterBytes);
let privilegedModule: WebAssembly.Module | undefined;

/** Where register code begins that has the pc 0; see src/processor/interpreter/layout.ts. */
export const CODE = 1024;

export class Interpreter {
  readonly exports: Exports;
  /** Where the processor that ran last stopped. */
  readonly stop = new LastStop();
  /** All of its memory: another view after that has grown. */
  view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));
  /** The same memory as words. */
  words: Int32Array = new Int32Array();

  /** @param privileged whether processors have a kernel mode: contexts are parts of stacks then, and have instances */
  constructor(privileged = false) {
    if (privileged) privilegedModule ??= new WebAssembly.Module(privilegedInterpreterBytes);
    const instance = new WebAssembly.Instance(privileged ? privilegedModule! : module_, {
      layout: { grown: () => this.#grown() },
    });
    this.exports = instance.exports as unknown as Exports;
    this.exports.openHeap();
    this.#grown();
  }

  #grown(): void {
    const { buffer } = this.exports.memory;
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
    this.stop.view(buffer);
  }

  /**
   * Zeroed room for good. Views of it stay valid when the memory grows, since it is shared.
   *
   * @throws {RangeError} if there is not so much
   */
  extend(bytes: number): Allocation {
    const address = this.exports.extend(bytes) >>> 0;
    if (address === 0) {
      throw new RangeError(`Cannot keep ${bytes} bytes beside the processors' state: expected at most 4 GiB of all`);
    }
    return { buffer: this.exports.memory.buffer, address };
  }
}
