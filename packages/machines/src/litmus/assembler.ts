/**
 * WebAssembly code on x86's operands. Registers are the first sixteen locals, whole, by their numbers. Values on the stack
 * are of 64 bits and zero-extended from their width.
 */
import type { Layout } from "./layout.js";
import type { Access, Address, Operand } from "./litmus-test.js";
import { signed } from "./module-bytes.js";
import type { Register, Width } from "./variable.js";

/** Instructions of WebAssembly. */
export const OP = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  else: [0x05],
  end: [0x0b],
  branch: [0x0c],
  branchIf: [0x0d],
  branchTable: [0x0e],
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

/** The instructions that push and pop a local. */
export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];

/** By bits: a zero-extending load, a store, and where the width's instruction is among a read-modify-write's seven. */
const MEMORY = {
  8: { load: 0x31, store: 0x3c, atomic: 4, alignment: 0 },
  16: { load: 0x33, store: 0x3d, atomic: 5, alignment: 1 },
  32: { load: 0x35, store: 0x3e, atomic: 6, alignment: 2 },
  64: { load: 0x29, store: 0x37, atomic: 1, alignment: 3 },
} as const;

/** The first of the seven instructions of each atomic read-modify-write. */
const ATOMIC = { add: 0x1e, sub: 0x25, and: 0x2c, or: 0x33, xor: 0x3a, xchg: 0x41, cmpxchg: 0x48 } as const;

export class Assembler {
  readonly bytes: number[] = [];
  private readonly layout: Layout;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Pushes an operand's value. */
  read(operand: Operand, width: Width): void {
    if (operand.kind === "immediate") this.constant(BigInt.asUintN(width, operand.value));
    else if (operand.kind === "register") this.register(operand.register);
    else {
      this.address(operand);
      const { load, alignment } = MEMORY[width];
      this.emit([load, alignment, 0]);
    }
  }

  write(place: Operand, width: Width, value: () => void): void {
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
  atomic({ destination, width }: Access, name: keyof typeof ATOMIC, operands: () => void): void {
    this.address(destination as Address);
    operands();
    const { atomic, alignment } = MEMORY[width];
    this.emit([0xfe, ATOMIC[name] + atomic, alignment, 0]);
  }

  address(address: Address): void {
    if (address.kind === "location") {
      this.emit(OP.i32, signed(BigInt(this.layout.addressOf(address.name))));
      return;
    }
    this.register(address.register);
    this.constant(address.displacement);
    this.emit(OP.add, OP.wrap);
  }

  register({ number, width, firstBit }: Register): void {
    this.emit(get(number));
    if (firstBit > 0) {
      this.constant(BigInt(firstBit));
      this.emit(OP.shiftRight);
    }
    this.mask(width);
  }

  /** Writes of 32 bits clear the upper ones, narrower ones leave the others as they are. */
  setRegister({ number, width, firstBit }: Register): void {
    if (width < 32) {
      const bits = ((1n << BigInt(width)) - 1n) << BigInt(firstBit);
      this.constant(BigInt(firstBit));
      this.emit(OP.shiftLeft, get(number));
      this.constant(~bits);
      this.emit(OP.and, OP.or);
    }
    this.emit(set(number));
  }

  mask(width: Width): void {
    if (width === 64) return;
    this.constant((1n << BigInt(width)) - 1n);
    this.emit(OP.and);
  }

  constant(value: bigint): void {
    this.emit(OP.i64, signed(BigInt.asIntN(64, value)));
  }

  emit(...pieces: readonly (readonly number[])[]): void {
    for (const piece of pieces) this.bytes.push(...piece);
  }
}
