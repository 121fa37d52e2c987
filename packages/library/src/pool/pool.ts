import { mustBeBoolean, mustBeOptions, wrong } from "../arguments.js";
import { addClass } from "../classes.js";
import { PoolFullError } from "../errors.js";
import { Existing, SharedObject } from "../shared-object.js";
import { SharedSpace } from "../space.js";
import { executingHere } from "./executing.js";
import { isClosed } from "./failures.js";
import { Flat } from "./flat.js";
import { Job, type Terms } from "./job.js";
import { ENDED, OPEN } from "./layout.js";
import { Manager } from "./manager.js";
import { checkMap, isIterable, type MapOptions, mapInChunks, mapInOrder } from "./map.js";
import { checkRun, hashOf, type Key, type PoolOptions, type RunOptions, type Settings, settingsOf } from "./options.js";
import { ANY } from "./placing.js";
import { inspected, type PoolStatistics, statisticsOf } from "./statistics.js";
import { GONE, Submitter } from "./submitter.js";
import type { AnyTasks, TaskArguments, TaskItem, TaskName, TaskResult } from "./tasks.js";
import { moved } from "./transfer.js";
import { RESERVED } from "./vacancies.js";
import { purposeOfRun } from "./values.js";

const RUN = "run a task";
/** Slots of a pool's own space beside those of its workers. */
const SUBMITTERS = 64;
/** Items of `map` at a time, for each worker. */
const ITEMS = 16;
/** Chunks of short items at a time, for each worker. */
const CHUNKS = 4;
/** Affinity is remembered by so many numbers of keys, at least, and for each job that there can be. */
const LEAST_KEYS = 1024;
const DEFAULTS: RunOptions = {};
const NONE: readonly unknown[] = [];
/** The arguments are items, with each of which the task is called. */
const EACH: RunOptions = {};

/** The arguments of `run`: those of the task may be left out where it has none. */
type RunArguments<Parameters> = Parameters extends readonly [unknown, ...unknown[]]
  ? [args: Readonly<Parameters>, options?: RunOptions]
  : [args?: Readonly<Parameters>, options?: RunOptions];

/**
 * Worker threads that execute the exported functions of a module. Every thread that has the pool may submit: its maker, the
 * workers that received it, and the pool's own tasks. A queue in shared memory has what is submitted, and the workers take
 * from it: the maker's event loop takes no part in that. Each submitted task has one outcome, whichever worker dies when.
 *
 * Values are copied as a Channel copies them: as structured clone does, and objects of the pool's space arrive as these
 * objects. No method blocks.
 *
 * A pool without a task in progress does not keep Node alive. Close it, or use `await using`, where the program goes on.
 *
 * See docs/library/pool.md.
 *
 * @example
 * ```ts
 * import { Pool } from "landspout";
 *
 * const pool = new Pool("data:text/javascript,export const double = (n) => 2 * n;", { workers: 2 });
 * console.log(await pool.run("double", [21], { key: "a user", timeout: 5_000 })); // 42
 * for await (const result of pool.map("double", [1, 2, 3])) console.log(result);
 * await pool.close();
 * ```
 */
export class Pool<Tasks = AnyTasks> extends SharedObject {
  readonly #submitter: Submitter;
  readonly #policy: number;
  /** Only in the thread that made it. */
  readonly #manager: Manager | undefined;
  readonly #settings: Settings | undefined;
  readonly #ownsSpace: boolean;
  #closing: Promise<void> | undefined;
  /** It was closed, and its memory is gone. */
  #isGone = false;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param url the module whose exports are the tasks: a URL, or the text of one, or an absolute path
   * @throws {TypeError | RangeError} if an option is not as it says
   * @throws {SpaceFullError}
   */
  constructor(url: URL | string, options?: PoolOptions);
  constructor(at: URL | string | Existing, options?: PoolOptions) {
    const settings = at instanceof Existing ? undefined : settingsOf(options);
    const href = at instanceof Existing ? "" : hrefOf(at);
    const executors = 2 * (settings?.workers ?? 0);
    super(
      at instanceof Existing ? at : (settings!.space ?? new SharedSpace({ workers: executors + SUBMITTERS })),
      "Pool",
      (kernel) => {
        const { capacity, policyNumber, parameter } = settings!;
        return kernel.pool_create(
          executors,
          capacity + RESERVED,
          Math.max(LEAST_KEYS, capacity),
          policyNumber,
          parameter,
        );
      },
    );
    const { space, handle } = this;
    const { kernel } = space;
    this.#policy = kernel.pool_policy(handle.address);
    this.#settings = settings;
    this.#ownsSpace = settings !== undefined && settings.space === undefined;
    this.#submitter = submitterOf(this);
    if (!settings) return;
    this.#submitter.grace = settings.grace;
    this.#manager = new Manager({ space, address: handle.address, handle, url: href, settings });
    this.#submitter.maker = this.#manager;
  }

