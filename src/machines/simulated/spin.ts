import type { Processors } from "../../processor/processors.js";
import type { LastWrites } from "./miss-history.js";

/** Loads after which a loop is looked for; then after twice, four times, ... as many. */
const FIRST_CHECKPOINT = 4;
/** The most lines of a loop. */
const MAXIMUM_LINES = 16;

/**
 * Recognizes when a processor spins: it comes to a load in exactly the state in which it came there before, and did
 * nothing in between but loads that hit. Until one of the lines changes it will do the same again and again.
 *
 * It compares with one earlier load, the checkpoint, which moves on after 4, 8, 16, ... loads (Brent, BIT 20, 1980), so
 * that a loop of any length is found and a look costs little.
 */
export class SpinDetector {
  /** Of the loop that was found: cycles and instructions of one turn, and its loads. */
  period = 0;
  turnInstructions = 0;
  turnLoads = 0;
  /** The lines that the loop reads. */
  readonly lines: number[] = [];
  readonly #processors: Processors;
  readonly #processor: number;
  readonly #lineBytes: number;
  readonly #writes: LastWrites;
  #loads = 0;
  #nextCheckpoint = FIRST_CHECKPOINT;
  #pc = -1;
  #address = 0;
  #time = 0;
  #instructions = 0;
  #loadsBefore = 0;
  #write = 0;

  constructor(processors: Processors, processor: number, lineBytes: number, writes: LastWrites) {
    this.#processors = processors;
    this.#processor = processor;
    this.#lineBytes = lineBytes;
    this.#writes = writes;
  }

  /** The processor did something else than a load that hits. */
  reset(): void {
    if (this.#loads === 0) return;
    this.#loads = 0;
    this.#nextCheckpoint = FIRST_CHECKPOINT;
    this.#pc = -1;
  }

  /** The processor is about to load, and did nothing but that since the last reset; whether it spins. */
  spins(pc: number, address: number, now: number, instructions: number): boolean {
    this.#loads++;
    if (pc === this.#pc && address === this.#address && this.#processors.unchanged(this.#processor)) {
      const changed = this.lines.some((line) => this.#writes.since(this.#write, line, this.#lineBytes));
      if (!changed) {
        this.period = now - this.#time;
        this.turnInstructions = instructions - this.#instructions;
        this.turnLoads = this.#loads - this.#loadsBefore;
        return true;
      }
      this.#setCheckpoint(pc, address, now, instructions);
    }
    if (this.#loads === this.#nextCheckpoint) {
      this.#nextCheckpoint *= 2;
      this.#setCheckpoint(pc, address, now, instructions);
    }
    const line = (address & -this.#lineBytes) >>> 0;
    if (this.#pc >= 0 && !this.lines.includes(line)) {
      if (this.lines.length < MAXIMUM_LINES) this.lines.push(line);
      else this.#pc = -1;
    }
    return false;
  }

  #setCheckpoint(pc: number, address: number, now: number, instructions: number): void {
    this.#processors.remember(this.#processor);
    this.#pc = pc;
    this.#address = address;
    this.#time = now;
    this.#instructions = instructions;
    this.#loadsBefore = this.#loads;
    this.#write = this.#writes.last;
    this.lines.length = 0;
  }
}
