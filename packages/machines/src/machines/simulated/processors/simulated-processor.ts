import { LastStop, STOP } from "../../../processor/stop.js";
import type { StoppingInstruction } from "../../../program/instructions.js";
import { processorKey } from "../memory/memory-system.js";
import { RECORD } from "./record.js";
import type { Runner } from "./runner.js";

/** A processor of a run. What the runner needs of it is in the processor's record, which both read and write. */
export class SimulatedProcessor {
  /** Orders its events among those of one cycle. */
  readonly key: number;
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
  /** Whether the first line of an access that lies in two was referenced. */
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
  /** What it does next: of the stop, the fields up to `pc`. */
  readonly access = new LastStop();
  /** Which machine instruction that is, if it is one, and its arguments. */
  instruction: StoppingInstruction = "clock";
  first = 0;
  second = 0;
  readonly #line: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;

  /**
   * @param rank its turn among processors that act in the same cycle
   * @param line bytes a line, 0 for no lines
   */
  constructor(
    readonly index: number,
    rank: number,
    line: number,
    { buffer, address }: ReturnType<Runner["recordOf"]>,
  ) {
    this.key = processorKey(rank);
    this.#line = line;
    this.#words = new Int32Array(buffer, address, RECORD.bytes / 4);
    this.#doubles = new Float64Array(buffer, address, RECORD.bytes / 8);
    this.#words[RECORD.rank / 4] = rank;
    this.access.view(buffer, address);
  }

  /** Why it stopped, one of STOP. */
  get kind(): number {
    return this.#words[RECORD.kind / 4]!;
  }

  set kind(kind: number) {
    this.#words[RECORD.kind / 4] = kind;
  }

  /** When it goes on; when its access takes place, while one is due. */
  get at(): number {
    return this.#doubles[RECORD.at / 8]!;
  }

  set at(cycle: number) {
    this.#doubles[RECORD.at / 8] = cycle;
  }

  get instructions(): number {
    return this.#doubles[RECORD.instructions / 8]!;
  }

  set instructions(executed: number) {
    this.#doubles[RECORD.instructions / 8] = executed;
  }

  /** The lower 32 bits of its last stop's result. */
  set low(bits: number) {
    this.#words[RECORD.result / 4] = bits;
  }

  /** The upper ones. */
  set high(bits: number) {
    this.#words[RECORD.result / 4 + 1] = bits;
  }

  /** Where the second line of an access that lies in two begins; 0 for others. */
  get lastLine(): number {
    const line = this.#line;
    const { address, size } = this.access;
    const last = address & (line - 1);
    return line > 0 && last + size > line && this.kind <= STOP.compareExchange ? address - last + line : 0;
  }

  /** It did something else than a load that hits: it does not spin. */
  resetSpin(): void {
    this.#doubles[RECORD.loads / 8] = 0;
  }

  /** Of the loop in which it spins: the cycles of one turn. */
  get period(): number {
    return this.#doubles[RECORD.period / 8]!;
  }

  get turnInstructions(): number {
    return this.#doubles[RECORD.turnInstructions / 8]!;
  }

  get turnLoads(): number {
    return this.#doubles[RECORD.turnLoads / 8]!;
  }

  /** The lines that it reads. */
  get lines(): Uint32Array {
    const { buffer, byteOffset } = this.#words;
    return new Uint32Array(buffer, byteOffset + RECORD.line, this.#words[RECORD.lines / 4]);
  }
}
