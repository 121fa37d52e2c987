/** One instruction of a thread, in the words of X86 or of X86_64. */

import type { Address, Architecture, Condition, Instruction, Operand, Operation } from "./litmus-test.js";
import { findRegister, partOf } from "./registers.js";
import type { Token, Tokens } from "./tokens.js";
import type { Register, Width } from "./variable.js";

const OPERATIONS: readonly Operation[] = [
  ...(["mov", "xchg", "xadd", "cmpxchg", "cmp", "test"] as const),
  ...(["add", "sub", "and", "or", "xor", "inc", "dec"] as const),
];

const OF_ONE_OPERAND: readonly Operation[] = ["inc", "dec"];

/** Compare or test two values, and write neither. */
const COMPARISONS: readonly Operation[] = ["cmp", "test"];

/** One operand is a register, and of two registers each may be written. */
const EXCHANGES: readonly Operation[] = ["xchg", "xadd", "cmpxchg"];

const WITHOUT_OPERANDS: ReadonlyMap<string, Instruction> = new Map([
  ["mfence", { kind: "fence" }],
  // They order nothing that a test can say: nothing here bypasses the cache (Owens, Sarkar & Sewell 2009).
  ["lfence", { kind: "nop" }],
  ["sfence", { kind: "nop" }],
  ["nop", { kind: "nop" }],
]);

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

const KNOWN = ["lock", ...OPERATIONS, ...WITHOUT_OPERANDS.keys(), ...JUMPS.keys()];
const EXPECTED = `an instruction: ${KNOWN.join(", ")}`;

const SUFFIXES: ReadonlyMap<string, Width> = new Map([
  ["b", 8],
  ["w", 16],
  ["l", 32],
  ["q", 64],
]);

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
    if (mnemonic === "lock") return this.locked();
    const simple = WITHOUT_OPERANDS.get(mnemonic);
    if (simple !== undefined) return simple;
    if (JUMPS.has(mnemonic)) {
      return { kind: "jump", condition: JUMPS.get(mnemonic), label: this.tokens.name("a label").text };
    }
    const named = (text: string) => OPERATIONS.find((operation) => operation === text);
    const exact = named(mnemonic);
    if (exact !== undefined) return this.operation(token, exact, undefined);
    const suffix = SUFFIXES.get(mnemonic.at(-1)!);
    const operation = suffix && named(mnemonic.slice(0, -1));
    return operation === undefined ? this.tokens.refuse(token, EXPECTED) : this.operation(token, operation, suffix);
  }

  private locked(): Instruction {
    this.tokens.accept(";");
    const token = this.tokens.peek();
    const instruction = this.instruction();
    const lockable =
      instruction.kind === "operation" &&
      instruction.destination.kind !== "register" &&
      instruction.operation !== "mov" &&
      !COMPARISONS.includes(instruction.operation);
    return lockable
      ? { ...instruction, locked: true }
      : this.tokens.refuse(token, "after lock an instruction that reads and writes memory");
  }

  private operation(token: Token, operation: Operation, suffix: Width | undefined): Instruction {
    const operands = [this.operand()];
    if (!OF_ONE_OPERAND.includes(operation)) {
      this.tokens.expect(",", ` and another operand of ${token.text}`);
      operands.push(this.operand());
    }
    const [destination, source] = this.inOrder(operation, operands);
    if (destination.kind === "immediate" && !COMPARISONS.includes(operation)) {
      this.tokens.refuse(token, "a register or memory as its destination");
    }
    if (EXCHANGES.includes(operation) && source.kind !== "register") {
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

  /** Destination and source, which is 1 where there is none. Of an exchange memory is the destination in either order. */
  private inOrder(operation: Operation, operands: readonly Operand[]): [Operand, Operand] {
    const [first, second = { kind: "immediate", value: 1n }] = operands as [Operand, Operand?];
    if (operands.length === 1) return [first, second];
    const [destination, source] = this.architecture === "X86" ? [first, second] : [second, first];
    return EXCHANGES.includes(operation) && destination.kind === "register" && source.kind !== "register"
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
