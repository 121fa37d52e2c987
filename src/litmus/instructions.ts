/** One instruction of a thread, in the words of X86 or of X86_64. */
import { findRegister, partOf } from "./registers.js";
import type { Address, Architecture, Condition, Instruction, Operand, Operation, Register, Width } from "./test.js";
import type { Token, Tokens } from "./tokens.js";

interface Form {
  readonly operands: 1 | 2;
  /** Whether it takes the LOCK prefix: it reads and writes memory. */
  readonly lockable: boolean;
}

const READ_MODIFY_WRITE: Form = { operands: 2, lockable: true };

const OPERATIONS: Readonly<Record<Operation, Form>> = {
  mov: { operands: 2, lockable: false },
  cmp: { operands: 2, lockable: false },
  test: { operands: 2, lockable: false },
  xchg: READ_MODIFY_WRITE,
  xadd: READ_MODIFY_WRITE,
  cmpxchg: READ_MODIFY_WRITE,
  add: READ_MODIFY_WRITE,
  sub: READ_MODIFY_WRITE,
  and: READ_MODIFY_WRITE,
  or: READ_MODIFY_WRITE,
  xor: READ_MODIFY_WRITE,
  inc: { operands: 1, lockable: true },
  dec: { operands: 1, lockable: true },
};

/** They write the source too, a register, or compare it with memory. */
const WRITE_BOTH: readonly Operation[] = ["xchg", "xadd", "cmpxchg"];

/** Without stores that bypass the cache, which no test can write here, LFENCE and SFENCE order nothing (Owens 2009). */
const WITHOUT_OPERANDS: Readonly<Record<string, Instruction>> = {
  mfence: { kind: "fence" },
  lfence: { kind: "nop" },
  sfence: { kind: "nop" },
  nop: { kind: "nop" },
};

/** Conditions with their other names, jlt and jgt being herd7's. */
const JUMPS: ReadonlyMap<string, Condition | undefined> = new Map<string, Condition | undefined>([
  ["jmp", undefined],
  ...(["e", "ne", "s", "ns", "o", "no", "b", "ae", "be", "a", "l", "ge", "le", "g"] as const).map(
    (condition): [string, Condition] => [`j${condition}`, condition],
  ),
  ["jz", "e"],
  ["jnz", "ne"],
  ["jc", "b"],
  ["jnc", "ae"],
  ["jnb", "ae"],
  ["jlt", "l"],
  ["jgt", "g"],
]);

const EXPECTED = `an instruction: lock, ${[...Object.keys(OPERATIONS), ...Object.keys(WITHOUT_OPERANDS), ...JUMPS.keys()].join(", ")}`;

const SUFFIXES: Readonly<Record<string, Width>> = { b: 8, w: 16, l: 32, q: 64 };

/** Bits of an instruction whose operands and suffix say none: herd7's. */
const NATURAL: Readonly<Record<Architecture, Width>> = { X86: 32, X86_64: 64 };

export class InstructionParser {
  private readonly tokens: Tokens;
  private readonly architecture: Architecture;
  /** Bits of the locations that have a type. */
  private readonly widths: ReadonlyMap<string, Width>;

  constructor(tokens: Tokens, architecture: Architecture, widths: ReadonlyMap<string, Width>) {
    this.tokens = tokens;
    this.architecture = architecture;
    this.widths = widths;
  }

