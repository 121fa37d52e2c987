/** Marks that are no steps: they say that execution comes to a place of the program. */
import { type Bindings, Processors, STOP, type Value } from "../../processor/processors.js";
import type { RegisterCode } from "../../wasm/register-code.js";

/** The event of such a mark; its other argument is the place's number. */
export const VISIT = 0xfffe;

/** Processors that do not stop where they visit a place, but tell. */
export class VisitingProcessors extends Processors {
  readonly #onVisit: (place: number) => void;

  constructor(
    code: RegisterCode,
    count: number,
    memoryBytes: number,
    bindings: Bindings,
    onVisit: (place: number) => void,
  ) {
    super(code, count, memoryBytes, bindings);
    this.#onVisit = onVisit;
  }

  override run(processor: number, low: number, high: number): number {
    let kind = super.run(processor, low, high);
    while (kind === STOP.call && this.code.module.imports[this.stop.import]!.name === "mark") {
      const [event, place] = this.arguments() as [Value, Value];
      if (Number(event) !== VISIT) break;
      this.#onVisit(Number(place) >>> 0);
      kind = super.run(processor, 0, 0);
    }
    return kind;
  }
}
