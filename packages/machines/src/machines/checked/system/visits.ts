/** Marks that are no steps: they say that execution comes to a place of the program. */
import { type Bindings, Processors, STOP, type Value } from "../../../processor/processors.js";
import { stoppingInstruction } from "../../../program/instructions.js";
import type { RegisterCode } from "../../../wasm/register-code.js";

/** Which marks say so: those of an event, with the place's number as the value; and what is told of each. */
export interface Visits {
  readonly event: number;
  readonly onVisit: (place: number) => void;
}

/** Processors that do not stop where they visit a place, but tell. */
export class VisitingProcessors extends Processors {
  readonly #visits: Visits;

  constructor(code: RegisterCode, count: number, memoryBytes: number, bindings: Bindings, visits: Visits) {
    super(code, count, memoryBytes, bindings);
    this.#visits = visits;
  }

  override run(processor: number, low: number, high: number): number {
    let kind = super.run(processor, low, high);
    while (kind === STOP.call && stoppingInstruction(this.code.module, this.stop.import) === "mark") {
      const [event, place] = this.arguments(processor) as [Value, Value];
      if (Number(event) >>> 0 !== this.#visits.event) break;
      this.#visits.onVisit(Number(place) >>> 0);
      kind = super.run(processor, 0, 0);
    }
    return kind;
  }
}
