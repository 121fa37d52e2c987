/**
 * A litmus test as a program: thread n is the entry `n`, its registers are locals, and it returns those of them that the
 * final states name. MOV is a plain access, which a store buffer may hold back. An instruction that reads and writes
 * memory is a plain load and a plain store; with LOCK, and XCHG always, it is one atomic access. MFENCE is a fence.
 */
import { createProgram, type Program } from "../program/program.js";
import { type Layout, resultsOf } from "./layout.js";
import { type Entry, I32, I64, moduleOf, signed, unsigned } from "./module-bytes.js";
import { accumulator } from "./registers.js";
import type { Access, Address, Condition, Instruction, LitmusTest, Operand, Register, Thread, Width } from "./test.js";

/** Instructions of WebAssembly. */
const OP = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  else: [0x05],
  end: [0x0b],
  branch: [0x0c],
  branchIf: [0x0d],
  branchTable: [0x0e],
  get: [0x20],
  set: [0x21],
  i32: [0x41],
  i64: [0x42],
  i32IsZero: [0x45],
  i32Or: [0x72],
  i32Xor: [0x73],
  isZero: [0x50],
  notEqual: [0x52],
  below: [0x54],
  add: [0x7c],
  sub: [0x7d],
  and: [0x83],
  or: [0x84],
  xor: [0x85],
  shiftLeft: [0x86],
  shiftRight: [0x88],
  wrap: [0xa7],
  fence: [0xfe, 0x03, 0x00],
} as const;

/** By bits: a zero-extending load, a store, and where the width's instruction is among a read-modify-write's seven. */
const MEMORY = {
  8: { load: 0x31, store: 0x3c, atomic: 4, alignment: 0 },
  16: { load: 0x33, store: 0x3d, atomic: 5, alignment: 1 },
  32: { load: 0x35, store: 0x3e, atomic: 6, alignment: 2 },
  64: { load: 0x29, store: 0x37, atomic: 1, alignment: 3 },
} as const;

/** The first of the seven instructions of each atomic read-modify-write. */
const ATOMIC = { add: 0x1e, sub: 0x25, and: 0x2c, or: 0x33, xor: 0x3a, xchg: 0x41, cmpxchg: 0x48 } as const;

/** What an operation computes from its destination and its source, and whether it writes the carry flag. */
const ARITHMETIC = {
  add: { instruction: "add", carry: true },
  xadd: { instruction: "add", carry: true },
  inc: { instruction: "add", carry: false },
  sub: { instruction: "sub", carry: true },
  dec: { instruction: "sub", carry: false },
  cmp: { instruction: "sub", carry: true },
  cmpxchg: { instruction: "sub", carry: true },
  and: { instruction: "and", carry: true },
  test: { instruction: "and", carry: true },
  or: { instruction: "or", carry: true },
  xor: { instruction: "xor", carry: true },
} as const;

type Flag = "zero" | "sign" | "carry" | "overflow";

/** The flags that a condition reads. */
const FLAGS_READ: Readonly<Record<Condition, readonly Flag[]>> = {
  ...{ e: ["zero"], ne: ["zero"], s: ["sign"], ns: ["sign"], o: ["overflow"], no: ["overflow"] },
  ...{ b: ["carry"], ae: ["carry"], be: ["carry", "zero"], a: ["carry", "zero"] },
  ...{ l: ["sign", "overflow"], ge: ["sign", "overflow"] },
  ...{ le: ["sign", "overflow", "zero"], g: ["sign", "overflow", "zero"] },
};

/** Conditions that are the negation of another. */
const NEGATED: Partial<Record<Condition, Condition>> = {
  ne: "e",
  ns: "s",
  no: "o",
  ae: "b",
  a: "be",
  ge: "l",
  g: "le",
};

/** Locals: the whole registers by their numbers, then these. */
const LOCAL = { left: 16, right: 17, result: 18, zero: 19, sign: 20, carry: 21, overflow: 22, block: 23 } as const;
const LOCALS = [...Array.from({ length: 19 }, () => I64), ...Array.from({ length: 5 }, () => I32)];

export function compileLitmus(test: LitmusTest, layout: Layout): Program {
  const entries = test.threads.map((thread) => new ThreadCompiler(test, thread, layout).entry());
  return createProgram(test.name, moduleOf(entries));
}

class ThreadCompiler {
  private readonly test: LitmusTest;
  private readonly thread: Thread;
  private readonly layout: Layout;
  /** The flags that the thread's jumps read: the others are not computed. */
  private readonly flags: ReadonlySet<Flag>;
  private readonly code: number[] = [];

  constructor(test: LitmusTest, thread: Thread, layout: Layout) {
    this.test = test;
    this.thread = thread;
    this.layout = layout;
    this.flags = new Set(
      thread.instructions.flatMap((each) =>
        each.kind === "jump" && each.condition !== undefined ? FLAGS_READ[each.condition] : [],
      ),
    );
  }

