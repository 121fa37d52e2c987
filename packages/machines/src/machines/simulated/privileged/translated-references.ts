import type { GuestMemory } from "../../../processor/memory.js";
import { STOP } from "../../../processor/stop.js";
import { ENTRY } from "../../../program/privileged.js";
import type { PrivilegedDescription } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import { type MemorySystem, PENDING, READ, type Reference, WRITE } from "../memory/memory-system.js";
import type { LastWrites } from "../memory/miss-history.js";
import type { References } from "../processors/references.js";
import type { Runner } from "../processors/runner.js";
import type { BootedProcessor } from "./booted-processor.js";

/** What a bulk operation probes; see src/processor/interpreter/bulk.ts. */
const PROBE = { destination: 1, source: 2, writes: 4 } as const;

/** Bytes of an entry of the tables that a walk reads. */
const ENTRY_BYTES = 4;

/** How a page is referred to. */
type PageAccess = "read" | "write" | "execute";

export interface TranslatedReferencesOptions {
  readonly description: PrivilegedDescription;
  readonly runner: Runner;
  readonly events: EventQueue;
  readonly memory: MemorySystem;
  readonly guest: GuestMemory;
  readonly writes: LastWrites;
  readonly references: References;
  /** Enters the kernel: the page has no translation that allows the reference. */
  readonly miss: (
    processor: BootedProcessor,
    page: number,
    access: PageAccess,
    readOnly: boolean,
    address: number,
  ) => void;
  /** The processor's access is over: it goes on, at its time. */
  readonly goOn: (processor: BootedProcessor) => void;
  /** What the processor stopped for is due again, at its time. */
  readonly again: (processor: BootedProcessor) => void;
  /** Says that a processor failed. */
  readonly fail: (processor: BootedProcessor, why: string) => Error;
}

/**
 * References of processors with a kernel mode: each is translated when it takes effect. Where the TLB lacks the translation,
 * the kernel is entered, or the processor walks through tables in memory, whose references take their time as all do.
 */
export class TranslatedReferences {
  readonly #options: TranslatedReferencesOptions;
  readonly #page: number;

  constructor(options: TranslatedReferencesOptions) {
    this.#options = options;
    this.#page = options.description.page;
  }

  /** The processor's due access takes place, if its translation is there; whether it is over, so that the processor goes on. */
  refer(processor: BootedProcessor, reference: Reference): boolean {
    const { runner, references } = this.#options;
    const { virtual, access } = processor;
    const writes = processor.kind !== STOP.load;
    // What was half done has its physical address.
    if (processor.halfWay || runner.translate(processor.index, writes)) return references.refer(processor, reference);
    if ((virtual % this.#page) + access.size > this.#page) return this.#cross(processor, reference);
    if (!this.#translated(processor, virtual, writes ? "write" : "read")) return false;
    runner.translate(processor.index, writes);
    return references.refer(processor, reference);
  }

  /** Looks up the page of code that the processor is about to execute; whether it has it. */
  fetch(processor: BootedProcessor): boolean {
    return this.#hasPage(processor, processor.virtual, "execute", 0);
  }

  /** Translates the last bytes of a bulk operation's operands; whether it could. */
  probe(processor: BootedProcessor): boolean {
    const { access, virtual } = processor;
    const { size: probed } = access;
    return (
      ((probed & PROBE.destination) === 0 ||
        this.#translated(processor, virtual, probed & PROBE.writes ? "write" : "read")) &&
      ((probed & PROBE.source) === 0 || this.#translated(processor, access.low >>> 0, "read"))
    );
  }

  #translated(processor: BootedProcessor, address: number, access: PageAccess): boolean {
    return this.#hasPage(processor, Math.floor(address / this.#page), access, address);
  }

  /** Whether the processor has a translation of a page that allows a reference; else it has gone elsewhere for one. */
  #hasPage(processor: BootedProcessor, page: number, access: PageAccess, address: number): boolean {
    const { description, miss, again } = this.#options;
    const { translation, user } = processor;
    const found = translation.find(page, access === "write", user);
    if (found === "found") return true;
    if (found === "absent") processor[access === "execute" ? "codeMisses" : "dataMisses"]++;
    if (!user) {
      translation.mapKernelPage(page);
      processor.at += description.mappedKernel!.miss;
      again(processor);
      return false;
    }
    if (description.reload === "software" || found === "read only")
      miss(processor, page, access, found === "read only", address);
    else this.#walk(processor, page, access, address, description.reload.overhead);
    return false;
  }

  /** Reads the two entries that translate a page; then the reference is repeated, or the kernel entered. */
  #walk(processor: BootedProcessor, page: number, access: PageAccess, address: number, overhead: number): void {
    const { miss, again, fail, guest } = this.#options;
    const { root, space } = processor.translation;
    const perTable = this.#page / ENTRY_BYTES;
    processor.at += overhead;
    this.#entry(processor, root + ENTRY_BYTES * Math.floor(page / perTable), (table) => {
      if (!(table & ENTRY.valid)) return miss(processor, page, access, false, address);
      const at = table - (table % this.#page) + ENTRY_BYTES * (page % perTable);
      this.#entry(processor, at, (entry) => {
        if (!(entry & ENTRY.valid)) return miss(processor, page, access, false, address);
        const frame = entry - (entry % this.#page);
        if (frame + this.#page > guest.size) {
          throw fail(
            processor,
            `its table translates page ${page} to the frame at ${frame}; expected one in ${guest.size} bytes`,
          );
        }
        if (access === "write" && !(entry & ENTRY.writable)) return miss(processor, page, access, true, address);
        const bits = ENTRY.accessed | (access === "write" ? ENTRY.dirty : 0);
        if ((entry & bits) === bits) {
          processor.translation.write(space, page, entry);
          return again(processor);
        }
        this.#mark(processor, at, bits, () => again(processor));
      });
    });
  }

