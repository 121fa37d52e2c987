import type { GuestMemory } from "../../../processor/memory.js";
import { STOP } from "../../../processor/stop.js";
import { READ, type Reference, STORE_CONDITIONAL } from "../memory/memory-system.js";
import type { SimulatedProcessor } from "./simulated-processor.js";

/**
 * Read-modify-writes as a load-linked and a store-conditional (Jensen, Hagensen & Broughton, S-1, 1987; MIPS R4000): the
 * load remembers its line, the store succeeds only while the cache has not lost it, and otherwise both are done again.
 *
 *     linked  conditional   the access
 *     -1      no            is to load
 *     line    yes           has loaded, and is to store
 *     -1      yes           has loaded, and lost the line: is to load again
 *
 * Invariant: between a load and the store that succeeds the cache held the line, so nobody else wrote it.
 */
export class LoadLinked {
  readonly #guest: GuestMemory;
  readonly #lineBytes: number;

  constructor(guest: GuestMemory, lineBytes: number) {
    this.#guest = guest;
    this.#lineBytes = lineBytes;
  }

  /** The reference that is next; a store whose line is lost fails without one. */
  next(processor: SimulatedProcessor): Reference {
    processor.conditional &&= processor.linked >= 0;
    return processor.conditional ? STORE_CONDITIONAL : READ;
  }

  /** The reference takes effect; whether as a store that succeeds. `again` says whether the access goes on. */
  stores(processor: SimulatedProcessor): boolean {
    const { access, conditional } = processor;
    const stores = conditional && processor.linked >= 0;
    processor.conditional = !conditional;
    processor.linked = conditional ? -1 : (access.address & -this.#lineBytes) >>> 0;
    processor.again = !stores;
    if (!conditional && processor.kind === STOP.compareExchange) this.#compare(processor);
    return stores;
  }

  /** A compare_and_swap that has loaded another value than it expects is over: it does not store. */
  #compare(processor: SimulatedProcessor): void {
    const { access } = processor;
    const guest = this.#guest;
    guest.load(access.address, access.size);
    if (guest.low === access.low && guest.high === access.high) return;
    processor.low = guest.low;
    processor.high = guest.high;
    processor.conditional = false;
    processor.again = false;
  }

  /** The reference is back; if it was a store that took no effect, it was refused. */
  returned(processor: SimulatedProcessor): void {
    if (!processor.conditional || processor.again) return;
    processor.conditional = false;
    processor.again = true;
  }

  /** The processor's cache loses a line. */
  lost(processor: SimulatedProcessor, line: number): void {
    if (processor.linked === line) processor.linked = -1;
  }
}
