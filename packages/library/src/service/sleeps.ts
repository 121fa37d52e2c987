/** What is said of a thread that blocks in a call, and the circles that it finds then: kernel/library/wait-graph.ts. */
import { DeadlockError } from "../errors.js";
import type { SharedSpace } from "../space.js";
import { readCall } from "./calls.js";
import type { Client } from "./client.js";
import type { Sleep } from "./endpoint.js";

/** It waits for an A-stack, for which nobody in particular keeps it. */
export class SleepForStack implements Sleep {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  begins(): void {
    const { space, address, limits } = this.#client;
    space.watcher?.begins(address, limits.timeout);
    space.watcher?.waits();
  }

  ends(): void {
    this.#client.space.watcher?.ends();
  }
}

/** It waits for the answer of a call. Where that has no time limit, a circle of which the call is a part is an error. */
export class SleepForAnswer implements Sleep {
  readonly #client: Client;
  readonly #stack: number;

  constructor(client: Client, stack: number) {
    this.#client = client;
    this.#stack = stack;
  }

  begins(): void {
    const { space, kernel, address, limits } = this.#client;
    const { watcher } = space;
    const isForEver = limits.timeout === Number.POSITIVE_INFINITY;
    watcher?.begins(address, limits.timeout, this.#stack);
    if (!isForEver) return;
    if (watcher) watcher.waits();
    else if (kernel.begin_call(address, this.#stack) === 1) this.#look();
  }

  ends(): void {
    const { kernel, space } = this.#client;
    kernel.end_wait();
    space.watcher?.ends();
  }

  #look(): void {
    const { space, kernel } = this.#client;
    const stuck = kernel.allocate(kernel.stuck_bytes()) >>> 0;
    // A space that is full has no room to look.
    if (stuck === 0) return;
    try {
      while (kernel.closes_cycle(stuck) === 1) {
        const path = callsIn(space, stuck);
        // Else somebody of the circle has moved on meanwhile.
        if (kernel.is_same_cycle(stuck) === 1) throw waitsForItself(path);
      }
    } finally {
      kernel.release(stuck);
    }
  }
}

function waitsForItself(path: readonly string[]): DeadlockError {
  return new DeadlockError(
    `Cannot call ${path[0]}: received a call that waits for itself, ${path.join(" -> ")}; expected a procedure that is not asynchronous, or an asynchronous call`,
  );
}

/** What the workers of a circle wait for, one after the other, from this worker's call to it again. */
function callsIn(space: SharedSpace, stuck: number): string[] {
  const { kernel, slot } = space;
  const path: string[] = [];
  let worker = slot;
  do {
    const stack = kernel.call_of(worker) >>> 0;
    path.push(stack === 0 ? "a lock" : (readCall(space, kernel.waits_for(worker) >>> 0, stack)?.procedure ?? "a call"));
    worker = kernel.keeper_in(stuck, worker);
  } while (worker !== slot);
  return [...path, path[0]!];
}
