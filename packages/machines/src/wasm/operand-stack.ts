import type { CodeWriter } from "./code-writer.js";
import { INSTRUCTIONS, NUMBER_OF } from "./instructions.js";

/** A constant on the operand stack, as its bits. */
export interface Constant {
  readonly low: number;
  readonly high: number;
  readonly wide: boolean;
}

/** What an operand is before an instruction needs it: a register, by its number, or a constant. */
export type Operand = number | Constant;

/** The instruction written last, as long as what it produces may still be sent elsewhere. */
interface Producer {
  readonly pc: number;
  /** The pc of the word that names the register it writes. */
  readonly to: number;
  readonly register: number;
  /** The pc after it. */
  readonly end: number;
}

/**
 * WebAssembly's operand stack at translation time. Constants and locals stay on it as what they are, without an
 * instruction, until something would change them; an operand that an instruction produced is in its own register, that of
 * its height. So most local.get, local.set and constants cost nothing when the code runs.
 */
export class OperandStack {
  readonly #code: CodeWriter;
  readonly #first: number;
  readonly #operands: Operand[] = [];
  #producer: Producer | undefined;
  /** The most operands at a time. */
  highest = 0;

  /** `first`: the register of the lowest operand. */
  constructor(code: CodeWriter, first: number) {
    this.#code = code;
    this.#first = first;
  }

  get height(): number {
    return this.#operands.length;
  }

  /** The register that an operand at that height has for its own. */
  registerAt(height: number): number {
    return this.#first + height;
  }

  push(operand: Operand): void {
    this.#operands.push(operand);
    this.reserve(this.height);
  }

  /** Makes sure that operands up to that height have registers. */
  reserve(height: number): void {
    this.highest = Math.max(this.highest, height);
  }

  /** Pushes what an instruction writes to its own register, which is its first operand; returns the instruction's pc. */
  produce(name: string, ...operands: readonly number[]): number {
    const register = this.registerAt(this.height);
    const pc = this.#code.emit(name, 8 * register, ...operands);
    this.#producer = { pc, to: pc + 4, register, end: this.#code.pc };
    this.push(register);
    return pc;
  }

  /** Pushes the results of a call, which are in their own registers. */
  pushResults(count: number): void {
    for (let i = 0; i < count; i++) this.push(this.registerAt(this.height));
  }

  peek(depth = 0): Operand {
    return this.#operands[this.height - 1 - depth]!;
  }

  /** Pops an operand as a register's offset. */
  pop(): number {
    const operand = this.#operands.pop()!;
    if (typeof operand === "number") return 8 * operand;
    const register = this.registerAt(this.height);
    this.#set(register, operand);
    return 8 * register;
  }

  /** Pops an operand that is known to be a constant, or not needed. */
  discard(): void {
    this.#operands.pop();
  }

  /** Pops operands down to a height. */
  cut(height: number): void {
    this.#operands.length = height;
  }

  /** Moves the operands from that height on to their own registers; the offset of the first. */
  settle(height: number): number {
    for (let i = height; i < this.height; i++) {
      this.place(i, this.registerAt(i));
      this.#operands[i] = this.registerAt(i);
    }
    return 8 * this.registerAt(height);
  }

  /** Before code that may be left on one path only: all locals on the stack get their own registers. */
  settleLocals(): void {
    for (const [height, operand] of this.#operands.entries()) {
      if (typeof operand === "number" && operand < this.#first) this.#settleOne(height);
    }
  }

  #settleOne(height: number): void {
    this.place(height, this.registerAt(height));
    this.#operands[height] = this.registerAt(height);
  }

  /** Copies the operand at a height to a register; it stays what it is. */
  place(height: number, register: number): void {
    this.#set(register, this.#operands[height]!);
  }

  /** Whether the `count` topmost operands are in the registers from that height on. */
  isAt(height: number, count: number): boolean {
    const from = this.height - count;
    for (let i = 0; i < count; i++) {
      if (this.#operands[from + i] !== this.registerAt(height + i)) return false;
    }
    return true;
  }

  /** Copies the `count` topmost operands to the registers from that height on, which is no higher than theirs. */
  move(height: number, count: number): void {
    // Upwards: an operand's own register is never below the one it goes to, so none is overwritten before it is read.
    const from = this.height - count;
    for (let i = 0; i < count; i++) this.place(from + i, this.registerAt(height + i));
  }

  #set(register: number, operand: Operand): void {
    if (operand === register) return;
    if (typeof operand === "number") this.#code.emit("copy", 8 * register, 8 * operand);
    else if (operand.wide) this.#code.emit("constant64", 8 * register, operand.low, operand.high);
    else this.#code.emit("constant32", 8 * register, operand.low);
  }

  /** Pops the top into a local; what the stack still wants of the local's value is saved first. */
  setLocal(local: number): void {
    const producer = this.producer();
    const wanted = this.#operands.slice(0, -1).includes(local);
    if (producer && !wanted) {
      this.#operands.pop();
      this.#code.write(producer.to, 8 * local);
      this.labelled();
      return;
    }
    this.#operands.forEach((operand, height) => {
      if (operand === local && height < this.height - 1) this.#settleOne(height);
    });
    this.#set(local, this.#operands.pop()!);
  }

  /** As `setLocal`, and the value stays on the stack. */
  teeLocal(local: number): void {
    const operand = this.peek();
    const produced = this.producer() !== undefined && !this.#operands.slice(0, -1).includes(local);
    this.setLocal(local);
    this.push(produced ? local : operand);
  }

  /** The instruction that produced the top of the stack, if it is the last one written. */
  producer(): Producer | undefined {
    const producer = this.#producer;
    return producer && producer.end === this.#code.pc && this.peek() === producer.register ? producer : undefined;
  }

  /** The name of the instruction that produced the top, if it is the last one written. */
  producerName(): string | undefined {
    const producer = this.producer();
    return producer && INSTRUCTIONS[this.#code.read(producer.pc)];
  }

  /** Makes the last instruction another one of the same operands. */
  renameProducer(name: string): void {
    this.#code.write(this.producer()!.pc, NUMBER_OF.get(name)!);
  }

  /** Takes the last instruction and its product back; its operands without where it writes. */
  undoProducer(): number[] {
    const { pc, end } = this.producer()!;
    const operands: number[] = [];
    for (let word = pc + 8; word < end; word += 4) operands.push(this.#code.read(word));
    this.#code.truncate(pc);
    this.#operands.pop();
    return operands;
  }

  /** To be called where control may come from elsewhere: the last instruction is none of ours any more. */
  labelled(): void {
    this.#producer = undefined;
  }
}
