import type { RunOptions } from "../machine.js";
import type { MachineDescription } from "../presets/description.js";
import type { Loaded } from "./loading.js";

/** What a run is of. */
export interface SimulationOptions extends Loaded {
  readonly description: MachineDescription;
  /** How many processors the run waits for: the first ones. */
  readonly participants: number;
  /** What the order among processors and their begin are made from. */
  readonly seed: number;
  /** Whether spinning processors are parked. The same cycles without; slower. */
  readonly parking: boolean;
  readonly onMark: RunOptions["onMark"];
  readonly onReference: RunOptions["onReference"];
  /** The last cycle in which processors act. */
  readonly cycles: number;
}
