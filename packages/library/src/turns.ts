/**
 * Turns: requests of one worker for the same thing, in the order in which they came. One of them at a time waits as workers
 * wait; the others wait for it to end. So no task of an event loop is overtaken for ever by another that asks again and again.
 *
 *     turns: by space, then by object and kind    | requests that wait for their turn, in the order in which they came |
 *
 * Invariant: there are turns as long as a request has the turn that has not ended; each that ends passes it on to the first
 * that waits. A request that gives up before its turn leaves, and passes nothing on.
 */
import { giveUpWhen } from "./giving-up.js";
import { waitAsync } from "./lines.js";
import type { SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { type Attempt, TIMED_OUT } from "./waiting.js";

class Turns {
  readonly #waiting = new Set<() => void>();

  /** Resolves with whether the turn is the caller's; false: the time is over. Rejects with the signal's reason. */
  wait(timeout: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(begin);
        forget();
      };
      const begin = () => {
        leave();
        resolve(true);
      };
      const isOver = () => {
        leave();
        resolve(false);
      };
      const isAborted = () => {
        leave();
        reject(signal!.reason);
      };
      const forget = giveUpWhen(timeout, signal, isOver, isAborted);
      this.#waiting.add(begin);
    });
  }

  /** False: nobody waits. */
  pass(): boolean {
    const [next] = this.#waiting;
    next?.();
    return next !== undefined;
  }
}

const ofSpaces = new WeakMap<SharedSpace, Map<string, Turns>>();
/** Of all spaces: so that who asks while nobody waits need not look. */
let all = 0;

function keyOf({ handle: { address, identity } }: SharedObject, kind: number): string {
  return `${address} ${identity} ${kind}`;
}

function turnsOf(object: SharedObject, kind: number): Turns | undefined {
  return all === 0 ? undefined : ofSpaces.get(object.space)?.get(keyOf(object, kind));
}

/** The caller has the turn, as nobody else had it. Returns what passes it on. */
function take(object: SharedObject, kind: number): () => void {
  const { space } = object;
  const ofSpace = ofSpaces.get(space) ?? new Map<string, Turns>();
  ofSpaces.set(space, ofSpace);
  const key = keyOf(object, kind);
  ofSpace.set(key, new Turns());
  all++;
  return () => pass(ofSpace, key);
}

function pass(ofSpace: Map<string, Turns>, key: string): void {
  if (ofSpace.get(key)!.pass()) return;
  ofSpace.delete(key);
  all--;
}

/** Whether requests of this worker for an object wait, which a new one must not overtake. */
export function mustWaitForTurn(object: SharedObject, kind = 0): boolean {
  return turnsOf(object, kind) !== undefined;
}

/**
 * Begins a wait when it is its turn, at once if nobody has it.
 *
 * @param kind requests of different kinds do not wait for each other
 * @param begin is told how many milliseconds are left; what it resolves with is the result
 * @returns the result, or TIMED_OUT
 * @throws {FreedError} the signal's reason; what `begin` throws
 */
export async function inTurn<Result>(
  object: SharedObject,
  kind: number,
  timeout: number,
  signal: AbortSignal | undefined,
  begin: (left: number) => Result | Promise<Result>,
): Promise<Result | typeof TIMED_OUT> {
  const end = performance.now() + timeout;
  const turns = turnsOf(object, kind);
  let passOn: () => void;
  if (turns) {
    const ends = object.space.watcher?.beginsWithoutBlocking(object.handle.address);
    try {
      if (!(await turns.wait(timeout, signal))) return TIMED_OUT;
    } finally {
      ends?.();
    }
    const ofSpace = ofSpaces.get(object.space)!;
    passOn = () => pass(ofSpace, keyOf(object, kind));
  } else passOn = take(object, kind);
  try {
    if (object.freed) throw object.freedError("wait");
    return await begin(end - performance.now());
  } finally {
    passOn();
  }
}

/** As `waitAsync`, but behind those of this worker that wait for the same already. */
export function waitInTurn(
  object: SharedObject,
  attempt: Attempt,
  timeout: number,
  signal: AbortSignal | undefined,
  kind = 0,
): number | Promise<number> {
  if (timeout > 0 && mustWaitForTurn(object, kind)) {
    signal?.throwIfAborted();
    return inTurn(object, kind, timeout, signal, (left) => waitAsync(object, attempt, left, signal, kind));
  }
  const result = waitAsync(object, attempt, timeout, signal, kind);
  return typeof result === "number" ? result : result.finally(take(object, kind));
}
