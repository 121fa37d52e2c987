import { NUMBER_OF } from "./instructions.js";

/** Words of register code as they are written, each instruction with the place in the module that it comes from. */
export class CodeWriter {
  #words = new Int32Array(4096);
  #length = 0;
  /** Of every instruction that came from another place than the one before: its pc, and that place. */
  readonly pcs: number[] = [];
  readonly offsets: number[] = [];
  /** The pcs of the words that hold pcs. */
  readonly pcWords: number[] = [];
  /** Where in the module's bytes the instructions that are written come from. */
  origin = 0;

  /** The pc of the next word, in bytes. */
  get pc(): number {
    return 4 * this.#length;
  }

  /** Appends an instruction; its pc. */
  emit(name: string, ...operands: readonly number[]): number {
    const pc = this.pc;
    if (this.offsets.at(-1) !== this.origin) {
      this.pcs.push(pc);
      this.offsets.push(this.origin);
    }
    this.word(NUMBER_OF.get(name)!);
    for (const operand of operands) this.word(operand);
    return pc;
  }

  word(value: number): void {
    if (this.#length === this.#words.length) {
      const longer = new Int32Array(2 * this.#length);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words[this.#length++] = value;
  }

  read(pc: number): number {
    return this.#words[pc >> 2]!;
  }

  write(pc: number, value: number): void {
    this.#words[pc >> 2] = value;
  }

  /** Lets a word, by its pc, hold a pc; once for each word. */
  writePc(word: number, pc: number): void {
    this.pcWords.push(word);
    this.write(word, pc);
  }

  /** Takes back all that was written from a pc on. */
  truncate(pc: number): void {
    this.#length = pc >> 2;
    while (this.pcs.length > 0 && this.pcs.at(-1)! >= pc) {
      this.pcs.pop();
      this.offsets.pop();
    }
  }

  words(): Int32Array {
    return this.#words.slice(0, this.#length);
  }
}
