import { described, mustBeOptions, mustBeWhole } from "./arguments.js";
import { mayBlock } from "./blocking.js";
import { toLine } from "./console.js";
import { ForeignHandleError, SpaceClosedError, SpaceFullError } from "./errors.js";
import { identityOf, instantiate, type LibraryKernel, refuse } from "./kernel.js";
import type { Memory } from "./memory.js";
import { platform } from "./platform/current.js";
import type { Lifeline } from "./platform.js";
import type { Watcher } from "./watcher.js";

const PAGE = 65536;

export interface SpaceOptions {
  /**
   * How many workers can use the space at once, 1 to 4096; the main thread counts, too. Each takes 4 KiB. Default: 64.
   */
  readonly workers?: number | undefined;
  /**
   * Bytes to which the space can grow, 64 KiB to 4 GiB. They are address space that is reserved, not memory in use.
   * Default: 1 GiB.
   */
  readonly maximumBytes?: number | undefined;
}

/**
 * Memory that workers share, and the objects in it. One thread makes the space, usually the main thread. Every worker
 * that receives one of its objects uses the same space. Each takes a slot of the space until it ends.
 *
 * The thread that makes a space also starts a small thread, the guardian. The guardian repairs what workers leave
 * behind when they die. It ends with the maker of the space, so the maker must outlive the workers that use the space.
 *
 * See docs/library/shared-space.md, and docs/library/browsers.md for `guarded`.
 *
 * @example
 * ```ts
 * import { Counter, SharedSpace } from "landspout";
 *
 * const space = new SharedSpace({ workers: 8, maximumBytes: 2 ** 26 });
 * await space.guarded;
 * new Counter(space).add();
 * space.close();
 * ```
 */
export class SharedSpace {
  /** @internal As `addClass`. */
  static readonly name: string = "SharedSpace";
  /** The memory itself, for `SharedSpace.of`. */
  readonly memory: Memory;
  /** @internal What structured clone copies, for `receive`. The rest is not the instance's own: it cannot be copied. */
  readonly handle: { readonly landspout: "SharedSpace"; readonly memory: Memory };
  /** @internal What landspout/debug has put there. */
  accessor watcher: Watcher | undefined;
  readonly #kernel: LibraryKernel;
  readonly #use: Use;
  readonly #endings = new Set<(reason: SpaceClosedError) => void>();
  #isClosed = false;
  #words: Int32Array;
  #bytes: Uint8Array;

  /**
   * @throws {RangeError} if an option is out of its range, or too little address space is left: a process has room for
   *   some 12,000 spaces of the default size
   */
  constructor(options?: SpaceOptions);
  /** @internal */
  constructor(options: SpaceOptions, memory?: Memory);
  constructor(options: SpaceOptions = {}, memory?: Memory) {
    if (memory !== undefined) mustBeMemory(memory);
    const { workers, maximumBytes } = withDefaults(options);
    this.memory = memory ?? reserve(maximumBytes);
    this.handle = { landspout: "SharedSpace", memory: this.memory };
    this.#kernel = instantiate(this.memory);
    if (!mayBlock) this.kernel.never_block();
    if (!memory) {
      const [low, high] = crypto.getRandomValues(new Uint32Array(2));
      if (this.kernel.create_space(workers, platform.cores(), low!, high!) === 0) {
        throw new RangeError(
          `Cannot make a SharedSpace: received ${maximumBytes} bytes; expected room for ${workers} workers`,
        );
      }
      platform.guard(this);
    }
    this.#use = this.#resume() ?? this.#begin();
    this.#words = new Int32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
    uses.set(identityOf(this.kernel), this.#use);
  }

  /** @internal */
  get kernel(): LibraryKernel {
    return this.#kernel;
  }

  /** This worker's slot: 1 to `workers`. */
  get slot(): number {
    return this.#use.slot;
  }

  /**
   * Resolves when the guardian watches this worker: then it will notice the worker's death, and repair what the worker
   * leaves.
   *
   * In Node, a worker is watched before it has its slot. Some versions of Node pass ports only through the main
   * thread's event loop. There, a worker is watched after a turn of that loop; it blocks for that, at most a tenth of a
   * second. The promise rejects if the maker of the space has ended.
   *
   * In a browser, a worker is watched when the guardian is loaded and the worker has returned to its event loop once. A
   * worker there that may be terminated soon should await the promise before it locks.
   */
  get guarded(): Promise<void> {
    return this.#use.lifeline.guarded;
  }

  /** This worker's earlier use of the space, if it has one, and no object of the space is left. */
  #resume(): Use | undefined {
    const use = uses.get(identityOf(this.kernel));
    if (!use) return undefined;
    this.kernel.enter_as(use.slot);
    use.space = new WeakRef(this);
    return use;
  }

