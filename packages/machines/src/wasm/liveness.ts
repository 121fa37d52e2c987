/**
 * Which registers of a function may still be read from a place in its code on. The others hold what is left of
 * computations that are over: two processors that differ in nothing else are in one state.
 *
 * Backward data flow, a function at a time, when it is first asked for (Kildall, POPL 1973).
 */
import { COMPUTATIONS, INSTRUCTIONS, TRANSFERS } from "./instructions.js";
import type { RegisterCode } from "./register-code.js";

/** Operands of transfers that are registers which are read. */
const READ = new Set([
  "from",
  "a",
  "b",
  "condition",
  "index",
  "address",
  "value",
  "expected",
  "replacement",
  "timeout",
  "pages",
  "count",
]);
/** How many registers, one after the other, an instruction reads from the one it calls `first`. */
const BLOCKS: Readonly<Record<string, number>> = {
  fillCheck: 3,
  fillStep: 3,
  copyCheck: 3,
  copyLoad: 3,
  copyStore: 4,
  initCheck: 3,
  initStep: 3,
  tableFill: 3,
  tableCopy: 3,
  tableInit: 3,
};
const COMPUTATION_OF = new Map(COMPUTATIONS.map((computation) => [computation.name, computation]));

interface Instruction {
  readonly pc: number;
  /** Registers. */
  readonly reads: readonly number[];
  readonly writes: number | undefined;
  /** Where control goes from here. */
  readonly next: readonly number[];
}

/** The head of a function, before its entry: see `writeHead`. */
const HEAD = 24;
const FRAME = 12;

export class Liveness {
  readonly #code: RegisterCode;
  /** By pc of the functions that were looked at: a byte for each register, not 0 for those that are live. */
  readonly #live = new Map<number, Uint8Array>();

  constructor(code: RegisterCode) {
    this.#code = code;
  }

  /** One byte for each register of the function, not 0 for those that may be read from that pc on. */
  at(pc: number): Uint8Array {
    const known = this.#live.get(pc);
    if (known !== undefined) return known;
    this.#analyse(this.#code.locations.functionAt(pc));
    return this.#live.get(pc)!;
  }

  #word(pc: number): number {
    return this.#code.words[pc >> 2]!;
  }

  #analyse(function_: number): void {
    const entry = this.#code.entries[function_]!;
    const next = this.#code.entries[function_ + 1];
    const end = next === undefined ? 4 * this.#code.words.length : next - HEAD;
    const registers = this.#word(entry - FRAME) / 8;
    const instructions: Instruction[] = [];
    for (let pc = entry; pc < end; ) {
      const [instruction, length] = this.#decode(pc);
      instructions.push(instruction);
      pc += length;
    }
    for (const { pc } of instructions) this.#live.set(pc, new Uint8Array(registers));
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = instructions.length - 1; i >= 0; i--) changed = this.#flow(instructions[i]!) || changed;
    }
  }

  /** Whether more registers are live at an instruction than was known. */
  #flow({ pc, reads, writes, next }: Instruction): boolean {
    const live = this.#live.get(pc)!;
    let changed = false;
    const add = (register: number) => {
      changed ||= live[register] === 0;
      live[register] = 1;
    };
    for (const successor of next) {
      this.#live.get(successor)?.forEach((flag, register) => {
        if (flag !== 0 && register !== writes) add(register);
      });
    }
    for (const register of reads) add(register);
    return changed;
  }

  /** The instruction at a pc, and its length in bytes. */
  #decode(pc: number): [Instruction, number] {
    const name = INSTRUCTIONS[this.#word(pc)]!;
    const operand = (i: number) => this.#word(pc + 4 + 4 * i);
    const register = (i: number) => operand(i) / 8;
    const transfer = (TRANSFERS as Readonly<Record<string, readonly string[]>>)[name];
    if (transfer === undefined) return this.#decodeComputation(pc, name, operand);
    const length = 4 + 4 * transfer.length;
    const after = pc + length;
    const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
    const plain = { pc, reads: [] as number[], writes: undefined as number | undefined, next: [after] };
    transfer.forEach((role, i) => {
      if (role === "to") plain.writes = register(i);
    });
    const last = transfer.length - 1;
    switch (name) {
      case "trap":
      case "halt":
      case "returnNone":
        return [{ ...plain, next: [] }, length];
      case "returnOne":
        return [{ ...plain, reads: [register(1)], next: [] }, length];
      case "returnMany":
        return [{ ...plain, reads: from(register(1), operand(2)), next: [] }, length];
      case "branch":
        return [{ ...plain, next: [operand(0)] }, length];
      case "branchTable": {
        const targets = from(2, operand(1) + 1).map(operand);
        return [{ ...plain, reads: [register(0)], next: targets }, length + 4 * targets.length];
      }
      case "call":
        return [{ ...plain, reads: from(register(last), this.#parametersAt(operand(0))) }, length];
      case "callIndirect":
        return [{ ...plain, reads: [register(0), ...from(register(last), this.#mostParameters())] }, length];
      case "callImport":
        return [
          { ...plain, reads: from(register(last), this.#code.module.functions[operand(0)]!.parameters.length) },
          length,
        ];
      case "constant32":
      case "constant64":
        return [plain, length];
    }
    const block = BLOCKS[name];
    if (block !== undefined) plain.reads.push(...from(register(0), block));
    else transfer.forEach((role, i) => void (READ.has(role) && plain.reads.push(register(i))));
    // A copy loads and stores until nothing is left.
    if (name === "copyLoad" || name === "copyStore") plain.next.push(operand(1));
    return [plain, length];
  }

  #decodeComputation(pc: number, name: string, operand: (i: number) => number): [Instruction, number] {
    const branches = name.startsWith("branch.");
    const constant = name.endsWith(".k");
    const { operands } = COMPUTATION_OF.get(name.slice(branches ? 7 : 0, constant ? -2 : undefined))!;
    const first = branches ? 0 : 1;
    const reads = operands.slice(constant ? 1 : 0).map((_, i) => operand(first + i) / 8);
    const length = 4 + 4 * (operands.length + 1);
    const next = branches ? [pc + length, operand(operands.length)] : [pc + length];
    return [{ pc, reads, writes: branches ? undefined : operand(0) / 8, next }, length];
  }

  #parametersAt(entry: number): number {
    return this.#code.module.functions[this.#code.entries.indexOf(entry)]!.parameters.length;
  }

  #mostParameters(): number {
    return this.#code.module.functions.reduce((most, { parameters }) => Math.max(most, parameters.length), 0);
  }
}
