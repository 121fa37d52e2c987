import type { SimulatedProcessor } from "./simulated-processor.js";

/** Parked processors, by the lines that they spin on. */
export class Watchers {
  readonly #byLine = new Map<number, Set<SimulatedProcessor>>();

  add(processor: SimulatedProcessor): void {
    for (const line of processor.lines) {
      const watchers = this.#byLine.get(line);
      if (watchers === undefined) this.#byLine.set(line, new Set([processor]));
      else watchers.add(processor);
    }
  }

  remove(processor: SimulatedProcessor): void {
    for (const line of processor.lines) {
      const watchers = this.#byLine.get(line)!;
      watchers.delete(processor);
      if (watchers.size === 0) this.#byLine.delete(line);
    }
  }

  get any(): boolean {
    return this.#byLine.size > 0;
  }

  /** Those of the lines, `lineBytes` long, that hold the bytes. */
  *of(address: number, size: number, lineBytes: number): Generator<SimulatedProcessor> {
    for (let line = (address & -lineBytes) >>> 0; line < address + size; line += lineBytes) {
      yield* [...(this.#byLine.get(line) ?? [])];
    }
  }
}
