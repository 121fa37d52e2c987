import type { Recorder } from "../properties/recorder.js";
import type { Cells } from "./cells.js";
import type { Mortality } from "./dead.js";
import type { LocalState, LocalStates } from "./local-states.js";
import type { Order } from "./order.js";
import type { Buffered } from "./store-buffers.js";
import type { Symbols } from "./symbols.js";

/** The memory models. */
export type Model = "sc" | "tso";

export interface SystemOptions {
  readonly model: Model;
  readonly buffered: Buffered;
  /** Each processor's first local state. */
  readonly begin: readonly LocalState[];
  readonly local: LocalStates;
  readonly cells: Cells;
  readonly failureName: (reason: number) => string;
  readonly symbols: Symbols;
  /** Where what the processors invoke and return is recorded, if it is. */
  readonly history?: Recorder | undefined;
  readonly order?: Order | undefined;
  /** Whether a loop that looks at one word until it changes must pause. Default: false. */
  readonly pauses?: boolean | undefined;
  /** Default: nobody dies. */
  readonly mortality?: Mortality | undefined;
}