  #begin(): Use {
    const incarnation = this.kernel.next_incarnation();
    const lifeline = platform.watch(this, incarnation);
    const slot = this.kernel.attach(incarnation, platform.isMainThread ? 0 : 1);
    if (slot === 0) {
      lifeline.end();
      throw new SpaceFullError(
        `Cannot use the SharedSpace: received one worker more than its ${this.kernel.workers()}, the main thread included; expected a free slot, or a larger { workers }`,
      );
    }
    return { identity: identityOf(this.kernel), incarnation, slot, lifeline, space: new WeakRef(this) };
  }

  /**
   * The space of this memory, in this worker. The worker's first use of a space takes a slot, and blocks for a
   * millisecond or two.
   *
   * @throws {ForeignHandleError} if the memory is not that of a space
   * @throws {SpaceFullError} if all slots are taken
   * @throws {SpaceClosedError} if the maker of the space has ended
   */
  static of(memory: Memory): SharedSpace {
    mustBeMemory(memory);
    const kernel = instantiate(memory);
    if (kernel.is_space() !== 1) {
      throw new ForeignHandleError(
        "Cannot use a memory as SharedSpace: received a memory that holds no space; expected the memory of a SharedSpace",
      );
    }
    return uses.get(identityOf(kernel))?.space.deref() ?? new SharedSpace({}, memory);
  }

  /**
   * Gives back this worker's slot and all that it holds, as if the worker had ended. Other workers go on. Then every
   * use of the space's objects in this worker throws a SpaceClosedError; it can receive them anew. A second call does
   * nothing.
   *
   * The end of the worker does the same. The garbage collector does not: a worker without an object of the space keeps
   * its slot, and what it holds. If it receives an object again, it has the same slot.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.watcher = undefined;
    const { identity, incarnation, lifeline } = this.#use;
    uses.delete(identity);
    this.kernel.repair_worker(incarnation);
    lifeline.end();
    refuse(this.kernel, () => {
      throw isClosed();
    });
    for (const end of this.#endings) end(isClosed());
  }

  /** @internal For what does not ask the kernel. @throws {SpaceClosedError} */
  mustBeOpen(): void {
    if (this.#isClosed) throw isClosed();
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Not `instanceof`: a Proxy of a space cannot stand for it. */
  static isOne(value: unknown): value is SharedSpace {
    return typeof value === "object" && value !== null && #use in value;
  }

  /** @internal */
  [toLine](): string {
    if (this.#isClosed) return `SharedSpace ${this.#use.identity}, closed`;
    return `SharedSpace ${this.#use.identity}, slot ${this.slot} of ${this.kernel.workers()}`;
  }

  /** @internal A view of the whole memory that covers the bytes at an address, also when the space has grown since. */
  words(address: number, bytes: number): Int32Array {
    if (address + bytes > this.#words.byteLength) this.#look();
    return this.#words;
  }

  /** @internal As `words`. */
  bytes(address: number, bytes: number): Uint8Array {
    if (address + bytes > this.#bytes.byteLength) this.#look();
    return this.#bytes;
  }

  /** @internal What is to end when this worker closes the space. */
  whenClosed(end: (reason: SpaceClosedError) => void): void {
    this.#endings.add(end);
  }

  /** @internal The address of what the kernel made. @throws {SpaceFullError} if it made nothing */
  mustHaveRoom(what: string, address: number): number {
    if (address === 0) {
      throw new SpaceFullError(
        `Cannot make ${what}: received a space that is full; expected one with a larger maximumBytes`,
      );
    }
    return address >>> 0;
  }

  #look(): void {
    // Engines tell a worker later of what another has grown; this asks.
    this.memory.grow(0);
    this.#words = new Int32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }
}

function isClosed(): SpaceClosedError {
  return new SpaceClosedError(
    "Cannot use an object of a SharedSpace: received an object of a space that this worker has closed; expected one of an open space",
  );
}

/** What stays of a worker's use of a space when the worker has no object of it any more. */
interface Use {
  readonly identity: string;
  readonly incarnation: number;
  readonly slot: number;
  readonly lifeline: Lifeline;
  space: WeakRef<SharedSpace>;
}

/** This worker's, by the identity of the space: each message brings memory objects of its own. */
const uses = new Map<string, Use>();

function withDefaults(options: SpaceOptions): { readonly workers: number; readonly maximumBytes: number } {
  const what = "make a SharedSpace";
  mustBeOptions(options, what, ["workers", "maximumBytes"]);
  const { workers = 64, maximumBytes = 2 ** 30 } = options;
  mustBeWhole(workers, what, 1, 4096, "workers, the main thread included");
  mustBeWhole(maximumBytes, what, PAGE, 65536 * PAGE, "maximumBytes");
  return { workers, maximumBytes };
}

/** Also one of another realm; not a Proxy of one, or what is made of its prototype, on which the getter throws. */
export function isMemory(memory: unknown): memory is Memory {
  try {
    const { get } = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "buffer")!;
    return Object.prototype.toString.call(get!.call(memory)) === "[object SharedArrayBuffer]";
  } catch {
    return false;
  }
}

function mustBeMemory(memory: unknown): asserts memory is Memory {
  if (isMemory(memory)) return;
  throw new ForeignHandleError(
    `Cannot use a memory as SharedSpace: received ${described(memory)}; expected the memory of a SharedSpace, a shared WebAssembly.Memory`,
  );
}

function reserve(maximumBytes: number): Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: Math.floor(maximumBytes / PAGE), shared: true });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(
      `Cannot make a SharedSpace: received ${maximumBytes} bytes, more than the address space has left; expected fewer spaces, or smaller ones: close those that are no longer in use`,
      { cause },
    );
  }
}
