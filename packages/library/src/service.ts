import { aOrAn, described, mustBeA, mustBeOptions, mustBeSignal, mustBeTime, mustBeWhole, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import { ServiceClosedError } from "./errors.js";
import { KINDS } from "./kinds.js";
import { mustBeName, withName } from "./names.js";
import { holdsTooMany } from "./results.js";
import { BlockingCalls } from "./service/blocking.js";
import { Client, type Limits } from "./service/client.js";
import { whenIdle } from "./service/closing.js";
import {
  type Description,
  describe,
  mustBeProcedures,
  type Procedures,
  parseDescription,
  readDescription,
  roomFor,
  writeDescription,
} from "./service/description.js";
import { HOLDS_TOO_MUCH } from "./service/layout.js";
import { PromisedCalls } from "./service/promised.js";
import { Server } from "./service/server.js";
import { Existing, SharedObject } from "./shared-object.js";
import { SharedSpace } from "./space.js";

const MAKE = "make a Service";
const BIND = "bind a Service";
const DEPTH = 32;
/** Bytes of an A-stack's room, unless the options say it. */
const LEAST_ROOM = 448;
const MOST_ROOM = 8192;
/** What errors call a service without a name. */
const UNNAMED = "service";

export interface ServiceOptions<Its extends Procedures> {
  /** What it is found by; those who give the same name serve the same service. Default: none. */
  readonly name?: string | undefined;
  /** The functions that are called, by name; they may be asynchronous. All that serve one service have the same names. */
  readonly procedures: Its;
  /** How many calls there can be at once, 1 to 4096, besides one that blocks of each worker: A-stacks. Default: 64. */
  readonly calls?: number | undefined;
  /**
   * Bytes of an A-stack for arguments and for the answer, 0 to 65536; larger values take a block. Default: what the signatures
   * need, 448 to 8192.
   */
  readonly bytes?: number | undefined;
  /** Calls within each other that this thread executes, 1 to 1000. Default: 32. */
  readonly depth?: number | undefined;
}

export interface BindOptions {
  /** Milliseconds after which a call throws a DOMException of name `TimeoutError`. Default: never. */
  readonly timeout?: number | undefined;
  /** When it is aborted, calls of `async` in progress reject with its reason, and later ones throw it. */
  readonly signal?: AbortSignal | undefined;
  /** What a call does while all A-stacks are in use: it waits, or fails with a ServiceFullError. Default: wait. */
  readonly whenFull?: "wait" | "fail" | undefined;
}

/** The procedures as a caller has them: its methods block. */
export type Blocking<Its extends Procedures> = {
  readonly [Name in keyof Its]: (...args: Parameters<Its[Name]>) => Awaited<ReturnType<Its[Name]>>;
};

/** The procedures as a caller has them: its methods give promises. */
export type Asynchronous<Its extends Procedures> = {
  readonly [Name in keyof Its]: (...args: Parameters<Its[Name]>) => Promise<Awaited<ReturnType<Its[Name]>>>;
};

/** What calls a service: see `Service.bind`. */
export type Binding<Its extends Procedures = Procedures> = Blocking<Its> & {
  /** The same procedures, whose methods do not block. */
  readonly async: Asynchronous<Its>;
  /** Calls in progress are rejected with a ServiceClosedError, later ones throw it. The service goes on. */
  [Symbol.dispose](): void;
};

/**
 * Procedures that one thread or several execute for all threads of the space: remote procedure calls at the speed of shared
 * memory. A call has an A-stack, a record in shared memory that holds its arguments and then its answer.
 *
 * The thread that makes a Service serves it, in its event loop, and while it blocks in a call itself. If others make one of the
 * same name, they serve the same. A server that is idle takes the next call. While a service is served, its process does not end
 * by itself: `leave` ends that for one thread, `close` for all.
 *
 * Arguments and answers are copied, as by a Channel; so are errors, with stack and cause. A call that its server does not live
 * to answer throws a CallFailedError. An answer that comes too late is dropped.
 *
 * Memory: 512 bytes for each call that there can be at once, and 640 for each worker of the space; more where signatures need it.
 *
 * See docs/library/service.md.
 *
 * @example
 * ```ts
 * import { named, Service, SharedSpace } from "landspout";
 *
 * const space = new SharedSpace();
 * const service = new Service(space, { name: "numbers", procedures: { square: (x: number) => x * x } });
 * // In any other thread, too; in workers also `numbers.square(4)`, which blocks.
 * const numbers = named(space, "numbers", Service<{ square(x: number): number }>).bind();
 * console.log(await numbers.async.square(4)); // 16
 * await service.leave(); // this thread serves no more
 * await service.close(); // and no other
 * ```
 */
export class Service<Its extends Procedures = Procedures> extends SharedObject {
  readonly #description: Description;
  readonly #server: Server | undefined;

  /** @internal */
  constructor(existing: Existing);
  /**
   * Serves a service, in this thread: a new one; or the one of that name.
   *
   * @param options are left out by `named` alone, where others serve the service of that name
   * @throws {TypeError} {RangeError} if the options are not such options, or others serve other procedures by that name
   * @throws {ServiceClosedError} if the one of that name is being closed
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, options?: ServiceOptions<Its>);
  constructor(at: SharedSpace | Existing, options?: ServiceOptions<Its>) {
    const existing = at instanceof Existing ? at : found(at, options);
    super(existing, "Service", () => 0);
    const { space } = this;
    const { address } = this.handle;
    const text = readDescription(space, space.kernel.service_description(address) >>> 0);
    this.#description = parseDescription(text);
    if (at instanceof Existing || !options) return;
    const { name = UNNAMED, procedures, depth = DEPTH } = options;
    const own = describe(name, procedures);
    if (own !== text) {
      throw new TypeError(
        `Cannot ${MAKE}: received the procedures ${own}; expected ${text}, as those have that serve it already`,
      );
    }
    const result = space.kernel.service_join(address);
    if (result === HOLDS_TOO_MUCH) throw holdsTooMany("serve a Service");
    if (result !== 0) {
      throw new ServiceClosedError(
        `Cannot ${MAKE}: received a service that is being closed; expected one that is open`,
      );
    }
    this.#server = new Server(this, procedures, this.#description, depth);
  }

  /**
   * What this thread calls the service with: an object that has the procedures as methods. They block until the answer is there,
   * which a main thread must not do. Those of `async` give promises. Meanwhile the thread serves its own services. It does not
   * block itself.
   *
   * @throws {TypeError} {RangeError} if the options are not such options
   * @throws {FreedError}
   */
  bind(options?: BindOptions): Binding<Its> {
    const limits = limitsOf(options);
    this.mustExist("bind");
    const client = new Client(this, this.#description, limits);
    const blocking = new BlockingCalls(client);
    const promised = new PromisedCalls(client);
    const binding: Record<string | symbol, unknown> = {};
    const asynchronous: Record<string, unknown> = {};
    for (const [number, { name }] of this.#description.procedures.entries()) {
      binding[name] = blocking.method(number);
      asynchronous[name] = promised.method(number);
    }
    binding.async = asynchronous;
    binding[Symbol.dispose] = () => promised.close();
    return binding as unknown as Binding<Its>;
  }

  /** How many calls there can be at once, besides one that blocks of each worker. Never blocks. @throws {FreedError} */
  get calls(): number {
    this.mustExist("look");
    return this.space.kernel.service_shared(this.handle.address);
  }

  /** Whether any thread serves it. Never blocks. @throws {FreedError} */
  get served(): boolean {
    this.mustExist("look");
    return this.space.kernel.service_is_served(this.handle.address) === 1;
  }

  /**
   * This thread serves it no more: it takes no other call. Others go on; if there are none, later calls throw a
   * ServiceClosedError. Never blocks.
   *
   * @returns resolves when all that this thread has begun is answered
   */
  async leave(): Promise<void> {
    await this.#server?.leave();
  }

  /**
   * Closes the service for all: new calls throw a ServiceClosedError, those in progress are executed. When all who serve it have
   * left, which their threads do by themselves, it is freed. Any thread may call it. Never blocks.
   *
   * @returns resolves when it is freed
   */
  async close(): Promise<void> {
    if (this.freed) return;
    const { kernel } = this.space;
    const { address, identity } = this.handle;
    kernel.service_close(address);
    await whenIdle(this);
    // Another may have closed it at the same time.
    kernel.free_object(address, identity);
    await this.#server?.ended;
  }

  /** @internal Of its options, those that say what it is. */
  protected override madeWith(): unknown[] {
    return [{ calls: this.calls }];
  }
}
addClass("Service", Service);

/** The one of that name, or a new one. */
function found<Its extends Procedures>(space: SharedSpace, options: ServiceOptions<Its> | undefined): Existing {
  mustBeA(SharedSpace, space, MAKE);
  if (options === undefined) throw wrong(MAKE, options, "{ procedures }");
  mustBeOptions(options, MAKE, ["name", "procedures", "calls", "bytes", "depth"]);
  const { name, procedures, calls = 64, depth = DEPTH } = options;
  mustBeProcedures(procedures);
  const { bytes = Math.min(Math.max(LEAST_ROOM, roomFor(procedures)), MOST_ROOM) } = options;
  mustBeWhole(calls, MAKE, 1, 4096, "calls");
  mustBeWhole(bytes, MAKE, 0, 65536, "bytes");
  mustBeWhole(depth, MAKE, 1, 1000, "depth");
  const text = describe(name ?? UNNAMED, procedures);
  if (name === undefined) return make(space, text, calls, bytes);
  mustBeName(name);
  const { kernel } = space;
  const what = `the name ${described(name)}`;
  return withName(space, name, (address, length) => {
    for (;;) {
      const there = kernel.name_find(address, length) >>> 0;
      if (there !== 0) {
        const identity = kernel.named_identity.value;
        const its = KINDS[(identity >>> 24) - 1]!;
        if (kernel.is_object(there, identity) === 0) continue;
        if (its === "Service") return new Existing(space, there, identity);
        throw new TypeError(`Cannot use ${what}: received a name of ${aOrAn(its)}; expected one of a Service`);
      }
      const made = make(space, text, calls, bytes);
      const bound = kernel.name_bind(address, length, made.address, made.identity) >>> 0;
      if (bound === made.address) return made;
      kernel.free_object(made.address, made.identity);
      space.mustHaveRoom(what, bound);
    }
  });
}

function make(space: SharedSpace, text: string, calls: number, bytes: number): Existing {
  const { kernel } = space;
  const block = writeDescription(space, text);
  const address = kernel.service_create(calls, bytes) >>> 0;
  if (address === 0) kernel.release(block);
  space.mustHaveRoom("a Service", address);
  kernel.service_describe(address, block);
  return new Existing(space, address, Atomics.load(space.words(address, 4), address >>> 2));
}

function limitsOf(options: BindOptions | undefined): Limits {
  mustBeOptions(options, BIND, ["timeout", "signal", "whenFull"]);
  const { timeout = Number.POSITIVE_INFINITY, signal, whenFull = "wait" } = options ?? {};
  mustBeTime(timeout, BIND);
  if (signal !== undefined) mustBeSignal(signal, BIND);
  if (whenFull !== "wait" && whenFull !== "fail") throw wrong(BIND, whenFull, 'whenFull: "wait" or "fail"', "string");
  return { timeout, signal, waits: whenFull === "wait" };
}