  /**
   * Resolves when the first workers have loaded the module and can execute tasks. Only the thread that made the pool knows;
   * in others it resolves at once. Nobody need await it: tasks wait for workers.
   *
   * @throws {Error} if the module cannot be loaded, or its `init` throws; its cause says why. Every `run` rejects with it
   */
  get started(): Promise<void> {
    return this.#manager?.started ?? Promise.resolve();
  }

  /** Tasks that may wait or be executed at a time. */
  get capacity(): number {
    return this.space.kernel.pool_capacity(this.handle.address) - RESERVED;
  }

  /** Tasks that wait for a worker, of all submitters. It may be out of date at once. @throws {FreedError} */
  get queued(): number {
    this.mustExist("look at a Pool");
    return this.space.kernel.pool_queued(this.handle.address);
  }

  /** Worker threads that execute tasks now. @throws {FreedError} */
  get workers(): number {
    this.mustExist("look at a Pool");
    const { kernel } = this.space;
    const { address } = this.handle;
    let count = 0;
    for (let e = kernel.pool_executors(address) - 1; e >= 0; e--) count += kernel.pool_is_there(address, e);
    return count;
  }

  /** Whether the pool takes no new tasks. */
  get closed(): boolean {
    return this.#isGone || this.freed || this.space.kernel.pool_state(this.handle.address) !== OPEN;
  }