  entry(): Entry {
    const { thread, layout } = this;
    for (const { register, value } of layout.initialRegisters(thread.number)) {
      this.constant(BigInt.asUintN(register.width, value));
      this.setRegister(register);
    }
    this.blocks();
    const results = resultsOf(this.test, thread.number);
    for (const { register } of results) this.register(register);
    this.emit(OP.end);
    return { name: String(thread.number), results: results.length, locals: LOCALS, body: this.code };
  }

  /**
   * The code between labels in nested blocks, which a table enters at the one that was jumped to:
   * `loop block block br_table end CODE end CODE end`.
   */
  private blocks(): void {
    const blocks = basicBlocks(this.thread.instructions);
    const labels = new Map(blocks.flatMap(({ labels }, i) => labels.map((label) => [label, i])));
    if (labels.size > 0) {
      this.emit(OP.loop);
      for (const _ of blocks) this.emit(OP.block);
      this.emit(OP.get, [LOCAL.block], OP.branchTable, unsigned(blocks.length - 1));
      blocks.forEach((_, i) => {
        this.emit(unsigned(i));
      });
      this.emit(OP.end);
    }
    blocks.forEach(({ instructions }, i) => {
      const toLoop = blocks.length - 1 - i;
      for (const instruction of instructions) this.instruction(instruction, labels, toLoop);
      if (labels.size > 0) this.emit(OP.end);
    });
  }

  private instruction(instruction: Instruction, labels: ReadonlyMap<string, number>, toLoop: number): void {
    switch (instruction.kind) {
      case "fence":
        this.emit(OP.fence);
        break;
      case "jump":
        this.emit(OP.i32, signed(BigInt(labels.get(instruction.label)!)), OP.set, [LOCAL.block]);
        if (instruction.condition !== undefined) this.condition(instruction.condition);
        this.emit(instruction.condition === undefined ? OP.branch : OP.branchIf, unsigned(toLoop));
        break;
      case "operation":
        this.operation(instruction);
    }
  }

  private operation(access: Access): void {
    const { operation, width, destination, source } = access;
    switch (operation) {
      case "mov":
        this.write(destination, width, () => this.read(source, width));
        break;
      case "xchg":
        this.exchange(access);
        break;
      case "cmpxchg":
        this.compareAndExchange(access);
        break;
      default:
        this.arithmetic(access, operation);
    }
  }

  private arithmetic(access: Access, operation: keyof typeof ARITHMETIC): void {
    const { width, locked, destination, source } = access;
    const { instruction } = ARITHMETIC[operation];
    this.read(source, width);
    this.emit(OP.set, [LOCAL.right]);
    if (locked) this.atomic(access, instruction, () => this.emit(OP.get, [LOCAL.right]));
    else this.read(destination, width);
    this.emit(OP.set, [LOCAL.left]);
    this.compute(operation, width);
    if (operation === "cmp" || operation === "test") return;
    const writeDestination = () => {
      if (!locked) this.write(destination, width, () => this.emit(OP.get, [LOCAL.result]));
    };
    // The source of XADD may be the register of the destination's address; of XADD EAX,EAX the sum remains.
    if (destination.kind !== "register") writeDestination();
    if (operation === "xadd") this.write(source, width, () => this.emit(OP.get, [LOCAL.left]));
    if (destination.kind === "register") writeDestination();
  }

  private exchange(access: Access): void {
    const { width, locked, destination, source } = access;
    if (locked) this.atomic(access, "xchg", () => this.read(source, width));
    else {
      this.read(destination, width);
      this.emit(OP.set, [LOCAL.left]);
      this.write(destination, width, () => this.read(source, width));
      this.emit(OP.get, [LOCAL.left]);
    }
    this.setRegister((source as { register: Register }).register);
  }

  /** Without LOCK it writes memory only where it exchanges, as in herd7. */
  private compareAndExchange(access: Access): void {
    const { width, locked, destination, source } = access;
    this.register(accumulator(width));
    this.emit(OP.set, [LOCAL.left]);
    if (locked) {
      this.atomic(access, "cmpxchg", () => {
        this.emit(OP.get, [LOCAL.left]);
        this.read(source, width);
      });
    } else this.read(destination, width);
    this.emit(OP.set, [LOCAL.right]);
    this.compute("cmpxchg", width);
    this.emit(OP.get, [LOCAL.left], OP.get, [LOCAL.right], OP.notEqual, OP.if, OP.get, [LOCAL.right]);
    this.setRegister(accumulator(width));
    if (!locked) {
      this.emit(OP.else);
      this.write(destination, width, () => this.read(source, width));
    }
    this.emit(OP.end);
  }

