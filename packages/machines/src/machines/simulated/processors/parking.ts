import { STOP } from "../../../processor/stop.js";
import { type MemorySystem, READ } from "../memory/memory-system.js";
import type { References } from "./references.js";
import type { Runner } from "./runner.js";
import type { SimulatedProcessor } from "./simulated-processor.js";
import { Watchers } from "./watchers.js";

export interface ParkingOptions {
  readonly runner: Runner;
  readonly memory: MemorySystem;
  readonly references: References;
  /** Lets the processor compute up to its next stop. */
  readonly advance: (processor: SimulatedProcessor) => void;
}

/**
 * Processors that spin on lines which their caches hold, and are not simulated until one of the lines is lost or written.
 * Then each is brought to where it would be, by whole turns of its loop and the loads of the last one that come before that
 * moment.
 */
export class Parking {
  readonly #watchers = new Watchers();
  readonly #runner: Runner;
  readonly #memory: MemorySystem;
  readonly #references: References;
  readonly #advance: ParkingOptions["advance"];

  constructor({ runner, memory, references, advance }: ParkingOptions) {
    this.#runner = runner;
    this.#memory = memory;
    this.#references = references;
    this.#advance = advance;
  }

  /** Whether the processor, about to load, spins on lines that its cache holds: then it is parked. */
  parks(processor: SimulatedProcessor, spins: boolean): boolean {
    const { index } = processor;
    if (processor.lastLine > 0) {
      processor.resetSpin();
      return false;
    }
    if (!spins && !this.#runner.spins(index)) return false;
    if (!processor.lines.every((line) => this.#memory.hits(index, READ, line))) return false;
    processor.parked = true;
    this.#watchers.add(processor);
    return true;
  }

  /** Bytes are about to be written: those that spin on them go on. */
  written(address: number, size: number, now: number): void {
    if (!this.#watchers.any) return;
    for (const watcher of this.#watchers.of(address, size, this.#memory.line)) this.unpark(watcher, now);
  }

  unpark(processor: SimulatedProcessor, now: number): void {
    processor.parked = false;
    this.#watchers.remove(processor);
    const turns = Math.max(0, Math.floor((now - 1 - processor.at) / processor.period));
    processor.at += turns * processor.period;
    processor.instructions += turns * processor.turnInstructions;
    this.#memory.countHits(processor.index, turns * processor.turnLoads);
    processor.resetSpin();
    while (processor.at < now) {
      // A turn that computes for long has stops for that, too.
      if (processor.kind === STOP.load) this.#references.refer(processor, READ);
      this.#advance(processor);
    }
    this.#runner.schedule(processor.index, processor.at);
  }
}