  /**
   * Executes a task of the module in one of the workers.
   *
   * @returns what the function returns; rejects with what it throws
   * @throws {NoSuchTaskError} if the module exports no such function
   * @throws {PoolClosedError} if the pool is closed, or its maker has ended
   * @throws {PoolFullError} if there is no room, and `whenFull` is not `wait`
   * @throws {WorkerDiedError} if the worker ended before the task was done, and no retries are left
   * @throws {DOMException} of name `TimeoutError`; the signal's reason; of name `DataCloneError`, if an argument or the
   *   result cannot be copied
   * @throws {TypeError | RangeError} if an option is not as it says
   */
  run<Name extends TaskName<Tasks>>(
    name: Name,
    ...[args, options = DEFAULTS]: RunArguments<TaskArguments<Tasks, Name>>
  ): Promise<TaskResult<Tasks, Name>> {
    const result = new Promise<TaskResult<Tasks, Name>>(keepSettlers);
    const reject = rejectLast;
    try {
      if (this.#submit(name, args ?? NONE, options, resolveLast, reject, this.#waits)) return result;
    } catch (error) {
      reject(error);
      return result;
    }
    const error = new PoolFullError(
      `Cannot ${RUN}: received one more than the ${this.capacity} that the Pool holds; expected to be called when ready() has resolved`,
    );
    if (this.#settings?.whenFull === "throw") throw error;
    reject(error);
    return result;
  }

  /**
   * Executes a task in each worker that there is, once: to forget what they have cached, for example. Workers that start
   * later do not execute it.
   *
   * @returns the results, in no order; rejects with the first error
   * @throws as `run`
   */
  async runOnAll<Name extends TaskName<Tasks>>(
    name: Name,
    ...[args, ...rest]: [] extends TaskArguments<Tasks, Name>
      ? [args?: Readonly<TaskArguments<Tasks, Name>>]
      : [args: Readonly<TaskArguments<Tasks, Name>>]
  ): Promise<TaskResult<Tasks, Name>[]> {
    const [more] = rest as readonly unknown[];
    if (more !== undefined) throw wrong(RUN, more, "no options: runOnAll has none");
    await this.started;
    this.mustExist(RUN);
    const { kernel } = this.space;
    const { address } = this.handle;
    const results: Promise<unknown>[] = [];
    for (let e = 0, all = kernel.pool_executors(address); e < all; e++) {
      if (kernel.pool_is_there(address, e) === 0) continue;
      results.push(
        new Promise((resolve, reject) => {
          this.#submitter.submit(this.#job(name, args ?? [], DEFAULTS, resolve, reject, e), true);
        }),
      );
    }
    const all = await Promise.all(results);
    return all.filter((result) => result !== GONE) as TaskResult<Tasks, Name>[];
  }

  /**
   * Executes a task for each item, which is its one argument, and yields the results in the order of the items. At most
   * `concurrency` items are submitted whose results nobody has taken: so it goes no faster than its consumer.
   *
   * @throws as `run`, from the iteration; then no item more is begun
   */
  map<Name extends TaskName<Tasks>>(
    name: Name,
    items: Iterable<TaskItem<Tasks, Name>> | AsyncIterable<TaskItem<Tasks, Name>>,
    options: MapOptions<TaskItem<Tasks, Name>> = {},
  ): AsyncGenerator<TaskResult<Tasks, Name>, void> {
    checkMap(items, options);
    const workers = Math.max(this.workers, 1);
    const { concurrency = Math.min(ITEMS * workers, this.capacity), key, ...rest } = options;
    checkRun(rest, this.#policy);
    type Item = TaskItem<Tasks, Name>;
    const isPlain = !key && Object.values(rest).every((option) => option === undefined);
    if (isPlain && isIterable(items)) {
      const chunks = options.concurrency === undefined ? CHUNKS * workers : undefined;
      const results = mapInChunks<Item, TaskResult<Tasks, Name>>(items, { most: concurrency, chunks }, (chunk) => {
        return new Promise((resolve, reject) => {
          this.#submit(name, chunk, EACH, resolve as (value: unknown) => void, reject, true);
        });
      });
      return new Flat(results);
    }
    return mapInOrder<Item, TaskResult<Tasks, Name>>(items, concurrency, (item, index) => {
      const its = key ? { ...rest, key: key(item, index) } : rest;
      return new Promise((resolve, reject) => {
        this.#submit(name, [item], its, resolve as (value: unknown) => void, reject, true);
      });
    });
  }

  /** Resolves when the queue has room for a task more: where a producer is faster than the workers. @throws {FreedError} */
  async ready(): Promise<void> {
    this.mustExist("wait for a Pool");
    await this.#submitter.ready();
  }

  /** Resolves when all tasks that this thread has submitted have their outcomes. @throws {FreedError} */
  async drain(): Promise<void> {
    this.mustExist("wait for a Pool");
    await this.#submitter.drain();
  }

  /**
   * Says, in a task: this worker has the state of a key. Tasks of that key are preferred here from now on, though none was
   * executed here.
   *
   * @throws {Error} outside of the pool's workers
   */
  warm(key: Key): void {
    const executor = executingHere(this)?.number;
    if (executor === undefined) {
      throw new Error("Cannot warm a key: received a call outside of the Pool's workers; expected one in a task");
    }
    if (!["string", "number", "bigint"].includes(typeof key))
      throw wrong("warm a key", key, "a string, a number or a bigint");
    this.space.kernel.pool_warm(this.handle.address, executor, hashOf(key));
  }

  /**
   * Closes the pool: nothing more can be submitted, but by tasks in progress. Resolves when all that was submitted, in any
   * thread, has its outcome, and the workers have ended. A second call waits for the same. Only the maker awaits the
   * workers' end; in other threads it tells the maker to close, and resolves when this thread's tasks have their outcomes.
   *
   * @param options `force`: tasks are not waited for: their promises reject with a PoolClosedError, their workers are ended
   */
  close(options: { readonly force?: boolean | undefined } = {}): Promise<void> {
    mustBeOptions(options, "close a Pool", ["force"]);
    const { force = false } = options;
    mustBeBoolean(force, "close a Pool", "force");
    if (this.#isGone || this.freed) return this.#closing ?? Promise.resolve();
    // First: the maker that is told of the close is to find it so.
    if (force) this.space.kernel.pool_end(this.handle.address);
    this.space.kernel.pool_close(this.handle.address);
    if (!this.#manager) return this.#submitter.drain();
    this.#closing ??= this.#end(this.#manager);
    if (force) void this.#manager.close(true);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal `close` does so. @throws {TypeError} if the pool is open */
  override free(): void {
    if (!this.closed) throw new TypeError("Cannot free a Pool: received one that is open; expected a closed one");
    super.free();
  }

  /** What each worker has done, and how long tasks waited and ran. @throws {FreedError} */
  statistics(): PoolStatistics {
    this.mustExist("look at a Pool");
    return statisticsOf(this.space, this.handle.address, this.#manager);
  }

  /** The statistics as a table, for people. @throws {FreedError} */
  inspect(): string {
    return inspected(this.statistics());
  }

  /** @internal */
  get submitter(): Submitter {
    return this.#submitter;
  }

  async #end(manager: Manager): Promise<void> {
    await manager.close(false);
    this.#isGone = true;
    this.#submitter.end();
    manager.free();
    super.free();
    if (this.#ownsSpace) this.space.close();
  }

  /** Whether what finds no room is kept. */
  get #waits(): boolean {
    return (this.#settings?.whenFull ?? "wait") === "wait";
  }

  /** False: there is no room, and it was not kept. */
  #submit(
    name: string,
    args: readonly unknown[],
    options: RunOptions,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
    keeps: boolean,
  ): boolean {
    if (this.#isGone || this.freed) {
      reject(isClosed(ENDED));
      return true;
    }
    if (options !== DEFAULTS && options !== EACH) {
      checkRun(options, this.#policy);
      options.signal?.throwIfAborted();
    }
    return this.#submitter.submit(this.#job(name, args, options, resolve, reject), keeps);
  }

  #job(
    name: string,
    args: readonly unknown[],
    options: RunOptions,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
    executor = ANY,
  ): Job {
    if (typeof name !== "string") throw wrong(RUN, name, "the name of an export");
    if (!Array.isArray(args)) throw wrong(RUN, args, "an array of arguments");
    const key = options.key === undefined ? 0 : hashOf(options.key);
    const context = this.#settings?.context?.getStore();
    const { priority, timeout, deadline, signal, retries, transfer } = options;
    const isPlain = options === DEFAULTS && context === undefined && executor === ANY;
    if (isPlain) return new Job(name, args, key, undefined, resolve, reject);
    const isMoved = transfer !== undefined && transfer.length > 0;
    const terms: Terms = {
      key: options.key,
      priority: priority ?? 0,
      timeout: timeout ?? Number.POSITIVE_INFINITY,
      signal,
      executor,
      isEach: options === EACH,
      context,
      end: deadline === undefined ? Number.POSITIVE_INFINITY : performance.now() + deadline,
      retries: retries ?? 0,
      transfer: isMoved && this.#manager ? transfer : undefined,
      isGiven: false,
      forget: undefined,
      begun: undefined,
      own: undefined,
      refusal: undefined,
      grace: undefined,
    };
    const job = new Job(name, args, key, terms, resolve, reject);
    if (isMoved && !this.#manager) job.written = moved(this.space, job.call, transfer, purposeOfRun(name));
    return job;
  }
}
addClass("Pool", Pool);

/** Of the promise that was made last. A function for each of them, and what it closes over, would be more to collect. */
let resolveLast: (value: unknown) => void;
let rejectLast: (reason: unknown) => void;

function keepSettlers(resolve: (value: never) => void, reject: (reason: unknown) => void): void {
  resolveLast = resolve as (value: unknown) => void;
  rejectLast = reject;
}

/** One for all objects of this thread that stand for the same pool. */
const submitters = new WeakMap<SharedSpace, Map<string, Submitter>>();

function submitterOf(pool: SharedObject): Submitter {
  const { space, handle } = pool;
  const ofSpace = submitters.get(space) ?? new Map<string, Submitter>();
  submitters.set(space, ofSpace);
  const key = `${handle.address} ${handle.identity}`;
  let submitter = ofSpace.get(key);
  if (!submitter) {
    submitter = new Submitter(space, handle.address);
    submitter.executing = executingHere(pool);
    ofSpace.set(key, submitter);
  }
  return submitter;
}

function hrefOf(url: URL | string): string {
  if (url instanceof URL) return url.href;
  if (typeof url !== "string") throw wrong("make a Pool", url, "the URL of a module, or its absolute path");
  if (URL.canParse(url)) return url;
  if (url.startsWith("/")) return new URL(url, globalThis.location?.href ?? "file:///").href;
  throw wrong(
    "make a Pool",
    url,
    'the URL of a module, or its absolute path, as new URL("./tasks.js", import.meta.url)',
    "string",
  );
}
