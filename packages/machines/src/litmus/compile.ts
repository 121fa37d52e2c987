/**
 * A litmus test as a program: thread n is the entry `n`, its registers are locals, and it returns those of them that the
 * final states name. MOV is a plain access, which a store buffer may hold back. An instruction that reads and writes
 * memory is a plain load and a plain store; with LOCK, and XCHG always, it is one atomic access. MFENCE is a fence.
 */
import { createProgram, type Program } from "../program/program.js";
import { Assembler, get, OP, set } from "./assembler.js";
import { type Layout, resultsOf } from "./layout.js";
import type { Access, Condition, Instruction, LitmusTest, Thread } from "./litmus-test.js";
import { type Entry, I32, I64, moduleOf, signed, unsigned } from "./module-bytes.js";
import { accumulator } from "./registers.js";
import type { Register, Width } from "./variable.js";

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

/** Locals: the whole registers by their numbers, then these. */
const LOCAL = { left: 16, right: 17, result: 18, zero: 19, sign: 20, carry: 21, overflow: 22, block: 23 } as const;
const LOCALS = [...Array.from({ length: 19 }, () => I64), ...Array.from({ length: 5 }, () => I32)];

/** The flags that a condition reads, and code that pushes whether it holds. */
interface Predicate {
  readonly flags: readonly Flag[];
  readonly code: readonly number[];
}

const [ZERO, SIGN, CARRY, OVERFLOW] = [get(LOCAL.zero), get(LOCAL.sign), get(LOCAL.carry), get(LOCAL.overflow)];
const LESS = [...SIGN, ...OVERFLOW, ...OP.i32Xor];

const PREDICATES = {
  e: { flags: ["zero"], code: ZERO },
  s: { flags: ["sign"], code: SIGN },
  o: { flags: ["overflow"], code: OVERFLOW },
  b: { flags: ["carry"], code: CARRY },
  be: { flags: ["carry", "zero"], code: [...CARRY, ...ZERO, ...OP.i32Or] },
  l: { flags: ["sign", "overflow"], code: LESS },
  le: { flags: ["sign", "overflow", "zero"], code: [...LESS, ...ZERO, ...OP.i32Or] },
} as const;

const not = ({ flags, code }: Predicate): Predicate => ({ flags, code: [...code, ...OP.i32IsZero] });

