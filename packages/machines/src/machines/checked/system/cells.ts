/**
 * All that changes while a program is explored, as 32-bit cells with an undo log: first each processor's local state, then
 * the words of memory that somebody accessed, and what stands for queues of sleepers, channels and store buffers.
 *
 * A word is *shared* if two processors access it and one of them writes. An access of another word commutes with all that
 * others do, so that nobody need be scheduled before it. Which words are shared becomes known by exploring: an exploration
 * that finds one more throws `NewlyShared` and begins again, so that the last one keeps to what it assumed. (The first access
 * of an execution that breaks the assumption is found in the reduced exploration, too: what comes before it commutes.
 * After Dwyer, Hatcliff, Robby & Ranganath, FMSD 25, 2004, who find by escape analysis what is local.)
 */
import { Accesses } from "../../../processor/memory.js";
import { grown, grownBytes } from "./vectors.js";

/** Thrown when one more word turned out to be shared. */
export class NewlyShared extends Error {
  readonly address: number;

  constructor(address: number) {
    super(`the word at 0x${address.toString(16)} is shared`);
    this.address = address;
  }
}

const NOBODY = -1;
const SEVERAL = -1;
/** Where the keys of what is no word of memory begin; a word's is its number. */
const QUEUES = 2 ** 30;
const CHANNELS = 2 ** 31;
const BUFFERS = 2 ** 32;
const HISTORIES = 2 ** 33;
const ARRIVALS = 2 ** 34;
const LINE = 2 ** 35;
const DEATHS = 2 ** 36;

export class Cells extends Accesses {
  readonly processors: number;
  /** The most words that `pack` writes. */
  packed = 1;
  /** By cell. */
  values = new Int32Array(64);
  #initial = new Int32Array(64);
  /** The processor that accessed a cell, + 1; 0 for nobody, SEVERAL for more than one. */
  #accessor = new Int32Array(64);
  /** Whether one wrote, and whether it is shared. */
  #written = new Uint8Array(64);
  #shared = new Uint8Array(64);
  /** The group that has the cell, once it was written: its processor, or the shared one, whose number is `processors`. */
  #group = new Int32Array(64);
  readonly #members: number[][];
  #count = 0;
  readonly #image: Int32Array;
  /** By word of memory: its cell + 1. */
  readonly #ofWord: Int32Array;
  readonly #ofKey = new Map<number, number>();
  /** The key of each cell that is none of the first. */
  readonly #keys: number[] = [];
  /** Pairs: cell, value before. */
  #log = new Int32Array(256);
  #logged = 0;

  /** `image`: the memory that the program finds; it must not change. */
  constructor(processors: number, image: ArrayBufferLike) {
    super();
    this.processors = processors;
    this.#image = new Int32Array(image);
    this.#ofWord = new Int32Array(this.#image.length);
    this.#members = Array.from({ length: processors + 1 }, () => []);
    for (let processor = 0; processor < processors; processor++) {
      this.#create(-1, 0);
      this.#group[processor] = processor;
    }
  }

  /** The same at first, with the same words shared; who accesses what is to be seen anew. */
  fresh(): Cells {
    const cells = new Cells(this.processors, this.#image.buffer);
    for (const address of this.sharedAddresses()) cells.shareCell(cells.ofWord(address >>> 2));
    return cells;
  }

  /** Of the memory, 64 KiB each. */
  get pages(): number {
    return this.#image.byteLength / 65536;
  }

  #create(key: number, initial: number): number {
    const cell = this.#count++;
    this.values[cell] = this.#initial[cell] = initial;
    this.#group[cell] = NOBODY;
    this.#keys[cell] = key;
    // Afterwards, so that `this.values[this.ofWord(word)]`, which takes the array first, finds a new cell in it.
    if (this.#count === this.values.length) this.#grow();
    return cell;
  }

  #grow(): void {
    this.values = grown(this.values);
    this.#initial = grown(this.#initial);
    this.#accessor = grown(this.#accessor);
    this.#group = grown(this.#group);
    this.#written = grownBytes(this.#written);
    this.#shared = grownBytes(this.#shared);
  }

  /** The cell of a word of memory. */
  ofWord(word: number): number {
    const known = this.#ofWord[word]!;
    if (known !== 0) return known - 1;
    const cell = this.#create(word, this.#image[word]!);
    this.#ofWord[word] = cell + 1;
    return cell;
  }

  /** The cell that stands for those who sleep at an address. */
  ofQueue(address: number): number {
    return this.#shareKey(QUEUES + (address >>> 2));
  }

  /** The cell that stands for the messages under way from one processor to another. */
  ofChannel(from: number, to: number): number {
    return this.#shareKey(CHANNELS + from * this.processors + to);
  }

