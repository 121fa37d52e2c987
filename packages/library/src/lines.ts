/**
 * Waiting without blocking. The requests of a worker that wait at one word of the space stand in a line, and only the line
 * waits in the engine's list: however many requests there are, a wake-up costs each worker one look, and each grant two.
 *
 *     lines: by space, then by word and class    line: | address | requests, in the order in which they came |
 *
 * 1. A request attempts; if it has to wait, it joins the line of the word that it was told, and the first to join serves the line.
 * 2. Serve: the first request attempts. If it is done, the next one does so at once; else the line waits for the word to change.
 * 3. Leave, as the time is over or the signal aborted: out of the line. Its announcement in the word stands for those behind
 *    it. An empty line is woken, so that the engine forgets it.
 *
 * Invariant: while a line has requests, it is served, or the engine wakes it at the next change after an attempt that found
 * nothing. So whoever is behind is not forgotten, whatever becomes of the first. A request that has ended stands in no line:
 * what it acquired then would be nobody's.
 */
import { giveUpWhen } from "./giving-up.js";
import { keepAlive, letGo } from "./keep-alive.js";
import { ASYNCHRONOUS, WAIT } from "./kernel.js";
import type { SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { type Attempt, TIMED_OUT } from "./waiting.js";

interface Request {
  readonly object: SharedObject;
  readonly attempt: Attempt;
  readonly settle: (result: number) => void;
  readonly fail: (reason: unknown) => void;
  /** The line that it stands in; undefined once it has ended. */
  line: Line | undefined;
}

interface Line {
  readonly space: SharedSpace;
  readonly key: string;
  readonly address: number;
  readonly requests: Set<Request>;
}

const lines = new WeakMap<SharedSpace, Map<string, Line>>();

/**
 * As `waitBlocking`, but the event loop goes on. Node stays alive meanwhile.
 *
 * @param alike requests for the same that differ in it do not wait for each other
 * @param all the objects that it is about, where they are several
 * @returns the attempt's result, or TIMED_OUT; no promise of it where the first attempt has one
 * @throws the signal's reason when it is aborted
 */
export function waitAsync(
  object: SharedObject,
  attempt: Attempt,
  timeout = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
  alike = 0,
  all: Iterable<SharedObject> = [object],
): number | Promise<number> {
  signal?.throwIfAborted();
  const result = attempt(ASYNCHRONOUS);
  if (result !== WAIT) return result;
  if (!(timeout > 0)) return TIMED_OUT;
  const granted = standInLine(object, attempt, timeout, signal, alike);
  const { watcher } = object.space;
  const ends: (() => void)[] = [];
  if (watcher) for (const { handle } of all) ends.push(watcher.beginsWithoutBlocking(handle.address));
  keepAlive();
  return granted.finally(() => {
    letGo();
    for (const end of ends) end();
  });
}

/** After an attempt that ended in WAIT. */
function standInLine(
  object: SharedObject,
  attempt: Attempt,
  timeout: number,
  signal: AbortSignal | undefined,
  alike: number,
): Promise<number> {
  const { promise, resolve, reject } = withResolvers<number>();
  const request: Request = {
    object,
    attempt,
    settle: (result) => {
      resolve(result);
      forget();
    },
    fail: (reason) => {
      reject(reason);
      forget();
    },
    line: undefined,
  };
  const isOver = () => {
    leave(request);
    request.settle(TIMED_OUT);
  };
  const isAborted = () => {
    leave(request);
    request.fail(signal!.reason);
  };
  const forget = giveUpWhen(timeout, signal, isOver, isAborted);
  join(object.space, request, alike);
  return promise;
}

/** Where the last attempt, the request's, said to sleep. */
function join(space: SharedSpace, request: Request, alike: number): void {
  const address = space.kernel.sleep_address.value >>> 0;
  const key = `${address} ${alike}`;
  let ofSpace = lines.get(space);
  if (!ofSpace) {
    ofSpace = new Map();
    lines.set(space, ofSpace);
    space.whenClosed((reason) => leaveAll(space, reason));
  }
  const there = ofSpace.get(key);
  const line = there ?? { space, key, address, requests: new Set() };
  line.requests.add(request);
  request.line = line;
  if (there) return;
  ofSpace.set(key, line);
  void serve(line, space.kernel.sleep_value.value, alike);
}

function leave(request: Request): void {
  const { line } = request;
  if (!line) return;
  request.line = undefined;
  line.requests.delete(request);
  // All who wait there look again.
  if (line.requests.size === 0) Atomics.notify(line.space.words(line.address, 4), line.address >>> 2);
}

/** Ends all requests of a space that this worker closes. */
function leaveAll(space: SharedSpace, reason: unknown): void {
  for (const { requests } of lines.get(space)?.values() ?? []) {
    for (const request of requests) {
      leave(request);
      request.fail(reason);
    }
  }
}

async function serve(line: Line, value: number, alike: number): Promise<void> {
  const { space, address, requests } = line;
  const { kernel } = space;
  for (let expected = value; ; expected = kernel.sleep_value.value) {
    const wait = Atomics.waitAsync(space.words(address, 4), address >>> 2, expected);
    if (wait.async) {
      // Who frees it wakes those who were there.
      const [first] = requests;
      if (first?.object.freed) Atomics.notify(space.words(address, 4), address >>> 2);
      await wait.value;
    }
    if (grant(line, alike)) continue;
    // Nobody is left.
    lines.get(space)!.delete(line.key);
    return;
  }

  /** Whether somebody is left, whose attempt has just said to wait. */
  function grant(of: Line, kind: number): boolean {
    for (const request of requests) {
      let result: number;
      try {
        if (request.object.freed) throw request.object.freedError("wait");
        result = request.attempt(ASYNCHRONOUS);
      } catch (error) {
        requests.delete(request);
        request.line = undefined;
        request.fail(error);
        continue;
      }
      if (result === WAIT && kernel.sleep_address.value >>> 0 === of.address) return true;
      requests.delete(request);
      request.line = undefined;
      if (result === WAIT) join(space, request, kind);
      else request.settle(result);
    }
    return false;
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