const CONDITIONS: Readonly<Record<Condition, Predicate>> = {
  ...PREDICATES,
  ne: not(PREDICATES.e),
  ns: not(PREDICATES.s),
  no: not(PREDICATES.o),
  ae: not(PREDICATES.b),
  a: not(PREDICATES.be),
  ge: not(PREDICATES.l),
  g: not(PREDICATES.le),
};

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
  private readonly code: Assembler;

  constructor(test: LitmusTest, thread: Thread, layout: Layout) {
    this.test = test;
    this.thread = thread;
    this.layout = layout;
    this.code = new Assembler(layout);
    this.flags = new Set(
      thread.instructions.flatMap((each) =>
        each.kind === "jump" && each.condition !== undefined ? CONDITIONS[each.condition].flags : [],
      ),
    );
  }

  entry(): Entry {
    const { code, test, thread, layout } = this;
    for (const { register, value } of layout.initialRegisters(thread.number)) {
      code.constant(BigInt.asUintN(register.width, value));
      code.setRegister(register);
    }
    this.blocks();
    const results = resultsOf(test, thread.number);
    for (const { register } of results) code.register(register);
    code.emit(OP.end);
    return { name: String(thread.number), results: results.length, locals: LOCALS, body: code.bytes };
  }

  /**
   * The code between labels in nested blocks, which a table enters at the one that was jumped to:
   * `loop block block br_table end CODE end CODE end`.
   */
  private blocks(): void {
    const { code } = this;
    const blocks = basicBlocks(this.thread.instructions);
    const labels = new Map(blocks.flatMap(({ labels }, i) => labels.map((label) => [label, i])));
    if (labels.size > 0) {
      code.emit(OP.loop);
      for (const _ of blocks) code.emit(OP.block);
      code.emit(get(LOCAL.block), OP.branchTable, unsigned(blocks.length - 1));
      code.emit(...blocks.map((_, i) => unsigned(i)), OP.end);
    }
    blocks.forEach(({ instructions }, i) => {
      const toLoop = blocks.length - 1 - i;
      for (const instruction of instructions) this.instruction(instruction, labels, toLoop);
      if (labels.size > 0) code.emit(OP.end);
    });
  }

  private instruction(instruction: Instruction, labels: ReadonlyMap<string, number>, toLoop: number): void {
    const { code } = this;
    switch (instruction.kind) {
      case "fence":
        code.emit(OP.fence);
        break;
      case "jump":
        code.emit(OP.i32, signed(BigInt(labels.get(instruction.label)!)), set(LOCAL.block));
        if (instruction.condition === undefined) code.emit(OP.branch, unsigned(toLoop));
        else code.emit(CONDITIONS[instruction.condition].code, OP.branchIf, unsigned(toLoop));
        break;
      case "operation":
        this.operation(instruction);
    }
  }

  private operation(access: Access): void {
    const { code } = this;
    const { operation, width, destination, source } = access;
    switch (operation) {
      case "mov":
        code.write(destination, width, () => code.read(source, width));
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
    const { code } = this;
    const { width, locked, destination, source } = access;
    const { instruction } = ARITHMETIC[operation];
    code.read(source, width);
    code.emit(set(LOCAL.right));
    if (locked) code.atomic(access, instruction, () => code.emit(get(LOCAL.right)));
    else code.read(destination, width);
    code.emit(set(LOCAL.left));
    this.compute(operation, width);
    if (operation === "cmp" || operation === "test") return;
    const writeDestination = () => {
      if (!locked) code.write(destination, width, () => code.emit(get(LOCAL.result)));
    };
    // The source of XADD may be the register of the destination's address; of XADD EAX,EAX the sum remains.
    if (destination.kind !== "register") writeDestination();
    if (operation === "xadd") code.write(source, width, () => code.emit(get(LOCAL.left)));
    if (destination.kind === "register") writeDestination();
  }

  private exchange(access: Access): void {
    const { code } = this;
    const { width, locked, destination, source } = access;
    if (locked) code.atomic(access, "xchg", () => code.read(source, width));
    else {
      code.read(destination, width);
      code.emit(set(LOCAL.left));
      code.write(destination, width, () => code.read(source, width));
      code.emit(get(LOCAL.left));
    }
    code.setRegister((source as { register: Register }).register);
  }

  /** Without LOCK it writes memory only where it exchanges, as in herd7. */
  private compareAndExchange(access: Access): void {
    const { code } = this;
    const { width, locked, destination, source } = access;
    code.register(accumulator(width));
    code.emit(set(LOCAL.left));
    if (locked) {
      code.atomic(access, "cmpxchg", () => {
        code.emit(get(LOCAL.left));
        code.read(source, width);
      });
    } else code.read(destination, width);
    code.emit(set(LOCAL.right));
    this.compute("cmpxchg", width);
    code.emit(get(LOCAL.left), get(LOCAL.right), OP.notEqual, OP.if, get(LOCAL.right));
    code.setRegister(accumulator(width));
    if (!locked) {
      code.emit(OP.else);
      code.write(destination, width, () => code.read(source, width));
    }
    code.emit(OP.end);
  }

  /** The result of `left` and `right`, and its flags. */
  private compute(operation: keyof typeof ARITHMETIC, width: Width): void {
    const { code } = this;
    const { instruction, carry } = ARITHMETIC[operation];
    const { left, right, result } = LOCAL;
    code.emit(get(left), get(right), OP[instruction]);
    code.mask(width);
    code.emit(set(result));
    const flag = (name: Flag, compute: () => void) => {
      if (!this.flags.has(name)) return;
      compute();
      code.emit(set(LOCAL[name]));
    };
    const highestBit = () => {
      code.constant(BigInt(width - 1));
      code.emit(OP.shiftRight, OP.wrap);
    };
    flag("zero", () => code.emit(get(result), OP.isZero));
    flag("sign", () => {
      code.emit(get(result));
      highestBit();
    });
    if (carry) {
      flag("carry", () => {
        if (instruction === "add") code.emit(get(result), get(left), OP.below);
        else if (instruction === "sub") code.emit(get(left), get(right), OP.below);
        else code.emit(OP.i32, [0]);
      });
    }
    flag("overflow", () => {
      // Of a sum the operands' signs are equal and the result's is another; of a difference the operands' differ.
      if (instruction === "add" || instruction === "sub") {
        const other = instruction === "add" ? result : left;
        code.emit(get(left), get(result), OP.xor, get(right), get(other), OP.xor, OP.and);
        highestBit();
      } else code.emit(OP.i32, [0]);
    });
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
