/** What the maker of a pool and its executors post to each other. */
import type { Handle } from "../shared-object.js";
import type { Call } from "../structured-format.js";
import type { Thrown } from "../thrown.js";

/** The first message to a thread that is to become an executor. */
export interface Start {
  /** As `receive` takes it. */
  readonly pool: { readonly handle: Handle };
  /** Of the module with the tasks. */
  readonly url: string;
  readonly executor: number;
  readonly init: unknown;
  readonly concurrency: number;
  readonly grace: number;
  readonly idle: "park" | "block";
  readonly recycleAfter: number;
  readonly recycleAbove: number;
  /** Histograms of microseconds that tasks have waited and run. */
  readonly waiting: Handle;
  readonly running: Handle;
  /** For all later messages. */
  readonly port: MessagePort;
}

/** The values of a job that has asked for them; none if they cannot be posted: its submitter knows why. */
export interface Values {
  readonly job: number;
  readonly generation: number;
  readonly call?: Call;
}

/** To an executor: `retire` tells it to finish what it has, and to end. */
export type ToExecutor = Values | { readonly retire: true };

export type ToMaker =
  /** It executes tasks from now on. */
  | { readonly say: "ready" }
  /** It could not load the module, or `init` threw; or something else that ends it. */
  | { readonly say: "failed"; readonly thrown: Thrown }
  /** It has done enough tasks, or has a large heap: it is to be replaced. */
  | { readonly say: "recycle" }
  /** It is no executor any more, and ends. */
  | { readonly say: "left" }
  /** The value of a job that is DONE. */
  | { readonly say: "result"; readonly job: number; readonly generation: number; readonly value: unknown };