  /** Reads an entry of a table. */
  #entry(processor: BootedProcessor, address: number, then: (entry: number) => void): void {
    const { guest, fail } = this.#options;
    if (address + ENTRY_BYTES > guest.size) {
      throw fail(processor, `its walk reads a translation at ${address}; expected tables in its ${guest.size} bytes`);
    }
    let entry = 0;
    const perform = () => {
      guest.load(address, ENTRY_BYTES);
      entry = guest.low >>> 0;
    };
    this.#errand(processor, READ, address, ENTRY_BYTES, perform, () => then(entry));
  }

  /** Sets bits of an entry in memory, which the walk after that finds set. */
  #mark(processor: BootedProcessor, address: number, bits: number, then: () => void): void {
    const { guest, writes } = this.#options;
    const perform = () => {
      writes.write(address, ENTRY_BYTES);
      guest.load(address, ENTRY_BYTES);
      guest.store(address, ENTRY_BYTES, guest.low | bits, 0);
    };
    this.#errand(processor, WRITE, address, ENTRY_BYTES, perform, then);
  }

  /** A load or store in two pages: a reference to each, translated when it takes effect; whether both are over. */
  #cross(processor: BootedProcessor, reference: Reference): boolean {
    const { guest, writes } = this.#options;
    const { access, virtual, user, translation } = processor;
    const loads = processor.kind === STOP.load;
    const crossing = processor.crossing ?? { second: false, bytes: [] };
    const border = virtual - (virtual % this.#page) + this.#page;
    const from = crossing.second ? border : virtual;
    const size = crossing.second ? virtual + access.size - border : border - virtual;
    // The last byte first, as of a bulk operation: a store that faults writes nothing.
    if (!loads && !crossing.second && !this.#translated(processor, border, "write")) return false;
    if (!this.#translated(processor, from, loads ? "read" : "write")) return false;
    const physical = translation.physical(from, user);
    const value = (BigInt(access.high >>> 0) << 32n) | BigInt(access.low >>> 0);
    const bytes = [...crossing.bytes];
    const perform = () => {
      for (let i = 0; i < size; i++) {
        if (loads) {
          guest.load(physical + i, 1);
          bytes.push(guest.low);
        } else {
          writes.write(physical + i, 1);
          guest.store(physical + i, 1, Number((value >> BigInt(8 * (from - virtual + i))) & 255n), 0);
        }
      }
    };
    this.#errand(processor, reference, physical, size, perform, () => {
      if (crossing.second) {
        processor.crossing = undefined;
        const found = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
        processor.low = Number(BigInt.asIntN(32, found));
        processor.high = Number(BigInt.asIntN(32, found >> 32n));
        this.#options.goOn(processor);
      } else {
        processor.crossing = { second: true, bytes };
        this.#options.again(processor);
      }
    });
    return false;
  }

  /** A reference that is not the processor's access itself; at its time, and `then` at the time when it is over. */
  #errand(
    processor: BootedProcessor,
    reference: Reference,
    address: number,
    size: number,
    perform: () => void,
    then: () => void,
  ): void {
    processor.resetSpin();
    const { memory, events } = this.#options;
    const cycles = memory.reference(processor.index, reference, address, size, processor.at);
    // Nothing interrupts it meanwhile.
    processor.pending = true;
    if (cycles === PENDING) {
      processor.errand = { perform, goOn: then };
      return;
    }
    perform();
    processor.at += cycles;
    events.call(processor.at, processor.key, () => {
      processor.pending = false;
      then();
    });
  }
}