  /** The cell that stands for a processor's store buffer. */
  ofBuffer(processor: number): number {
    return this.#ownKey(BUFFERS, processor);
  }

  /** The cell that stands for the operations that a processor invoked. */
  ofHistory(processor: number): number {
    return this.#ownKey(HISTORIES, processor);
  }

  /** The cell that says whether a processor marked its arrival and has not got in line since. */
  ofArrival(processor: number): number {
    return this.#ownKey(ARRIVALS, processor);
  }

  /** The cell that stands for those who are in line. */
  ofLine(): number {
    return this.#shareKey(LINE);
  }

  /** The cell that says whether a processor has died. */
  ofDeath(processor: number): number {
    return this.#ownKey(DEATHS, processor);
  }

  #ownKey(keys: number, processor: number): number {
    const known = this.#ofKey.get(keys + processor);
    if (known !== undefined) return known;
    const cell = this.#create(keys + processor, 0);
    this.#ofKey.set(keys + processor, cell);
    this.#join(cell, processor);
    return cell;
  }

  #shareKey(key: number): number {
    const known = this.#ofKey.get(key);
    if (known !== undefined) return known;
    const cell = this.#create(key, 0);
    this.#ofKey.set(key, cell);
    this.#shared[cell] = 1;
    this.#join(cell, this.processors);
    return cell;
  }

  #join(cell: number, group: number): void {
    this.#group[cell] = group;
    this.packed = Math.max(this.packed, 1 + this.#members[group]!.push(cell));
  }

  /** The address of a cell that is a word of memory. */
  addressOf(cell: number): number {
    return this.#keys[cell]! * 4;
  }

  isShared(cell: number): boolean {
    return this.#shared[cell] !== 0;
  }

  /** Whether an access concerns shared words. */
  concernsShared(address: number, size: number): boolean {
    if (this.#shared[this.ofWord(address >>> 2)] !== 0) return true;
    const last = (address + size - 1) >>> 2;
    for (let word = (address >>> 2) + 1; word <= last; word++) if (this.#shared[this.ofWord(word)] !== 0) return true;
    return false;
  }

  /**
   * Notes that a processor accesses bytes of memory. The words that one access concerns are shared together: in a store
   * buffer it is one, and what its processor does with either of them comes after it.
   *
   * @throws {NewlyShared} if that makes a word shared that was not
   */
  touch(processor: number, address: number, size: number, writes: boolean): void {
    const last = (address + size - 1) >>> 2;
    for (let word = address >>> 2; word <= last; word++) this.#touch(processor, this.ofWord(word), writes);
    if (last === address >>> 2 || !this.concernsShared(address, size)) return;
    for (let word = address >>> 2; word <= last; word++) {
      const cell = this.ofWord(word);
      if (!this.isShared(cell)) this.#share(cell);
    }
  }

  #touch(processor: number, cell: number, writes: boolean): void {
    const before = this.#accessor[cell]!;
    const accessor = before === 0 || before === processor + 1 ? processor + 1 : SEVERAL;
    this.#accessor[cell] = accessor;
    if (writes) this.#written[cell] = 1;
    if (this.#written[cell] === 0) return;
    if (this.#shared[cell] === 0 && accessor === SEVERAL) this.#share(cell);
    if (writes && this.#group[cell] === NOBODY) this.#join(cell, this.#shared[cell] ? this.processors : processor);
  }

  /** @throws {NewlyShared} always */
  #share(cell: number): never {
    this.shareCell(cell);
    throw new NewlyShared(this.addressOf(cell));
  }

  /** Takes the word as shared from now on, before an exploration begins. */
  shareCell(cell: number): void {
    if (this.#shared[cell] !== 0) return;
    this.#shared[cell] = 1;
    const group = this.#group[cell]!;
    if (group === NOBODY) return;
    const members = this.#members[group]!;
    members.splice(members.indexOf(cell), 1);
    this.#join(cell, this.processors);
  }

  /** Forgets who accessed what is not shared: what parts of an exploration find does not depend on others. */
  forgetAccesses(): void {
    this.#accessor.fill(0);
    this.#written.fill(0);
  }

  /** The words that are shared, by their addresses. */
  sharedAddresses(): number[] {
    return this.#keys.flatMap((key, cell) => (key >= 0 && key < QUEUES && this.#shared[cell] ? [key * 4] : []));
  }

  /** For cells that may be new: `values` is another array after one has been made. */
  get(cell: number): number {
    return this.values[cell]!;
  }

  set(cell: number, value: number): void {
    const before = this.values[cell]!;
    if (before === value) return;
    if (this.#logged + 2 > this.#log.length) this.#log = grown(this.#log);
    this.#log[this.#logged++] = cell;
    this.#log[this.#logged++] = before;
    this.values[cell] = value;
  }

  /** The length of the log, for `undo`, `changedSince` and `valueAt`. */
  get mark(): number {
    return this.#logged;
  }

  /** Takes back all that was set since a mark. */
  undo(mark: number): void {
    while (this.#logged > mark) {
      this.#logged -= 2;
      this.values[this.#log[this.#logged]!] = this.#log[this.#logged + 1]!;
    }
  }

  /** The value that a cell had at a mark. */
  valueAt(cell: number, mark: number): number {
    for (let entry = mark; entry < this.#logged; entry += 2)
      if (this.#log[entry] === cell) return this.#log[entry + 1]!;
    return this.values[cell]!;
  }

  /** Whether the words that are a processor's own are what they were at a mark. */
  ownUnchanged(processor: number, mark: number): boolean {
    for (let entry = mark; entry < this.#logged; entry += 2) {
      const cell = this.#log[entry]!;
      if (cell === processor || this.#group[cell] !== processor) continue;
      if (this.values[cell] !== this.valueAt(cell, mark)) return false;
    }
    return true;
  }

  /** Forgets how to undo. */
  commit(): void {
    this.#logged = 0;
  }

  /** Whether a cell other than this one was set since a mark. */
  changedSince(mark: number, but: number): boolean {
    for (let entry = mark; entry < this.#logged; entry += 2) if (this.#log[entry] !== but) return true;
    return false;
  }

  /** The groups with a cell that was set, as bits; for up to 30 processors. */
  changedGroups(): number {
    let groups = 0;
    for (let entry = 0; entry < this.#logged; entry += 2) groups |= 1 << this.#group[this.#log[entry]!]!;
    return groups;
  }

  /** Makes every cell what it was at first, but for the local states. */
  reset(): void {
    this.values.set(this.#initial.subarray(0, this.#count));
    this.#logged = 0;
  }

  load(address: number, size: number): void {
    const word = address >>> 2;
    const offset = address & 3;
    this.high = 0;
    if (offset + size <= 4) {
      const value = this.get(this.ofWord(word));
      this.low = size === 4 ? value : (value >>> (8 * offset)) & (size === 1 ? 0xff : 0xffff);
    } else if (offset === 0) {
      this.low = this.get(this.ofWord(word));
      this.high = this.get(this.ofWord(word + 1));
    } else {
      this.low = 0;
      for (let i = 0; i < size; i++) {
        const byte = this.#byte(address + i);
        if (i < 4) this.low |= byte << (8 * i);
        else this.high |= byte << (8 * (i - 4));
      }
    }
  }

  #byte(address: number): number {
    return (this.get(this.ofWord(address >>> 2)) >>> (8 * (address & 3))) & 0xff;
  }

  store(address: number, size: number, low: number, high: number): void {
    const word = address >>> 2;
    const offset = address & 3;
    if (size === 4 && offset === 0) {
      this.set(this.ofWord(word), low);
    } else if (size === 8 && offset === 0) {
      this.set(this.ofWord(word), low);
      this.set(this.ofWord(word + 1), high);
    } else {
      for (let i = 0; i < size; i++) this.#storeByte(address + i, i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4)));
    }
  }

  #storeByte(address: number, byte: number): void {
    const cell = this.ofWord(address >>> 2);
    const shift = 8 * (address & 3);
    this.set(cell, (this.values[cell]! & ~(0xff << shift)) | ((byte & 0xff) << shift));
  }

  /**
   * The words of a group, for a state's vector: the local state of a processor first, then what was written, without the
   * last ones that are as at first, so that cells which come later change no vector. Returns the length.
   */
  pack(group: number, words: Int32Array): number {
    const members = this.#members[group]!;
    // In variables, as all loops here: after a store into an array V8 reads the fields again.
    const values = this.values;
    const initial = this.#initial;
    let end = members.length;
    while (end > 0 && values[members[end - 1]!] === initial[members[end - 1]!]) end--;
    let length = 0;
    if (group < this.processors) words[length++] = values[group]!;
    for (let i = 0; i < end; i++) words[length++] = values[members[i]!]!;
    return length;
  }

  /** Makes the cells of a group what they were. */
  unpack(group: number, words: Int32Array, length: number): void {
    const members = this.#members[group]!;
    const values = this.values;
    const initial = this.#initial;
    let at = 0;
    if (group < this.processors) values[group] = words[at++]!;
    let member = 0;
    while (at < length) values[members[member++]!] = words[at++]!;
    for (; member < members.length; member++) values[members[member]!] = initial[members[member]!]!;
  }

  /** Brings a memory that was like the first one to what the cells say. */
  write(memory: WebAssembly.Memory): void {
    const words = new Int32Array(memory.buffer);
    this.#keys.forEach((key, cell) => {
      if (key >= 0 && key < QUEUES) words[key] = this.values[cell]!;
    });
  }
}
