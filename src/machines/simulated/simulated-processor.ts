import { type LastStop, STOP } from "../../processor/stop.js";
import { Event } from "./events.js";
import { processorKey } from "./memory-system.js";
import type { SpinDetector } from "./spin.js";

/** What a processor stopped for, kept while others go on; the fields are those of LastStop. */
export class Pending {
  kind = 0;
  address = 0;
  size = 0;
  operator = 0;
  resultUsed = true;
  low = 0;
  high = 0;
  low2 = 0;
  high2 = 0;
  pc = 0;

  take(kind: number, stop: LastStop): void {
    this.kind = kind;
    this.address = stop.address;
    this.size = stop.size;
    this.pc = stop.pc;
    if (kind === STOP.load) return;
    this.operator = stop.operator;
    this.resultUsed = stop.resultUsed;
    this.low = stop.low;
    this.high = stop.high;
    this.low2 = stop.low2;
    this.high2 = stop.high2;
  }
}

/** A processor of a run. */
export class SimulatedProcessor {
  /** That it acts: in the queue while an access or instruction of its own is due. */
  readonly due: Event;
  /** Orders its events among those of one cycle. */
  readonly key: number;
  /** When it goes on; when its access takes place, while one is due. */
  at = 0;
  /** The bits of its last stop's result. */
  low = 0;
  high = 0;
  instructions = 0;
  /** Cycles in which it waited for references. */
  stallCycles = 0;
  /** When its entry returned; undefined before. */
  ended: number | undefined;
  /** Whether its reference is under way. */
  pending = false;
  /** Whether it sleeps in memory.atomic.wait, or will when its reference is back. */
  asleep = false;
  /** Whether it spins without being simulated. */
  parked = false;
  /** Where the second line of an access that lies in two begins; 0 for others. */
  lastLine = 0;
  /** Whether the first line of such an access was referenced. */
  halfWay = false;
  /** The line that it has load-linked and not lost since; -1 for none. */
  linked = -1;
  /** Whether its access is a read-modify-write whose store-conditional is next. */
  conditional = false;
  /** Whether its access is to be executed once more: the store-conditional, or both after it failed. */
  again = false;
  /** Waits that ended, by the marks. */
  waits = 0;
  waitingNetworkReferences = 0;
  /** What it does next. */
  readonly access = new Pending();
  /** Which machine instruction that is, if it is one, and its arguments. */
  instruction = "";
  first = 0;
  second = 0;
  readonly spin: SpinDetector;

  /** @param rank its turn among processors that act in the same cycle */
  constructor(
    readonly index: number,
    rank: number,
    spin: SpinDetector,
    act: (processor: SimulatedProcessor) => void,
  ) {
    this.key = processorKey(rank);
    this.due = new Event(this.key, () => act(this));
    this.spin = spin;
  }

  /** @param line bytes a line, 0 for no lines */
  take(kind: number, stop: LastStop, line: number): void {
    const { access } = this;
    access.take(kind, stop);
    const last = access.address & (line - 1);
    this.lastLine =
      line > 0 && last + access.size > line && kind <= STOP.compareExchange ? access.address - last + line : 0;
  }
}