  /** @throws {LitmusError} if what comes next is no instruction */
  instruction(): Instruction {
    const token = this.tokens.name(EXPECTED);
    const mnemonic = token.text.toLowerCase();
    if (mnemonic === "lock") {
      this.tokens.accept(";");
      const prefixed = this.tokens.peek();
      const instruction = this.instruction();
      if (instruction.kind === "operation" && instruction.destination.kind !== "register") {
        if (OPERATIONS[instruction.operation].lockable) return { ...instruction, locked: true };
      }
      this.tokens.refuse(prefixed, "after lock an instruction that reads and writes memory");
    }
    const simple = Object.hasOwn(WITHOUT_OPERANDS, mnemonic) ? WITHOUT_OPERANDS[mnemonic] : undefined;
    if (simple !== undefined) return simple;
    if (JUMPS.has(mnemonic)) {
      return { kind: "jump", condition: JUMPS.get(mnemonic), label: this.tokens.name("a label").text };
    }
    const suffix = SUFFIXES[mnemonic.at(-1)!];
    for (const [name, width] of [[mnemonic, undefined] as const, [mnemonic.slice(0, -1), suffix] as const]) {
      if (!Object.hasOwn(OPERATIONS, name) || (name !== mnemonic && suffix === undefined)) continue;
      return this.operation(token, name as Operation, width);
    }
    return this.tokens.refuse(token, EXPECTED);
  }

  private operation(token: Token, operation: Operation, suffix: Width | undefined): Instruction {
    const operands = [this.operand()];
    if (OPERATIONS[operation].operands === 2) {
      this.tokens.expect(",", ` and another operand of ${token.text}`);
      operands.push(this.operand());
    }
    const [destination, source] = this.inOrder(operation, operands);
    if (destination.kind === "immediate" && operation !== "cmp" && operation !== "test") {
      this.tokens.refuse(token, "a register or memory as its destination");
    }
    if (WRITE_BOTH.includes(operation) && source.kind !== "register") {
      this.tokens.refuse(token, "a register among its operands");
    }
    const width = suffix ?? this.width(destination, source);
    // herd7 takes a register's name for the part of the instruction's width, and so do its tests.
    const resized = (operand: Operand): Operand =>
      operand.kind === "register" ? { kind: "register", register: partOf(operand.register, width) } : operand;
    return {
      kind: "operation",
      operation,
      width,
      locked: operation === "xchg" && destination.kind !== "register",
      destination: resized(destination),
      source: resized(source),
    };
  }

  /** Destination and source: of the instructions that write both, memory is the destination. */
  private inOrder(operation: Operation, operands: readonly Operand[]): [Operand, Operand] {
    const [first, second = { kind: "immediate", value: 1n }] = operands as [Operand, Operand?];
    if (operands.length === 1) return [first, second];
    const [destination, source] = this.architecture === "X86" ? [first, second] : [second, first];
    return WRITE_BOTH.includes(operation) && destination.kind === "register" && source.kind !== "register"
      ? [source, destination]
      : [destination, source];
  }

  private width(...operands: readonly Operand[]): Width {
    for (const operand of operands) if (operand.kind === "register") return operand.register.width;
    for (const operand of operands) {
      const width = operand.kind === "location" ? this.widths.get(operand.name) : undefined;
      if (width !== undefined) return width;
    }
    return NATURAL[this.architecture];
  }

  private operand(): Operand {
    const { tokens } = this;
    if (tokens.accept("$")) return { kind: "immediate", value: tokens.number("a number after $") };
    if (tokens.peek().kind === "number") {
      const value = tokens.number("a number");
      return this.atBracket() ? this.address(value) : { kind: "immediate", value };
    }
    if (this.atBracket()) return this.address(0n);
    tokens.accept("%");
    const token = tokens.name("an operand: a register, memory as [x] or (x), or a number");
    return { kind: "register", register: this.register(token) ?? tokens.refuse(token, "a register's name") };
  }

  private register({ text }: Token): Register | undefined {
    return findRegister(this.architecture, text);
  }

  private atBracket(): boolean {
    return ["[", "("].includes(this.tokens.peek().text);
  }

  private address(displacement: bigint): Address {
    const { tokens } = this;
    const closing = tokens.take().text === "[" ? "]" : ")";
    const marked = tokens.accept("%");
    const token = tokens.name("a register or a location");
    const register = this.register(token);
    if (register === undefined && (marked || displacement !== 0n)) tokens.refuse(token, "a register's name");
    tokens.expect(closing);
    return register === undefined
      ? { kind: "location", name: token.text }
      : { kind: "indirect", register, displacement };
  }
}