  /** The result of `left` and `right`, and its flags. */
  private compute(operation: keyof typeof ARITHMETIC, width: Width): void {
    const { instruction, carry } = ARITHMETIC[operation];
    const { left, right, result } = LOCAL;
    this.emit(OP.get, [left], OP.get, [right], OP[instruction]);
    this.mask(width);
    this.emit(OP.set, [result]);
    const flag = (name: Flag, compute: () => void) => {
      if (!this.flags.has(name)) return;
      compute();
      this.emit(OP.set, [LOCAL[name]]);
    };
    const highestBit = () => {
      this.constant(BigInt(width - 1));
      this.emit(OP.shiftRight, OP.wrap);
    };
    flag("zero", () => this.emit(OP.get, [result], OP.isZero));
    flag("sign", () => {
      this.emit(OP.get, [result]);
      highestBit();
    });
    if (carry) {
      flag("carry", () => {
        if (instruction === "add") this.emit(OP.get, [result], OP.get, [left], OP.below);
        else if (instruction === "sub") this.emit(OP.get, [left], OP.get, [right], OP.below);
        else this.emit(OP.i32, [0]);
      });
    }
    flag("overflow", () => {
      // Of a sum the operands' signs are equal and the result's is another; of a difference the operands' differ.
      if (instruction === "add" || instruction === "sub") {
        const other = instruction === "add" ? result : left;
        this.emit(OP.get, [left], OP.get, [result], OP.xor, OP.get, [right], OP.get, [other], OP.xor, OP.and);
        highestBit();
      } else this.emit(OP.i32, [0]);
    });
  }

  /** Pushes whether the condition holds. */
  private condition(condition: Condition): void {
    const { zero, sign, carry, overflow } = LOCAL;
    const less = () => this.emit(OP.get, [sign], OP.get, [overflow], OP.i32Xor);
    const negated = NEGATED[condition];
    if (negated !== undefined) {
      this.condition(negated);
      this.emit(OP.i32IsZero);
    } else if (condition === "l") less();
    else if (condition === "le") {
      less();
      this.emit(OP.get, [zero], OP.i32Or);
    } else if (condition === "be") this.emit(OP.get, [carry], OP.get, [zero], OP.i32Or);
    else this.emit(OP.get, [{ e: zero, s: sign, b: carry, o: overflow }[condition as "e" | "s" | "b" | "o"]]);
  }

  /** Pushes an operand's value. Values on the stack are zero-extended from their width. */
  private read(operand: Operand, width: Width): void {
    if (operand.kind === "immediate") this.constant(BigInt.asUintN(width, operand.value));
    else if (operand.kind === "register") this.register(operand.register);
    else {
      this.address(operand);
      const { load, alignment } = MEMORY[width];
      this.emit([load, alignment, 0]);
    }
  }

  private write(place: Operand, width: Width, value: () => void): void {
    if (place.kind === "register") {
      value();
      this.setRegister(place.register);
    } else {
      this.address(place as Address);
      value();
      const { store, alignment } = MEMORY[width];
      this.emit([store, alignment, 0]);
    }
  }

  /** Pushes what was in memory. */
  private atomic({ destination, width }: Access, name: keyof typeof ATOMIC, operands: () => void): void {
    this.address(destination as Address);
    operands();
    const { atomic, alignment } = MEMORY[width];
    this.emit([0xfe, ATOMIC[name] + atomic, alignment, 0]);
  }

  private address(address: Address): void {
    if (address.kind === "location") {
      this.emit(OP.i32, signed(BigInt(this.layout.addressOf(address.name))));
      return;
    }
    this.register(address.register);
    this.constant(address.displacement);
    this.emit(OP.add, OP.wrap);
  }

  private register({ number, width, firstBit }: Register): void {
    this.emit(OP.get, [number]);
    if (firstBit > 0) {
      this.constant(BigInt(firstBit));
      this.emit(OP.shiftRight);
    }
    this.mask(width);
  }

  /** Writes of 32 bits clear the upper ones, narrower ones leave the others as they are. */
  private setRegister({ number, width, firstBit }: Register): void {
    if (width < 32) {
      const bits = ((1n << BigInt(width)) - 1n) << BigInt(firstBit);
      this.constant(BigInt(firstBit));
      this.emit(OP.shiftLeft, OP.get, [number]);
      this.constant(~bits);
      this.emit(OP.and, OP.or);
    }
    this.emit(OP.set, [number]);
  }

  private mask(width: Width): void {
    if (width === 64) return;
    this.constant((1n << BigInt(width)) - 1n);
    this.emit(OP.and);
  }

  private constant(value: bigint): void {
    this.emit(OP.i64, signed(BigInt.asIntN(64, value)));
  }

  private emit(...pieces: readonly (readonly number[])[]): void {
    for (const piece of pieces) this.code.push(...piece);
  }
}

interface BasicBlock {
  readonly labels: string[];
  readonly instructions: Instruction[];
}

/** Instructions between labels. */
function basicBlocks(instructions: readonly Instruction[]): BasicBlock[] {
  const blocks: BasicBlock[] = [{ labels: [], instructions: [] }];
  for (const instruction of instructions) {
    if (instruction.kind !== "label") blocks.at(-1)!.instructions.push(instruction);
    else if (blocks.at(-1)!.instructions.length === 0) blocks.at(-1)!.labels.push(instruction.label);
    else blocks.push({ labels: [instruction.label], instructions: [] });
  }
  return blocks;
}
