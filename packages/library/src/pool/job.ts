/** What a submitter knows of one task, from `run` to its outcome. */
import { NoSuchTaskError, PoolClosedError, PoolFullError, WorkerDiedError } from "../errors.js";
import type { Call } from "../structured-format.js";
import type { Key } from "./options.js";

/** What few tasks have. */
export interface Terms {
  readonly priority: number;
  readonly timeout: number;
  /** When its time is over, by `performance.now()`. */
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  /** What is posted to its executor, with the call. */
  readonly transfer: readonly object[] | undefined;
  /** It was posted: nothing of it is here any more. */
  isGiven: boolean;
  /** The executor that it is for, -1 for any. */
  readonly executor: number;
  /** Whether the task is called with each of the arguments alone. */
  readonly isEach: boolean;
  /** What its submitter gives it beside the arguments. */
  readonly context: unknown;
  readonly key: Key | undefined;
  retries: number;
  /** Forgets its timer and its signal. */
  forget: (() => void) | undefined;
  /** When it was begun, by `performance.now()`, once somebody has looked. */
  begun: number | undefined;
  /** Executed by its submitter itself: since when, by `performance.now()`, and how it is ended. */
  own: { readonly begun: number; readonly stop: () => void; readonly endWorker: () => void } | undefined;
  /** Why its values could not be posted. */
  refusal: { readonly error: unknown } | undefined;
  /** Of a task that was told to end: when its executor is to be ended. */
  grace: ReturnType<typeof setTimeout> | undefined;
}

/** Few words: there may be some 100,000 of them. */
export class Job {
  readonly name: string;
  readonly args: readonly unknown[];
  /** A number for the key, 0 for none. */
  readonly key: number;
  readonly terms: Terms | undefined;
  /** Undefined: its promise is settled. */
  #resolve: ((value: unknown) => void) | undefined;
  readonly #reject: (reason: unknown) => void;
  /** The call as it was, written; undefined where it is written when there is a record. */
  written: Uint8Array | undefined;
  /** -1 while it has none. */
  record = -1;

  constructor(
    name: string,
    args: readonly unknown[],
    key: number,
    terms: Terms | undefined,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.name = name;
    this.args = args;
    this.key = key;
    this.terms = terms;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** What it is called with. */
  get call(): Call {
    const { name, args, terms } = this;
    if (terms === undefined || (terms.context === undefined && terms.key === undefined && !terms.isEach))
      return [name, args];
    return [name, args, terms.context, terms.key, terms.isEach];
  }

  /** Its promise is settled. */
  get isOver(): boolean {
    return this.#resolve === undefined;
  }

  /** Settles its promise, unless it is settled. */
  resolve(value: unknown): void {
    this.#end()?.(value);
  }

  /** As `resolve`. */
  reject(reason: unknown): void {
    if (this.#end()) this.#reject(reason);
  }

  /** Undefined: it has been settled before. */
  #end(): ((value: unknown) => void) | undefined {
    const resolve = this.#resolve;
    if (resolve) this.terms?.forget?.();
    this.#resolve = undefined;
    return resolve;
  }

  /** Whether it is called with nothing. */
  get isBare(): boolean {
    return this.terms === undefined && this.args.length === 0;
  }

  /** Whether nobody can change what it is called with. */
  get isUnchangeable(): boolean {
    return isPrimitive(this.terms?.context) && this.args.every(isPrimitive);
  }
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== "object" && typeof value !== "function") || value === null;
}

/** Arrive as instances of their classes; other errors as structured clone copies them. */
const OWN = { NoSuchTaskError, PoolClosedError, PoolFullError, WorkerDiedError };

/** What was thrown in another worker. */
export function revived(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !Object.hasOwn(OWN, thrown.name)) return thrown;
  return Object.setPrototypeOf(thrown, OWN[thrown.name as keyof typeof OWN].prototype);
}
