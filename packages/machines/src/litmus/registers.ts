import type { Architecture } from "./litmus-test.js";
import type { Register, Width } from "./variable.js";

const LETTERED = ["a", "c", "d", "b"];
const POINTERS = ["sp", "bp", "si", "di"];
const NUMBERED = [8, 9, 10, 11, 12, 13, 14, 15];

function parts(number: number, ...names: readonly (readonly [name: string, width: Width, firstBit?: number])[]) {
  return names.map(([name, width, firstBit = 0]) => ({ name, number, width, firstBit }));
}

const REGISTERS: ReadonlyMap<string, Register> = new Map(
  [
    LETTERED.map((x, i) => parts(i, [`r${x}x`, 64], [`e${x}x`, 32], [`${x}x`, 16], [`${x}l`, 8], [`${x}h`, 8, 8])),
    POINTERS.map((x, i) => parts(i + 4, [`r${x}`, 64], [`e${x}`, 32], [x, 16], [`${x}l`, 8])),
    NUMBERED.map((n) => parts(n, [`r${n}`, 64], [`r${n}d`, 32], [`r${n}w`, 16], [`r${n}b`, 8])),
  ]
    .flat(2)
    .map((register) => [register.name, register]),
);

/** The register of a name, in either case. */
export function findRegister(architecture: Architecture, name: string): Register | undefined {
  const register = REGISTERS.get(name.toLowerCase());
  return register && architecture === "X86" ? { ...register, name: register.name.toUpperCase() } : register;
}

/** So many bits of the same register; the lowest ones if it is not one of that width itself. */
export function partOf(register: Register, width: Width): Register {
  if (register.width === width) return register;
  return [...REGISTERS.values()].find(({ number, ...part }) => number === register.number && part.width === width)!;
}

/** The part of the accumulator that compare-and-exchange compares. */
export function accumulator(width: Width): Register {
  return partOf(REGISTERS.get("rax")!, width);
}
