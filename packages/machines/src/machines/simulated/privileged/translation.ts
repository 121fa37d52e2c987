import { REGISTER, type Stacks } from "../../../processor/stacks.js";
import { ENTRY } from "../../../program/privileged.js";
import type { PrivilegedDescription } from "../../presets/description.js";
import type { Random } from "../../random.js";
import { Tlb } from "./tlb.js";

/** The space of the kernel's own translations, where it has some. */
const KERNEL = -2;

/** Slots of pages that are looked up quickly; see src/processor/interpreter/pages.ts. */
const SLOTS = 256;
const SLOT_WORDS = 4;

/** Addresses in user mode: all of 32 bits. */
const USER_LIMIT = 2n ** 32n;

/** What a processor finds of a page: a translation that allows the reference, or what is wrong. */
export type Found = "found" | "absent" | "read only" | "clean";

/** How one processor translates: its space, its TLB, and what the interpreter looks up quickly of that. */
export class Translation {
  /** Of user mode. */
  space = 0;
  /** The physical address of the tables that a walk reads. */
  root = 0;
  readonly #description: PrivilegedDescription;
  readonly #tlb: Tlb;
  readonly #registers: DataView;
  readonly #memoryBytes: bigint;
  readonly #user: Uint32Array;
  /** Absent where the kernel's addresses take no translations. */
  readonly #kernel: Uint32Array | undefined;

  constructor(
    description: PrivilegedDescription,
    stacks: Stacks,
    processor: number,
    memoryBytes: number,
    random: Random,
  ) {
    this.#description = description;
    this.#memoryBytes = BigInt(memoryBytes);
    this.#registers = stacks.registersOf(processor);
    const slots = () => {
      const { buffer, address } = stacks.extend(4 * SLOTS * SLOT_WORDS);
      return new Uint32Array(buffer, address, SLOTS * SLOT_WORDS);
    };
    this.#user = slots();
    this.#kernel = description.mappedKernel && slots();
    const allocate = (bytes: number) => stacks.extend(bytes);
    this.#tlb = new Tlb(description.tlb, random, allocate, (_, page) => this.#forget(page));
  }

  /** Addresses are of user mode from now on, or of kernel mode. */
  enter(user: boolean): void {
    this.#registers.setBigUint64(REGISTER.limit, user ? USER_LIMIT : this.#memoryBytes, true);
    this.#registers.setUint32(REGISTER.pages, this.#pagesOf(user)?.byteOffset ?? 0, true);
  }

  /** Whether pages are translated in a mode. */
  translates(user: boolean): boolean {
    return this.#pagesOf(user) !== undefined;
  }

  setSpace(space: number, root: number): void {
    if (this.#description.spaces === 1) this.#tlb.dropSpace();
    else if (space !== this.space) this.#user.fill(0);
    this.space = space;
    this.root = root;
  }

  /** Writes a translation, or drops it if it is 0. */
  write(space: number, page: number, translation: number): void {
    if (translation === 0) this.#tlb.drop(space, page);
    else this.#tlb.write(space, page, translation, this.#lookUp());
  }

  dropSpace(space: number): void {
    this.#tlb.dropSpace(space);
  }

  /** Looks a page up in the TLB, and lets the interpreter have what it finds. "clean": to be written for the first time. */
  find(page: number, write: boolean, user: boolean): Found {
    const space = user ? this.space : KERNEL;
    const entry = this.#tlb.find(space, page);
    if (entry < 0) return "absent";
    const translation = this.#tlb.translation(entry, page);
    if (write && !(translation & ENTRY.writable)) return "read only";
    const dirty = this.#description.reload === "software" || !user || (translation & ENTRY.dirty) !== 0;
    if (write && !dirty) return "clean";
    const slot = SLOT_WORDS * (page % SLOTS);
    const pages = this.#pagesOf(user)!;
    pages[slot] = page + 1;
    pages[slot + 1] = dirty ? translation : translation & ~ENTRY.writable;
    pages[slot + 2] = this.#tlb.lastLookupAt(entry);
    this.#tlb.found(entry, this.#lookUp());
    return "found";
  }

  /** The kernel's page gets its translation, which is that to itself. */
  mapKernelPage(page: number): void {
    const address = page * this.#description.page;
    const frame = address < 2 ** 32 ? address : 0;
    this.#tlb.write(KERNEL, page, frame + ENTRY.valid + ENTRY.writable, this.#lookUp());
  }

  /** The physical address of one in a page that was found. */
  physical(address: number, user: boolean): number {
    const { page } = this.#description;
    const translation = this.#pagesOf(user)![SLOT_WORDS * (Math.floor(address / page) % SLOTS) + 1]!;
    return translation - (translation % page) + (address % page);
  }

  #pagesOf(user: boolean): Uint32Array | undefined {
    return user ? this.#user : this.#kernel;
  }

  #lookUp(): number {
    const lookup = this.#registers.getFloat64(REGISTER.lookups, true) + 1;
    this.#registers.setFloat64(REGISTER.lookups, lookup, true);
    return lookup;
  }

  /** The interpreter has no translation of a page any more. */
  #forget(page: number): void {
    const slot = SLOT_WORDS * (page % SLOTS);
    for (const pages of [this.#user, this.#kernel]) if (pages?.[slot] === page + 1) pages[slot] = 0;
  }
}
