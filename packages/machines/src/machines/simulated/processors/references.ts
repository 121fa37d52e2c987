import type { GuestMemory } from "../../../processor/memory.js";
import { STOP } from "../../../processor/stop.js";
import type { MachineDescription } from "../../presets/description.js";
import { type MemorySystem, PENDING, READ_MODIFY_WRITE, type Reference } from "../memory/memory-system.js";
import type { LastWrites } from "../memory/miss-history.js";
import { LackingInstructions } from "./lacking-instructions.js";
import { LoadLinked } from "./load-linked.js";
import type { SimulatedProcessor } from "./simulated-processor.js";
import type { Sleepers } from "./sleepers.js";

export interface ReferencesOptions {
  readonly description: MachineDescription;
  readonly memory: MemorySystem;
  readonly guest: GuestMemory;
  readonly writes: LastWrites;
  readonly sleepers: Sleepers;
  /** The processor's next reference is due at its time. */
  readonly schedule: (processor: SimulatedProcessor) => void;
  /** Bytes are about to be written. */
  readonly written: (address: number, size: number, now: number) => void;
}

/**
 * Accesses as references to the memory system. An access is one reference, but two where it lies in two lines, or is a
 * read-modify-write by load-linked and store-conditional. A reference is over at once, or pending: then it takes effect
 * (`perform`) and comes back (`resume`) later.
 */
export class References {
  readonly #memory: MemorySystem;
  readonly #guest: GuestMemory;
  readonly #writes: LastWrites;
  readonly #sleepers: Sleepers;
  readonly #schedule: ReferencesOptions["schedule"];
  readonly #written: ReferencesOptions["written"];
  readonly #lacking: LackingInstructions;
  /** Absent where read-modify-writes are executed as one. */
  readonly #linked: LoadLinked | undefined;
  /** Cycles of a read-modify-write beyond its references. */
  readonly #overhead: number;

  constructor({ description, memory, guest, writes, sleepers, schedule, written }: ReferencesOptions) {
    const { linked, overhead } = description.readModifyWrite;
    this.#memory = memory;
    this.#guest = guest;
    this.#writes = writes;
    this.#sleepers = sleepers;
    this.#schedule = schedule;
    this.#written = written;
    this.#lacking = new LackingInstructions(description);
    this.#linked = linked && new LoadLinked(guest, memory.line);
    this.#overhead = overhead;
  }

  /** The reference with which the processor's read-modify-write begins, or goes on. */
  ofReadModifyWrite(processor: SimulatedProcessor): Reference {
    return this.#linked?.next(processor) ?? READ_MODIFY_WRITE;
  }

  /** The processor's access refers to memory at its time; whether it is over, so that the processor goes on. */
  refer(processor: SimulatedProcessor, kind: Reference): boolean {
    const { access, index } = processor;
    if (processor.lastLine > 0 && !processor.halfWay) return this.#referFirstHalf(processor, kind);
    const from = Math.max(access.address, processor.lastLine);
    const bytes = access.address + access.size - from;
    const cycles = this.#memory.reference(index, kind, from, bytes, processor.at);
    if (cycles === PENDING) {
      processor.pending = true;
      processor.resetSpin();
      return false;
    }
    this.#takeEffect(processor, processor.at);
    processor.at += cycles;
    return this.#end(processor) && !processor.asleep;
  }

  /** The processor's pending reference takes effect. */
  perform(processor: SimulatedProcessor, now: number): void {
    if (processor.lastLine === 0 || processor.halfWay) this.#takeEffect(processor, now);
  }

  /** The processor's pending reference is back; whether the access is over, so that the processor goes on. */
  resume(processor: SimulatedProcessor, now: number): boolean {
    processor.stallCycles += now - processor.at;
    processor.at = now;
    processor.pending = false;
    if (processor.lastLine > 0 && !processor.halfWay) {
      processor.halfWay = true;
      this.#schedule(processor);
      return false;
    }
    this.#linked?.returned(processor);
    return this.#end(processor) && !processor.asleep;
  }

  /** The processor's cache loses a line. */
  lose(processor: SimulatedProcessor, line: number): void {
    this.#linked?.lost(processor, line);
  }

  /** Of an access that lies in two lines: it takes effect with the second reference. */
  #referFirstHalf(processor: SimulatedProcessor, kind: Reference): false {
    const { access, index, lastLine } = processor;
    const cycles = this.#memory.reference(index, kind, access.address, lastLine - access.address, processor.at);
    if (cycles === PENDING) {
      processor.pending = true;
    } else {
      processor.halfWay = true;
      processor.at += cycles;
      this.#schedule(processor);
    }
    return false;
  }

  /** The reference is over; whether the access is, too. */
  #end(processor: SimulatedProcessor): boolean {
    const { kind } = processor;
    processor.halfWay = false;
    if (kind === STOP.load || kind === STOP.store) return true;
    if (processor.again) {
      processor.again = false;
      // Between load-linked and store-conditional; where that failed, it begins again at once.
      if (processor.conditional) processor.at += this.#overhead;
      this.#schedule(processor);
      return false;
    }
    if (!this.#linked && (kind === STOP.readModifyWrite || kind === STOP.compareExchange)) {
      processor.at += this.#overhead;
    }
    return true;
  }

  /** The access reads or writes memory. */
  #takeEffect(processor: SimulatedProcessor, now: number): void {
    const { kind, access } = processor;
    const guest = this.#guest;
    if (kind === STOP.load) {
      guest.load(access.address, access.size);
    } else if (kind === STOP.wait) {
      this.#sleepers.wait(processor, now);
      return;
    } else if (kind === STOP.notify) {
      this.#sleepers.notify(processor, now);
      return;
    } else {
      if (kind !== STOP.store) {
        this.#lacking.refuse(processor);
        if (this.#linked?.stores(processor) === false) return;
      }
      this.#written(access.address, access.size, now);
      this.#writes.write(access.address, access.size);
      guest.perform(kind, access);
    }
    processor.low = guest.low;
    processor.high = guest.high;
  }
}
