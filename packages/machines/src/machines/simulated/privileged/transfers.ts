import type { GuestMemory } from "../../../processor/memory.js";
import type { EventQueue } from "../events.js";
import { type MemorySystem, messageKey, PENDING, READ, WRITE } from "../memory/memory-system.js";
import type { LastWrites } from "../memory/miss-history.js";
import type { Transfers } from "./devices/device.js";

/** Bytes of a reference where there are no lines. */
const WORD = 8;

interface Transfer {
  address: number;
  readonly end: number;
  /** What memory gets, or has given so far; from `begin` on. */
  readonly bytes: Uint8Array;
  readonly begin: number;
  readonly writes: boolean;
  readonly done: (now: number) => void;
}

/**
 * Moves data for devices: one more participant of the memory system, with a cache as the processors', which refers to one
 * line after the other. So what a processor has modified reaches a device, and what a device writes leaves no old copy.
 */
export class TransferAgent implements Transfers {
  readonly #index: number;
  readonly #memory: MemorySystem;
  readonly #guest: GuestMemory;
  readonly #writes: LastWrites;
  readonly #events: EventQueue;
  /** The first one is under way. */
  readonly #transfers: Transfer[] = [];

  /** @param index its number among the participants */
  constructor(index: number, memory: MemorySystem, guest: GuestMemory, writes: LastWrites, events: EventQueue) {
    this.#index = index;
    this.#memory = memory;
    this.#guest = guest;
    this.#writes = writes;
    this.#events = events;
  }

  toMemory(address: number, bytes: Uint8Array, now: number, done: (now: number) => void): void {
    this.#add({ address, begin: address, end: address + bytes.length, bytes, writes: true, done }, now);
  }

  fromMemory(address: number, length: number, now: number, done: (now: number, bytes: Uint8Array) => void): void {
    const bytes = new Uint8Array(length);
    const end = address + length;
    this.#add({ address, begin: address, end, bytes, writes: false, done: (time) => done(time, bytes) }, now);
  }

  /** Its pending reference takes effect. */
  perform(): void {
    const { address, begin, bytes, writes } = this.#transfers[0]!;
    const end = address + this.#piece();
    for (let at = address; at < end; at++) {
      if (writes) {
        this.#writes.write(at, 1);
        this.#guest.store(at, 1, bytes[at - begin]!, 0);
      } else {
        this.#guest.load(at, 1);
        bytes[at - begin] = this.#guest.low;
      }
    }
  }

  /** Its reference is back. */
  resume(now: number): void {
    const transfer = this.#transfers[0]!;
    transfer.address += this.#piece();
    if (transfer.address < transfer.end) {
      this.#refer(now);
      return;
    }
    this.#transfers.shift();
    if (this.#transfers.length > 0) this.#events.call(now + 1, messageKey(this.#index), (time) => this.#refer(time));
    transfer.done(now);
  }

  #add(transfer: Transfer, now: number): void {
    this.#transfers.push(transfer);
    if (this.#transfers.length === 1) this.#refer(now);
  }

  /** Refers to the next piece. */
  #refer(now: number): void {
    const { address, end, writes } = this.#transfers[0]!;
    if (address === end) {
      this.resume(now);
      return;
    }
    const cycles = this.#memory.reference(this.#index, writes ? WRITE : READ, address, this.#piece(), now);
    if (cycles === PENDING) return;
    this.perform();
    this.#events.call(now + Math.max(cycles, 1), messageKey(this.#index), (time) => this.resume(time));
  }

  /** Bytes of the transfer's next reference: in one line. */
  #piece(): number {
    const { address, end } = this.#transfers[0]!;
    const unit = this.#memory.line || WORD;
    return Math.min(end, address - (address % unit) + unit) - address;
  }
}
