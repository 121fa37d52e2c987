/** Calls of Services that are under way. */
import { readCalls } from "../service/calls.js";
import type { SharedSpace } from "../space.js";
import type { ObjectName } from "./objects.js";

/** A call of a Service that is under way. */
export interface CallReport {
  readonly service: ObjectName;
  /** The names of the service and of the procedure; undefined if the call has no A-stack yet. */
  readonly procedure: string | undefined;
  /** The slot of the worker that called. */
  readonly caller: number;
  /** The slot of the worker that executes it. */
  readonly server: number | undefined;
  /** When its caller began to wait for it; undefined if debugging is not enabled in the caller. */
  readonly since: Date | undefined;
  /** What is given up is executed, for nobody. */
  readonly phase: "waits for an A-stack" | "waits for a server" | "is executed" | "is given up, and executed";
}

/** What of a worker says since when its calls are. */
interface Waiting {
  readonly slot: number;
  readonly waitsFor: ObjectName | undefined;
  readonly since: Date | undefined;
  /** `at`: the object, or a call's A-stack. */
  readonly awaits: readonly { readonly at: number; readonly since: Date }[];
}

/** The A-stack of the call that a worker is blocked for; 0: it is blocked for none. */
export function callOf(space: SharedSpace, slot: number): number {
  return space.kernel.call_of(slot) >>> 0;
}

export function callsOf(space: SharedSpace, service: ObjectName, workers: readonly Waiting[]): CallReport[] {
  const { address, kind } = service;
  const name = { kind, address };
  const calls = [...readCalls(space, address)].map(({ stack, procedure, caller, server, isGivenUp }): CallReport => {
    const its = workers.find(({ slot }) => slot === caller);
    const since = callOf(space, caller) === stack ? its?.since : its?.awaits.find(({ at }) => at === stack)?.since;
    const phase = server === undefined ? "waits for a server" : isGivenUp ? "is given up, and executed" : "is executed";
    return { service: name, procedure, caller, server, since, phase };
  });
  const queued = workers.flatMap(({ slot, waitsFor, since, awaits }) => {
    const waits = awaits.filter(({ at }) => at === address).map((wait) => wait.since);
    // A wait that blocks, of a worker that is debugged; of others it is not known that it is for an A-stack.
    if (waitsFor?.address === address && since && callOf(space, slot) === 0) waits.push(since);
    return waits.map((began): CallReport => {
      return {
        service: name,
        procedure: undefined,
        caller: slot,
        server: undefined,
        since: began,
        phase: "waits for an A-stack",
      };
    });
  });
  return [...calls, ...queued];
}
