/** What a submitter knows of one task, from `run` to its outcome. */
import { NoSuchTaskError, PoolClosedError, WorkerDiedError } from "../errors.js";
import type { Purpose } from "../structured-refusal.js";
import type { Call } from "./values.js";

export interface Job {
  readonly call: Call;
  /** The call as it was, written; undefined where it is written when there is a record. */
  written: Uint8Array | undefined;
  readonly purpose: Purpose;
  /** A number for the key, 0 for none. */
  readonly key: number;
  readonly priority: number;
  readonly timeout: number;
  /** When its time is over, by `performance.now()`. */
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  readonly transfer: readonly object[] | undefined;
  /** The executor that it is for, -1 for any. */
  readonly executor: number;
  retries: number;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  /** Its record, -1 while it has none. */
  record: number;
  generation: number;
  /** Its promise is settled. */
  isOver: boolean;
  /** Forgets its timer and its signal. */
  forget: (() => void) | undefined;
  /** Of a task that was told to stop: the timer of its grace. */
  grace: ReturnType<typeof setTimeout> | undefined;
}

/** Whether a value cannot be changed by anybody. */
function isPrimitive(value: unknown): boolean {
  return (typeof value !== "object" && typeof value !== "function") || value === null;
}

export function isUnchangeable([, args, context]: Call): boolean {
  return isPrimitive(context) && args.every(isPrimitive);
}

/** Arrive as instances of their classes; what is thrown by a task arrives as an Error with its name. */
const OWN = { NoSuchTaskError, PoolClosedError, WorkerDiedError };

/** What was thrown in another worker. */
export function revived(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !Object.hasOwn(OWN, thrown.name)) return thrown;
  return Object.setPrototypeOf(thrown, OWN[thrown.name as keyof typeof OWN].prototype);
}
