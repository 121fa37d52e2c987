/** Constant expressions: initial values of globals, offsets of segments. */
import type { Operator } from "./decode.js";
import type { Global } from "./module.js";

/** A value as its bits, zero-extended; or a reference to a function by its number. */
export interface Constant {
  readonly bits: bigint;
  readonly function?: number;
}

/** The value of a constant expression, of which the platform has made sure that it is one. */
export function evaluate(operators: readonly Operator[], globals: readonly Global[]): Constant {
  const stack: Constant[] = [];
  const binary = (bits: 32 | 64, operation: (a: bigint, b: bigint) => bigint) => {
    const b = stack.pop()!.bits;
    const a = stack.pop()!.bits;
    stack.push({ bits: BigInt.asUintN(bits, operation(a, b)) });
  };
  for (const operator of operators) {
    const bits = operator.name.startsWith("i32") ? 32 : 64;
    if (operator.name.endsWith(".const")) stack.push({ bits: literalBits(operator) });
    else if (operator.name === "ref.null") stack.push({ bits: 0n });
    else if (operator.name === "ref.func") stack.push({ bits: 0n, function: operator.funcIndex! });
    else if (operator.name === "global.get") stack.push(globals[operator.globalIndex!]!.value);
    else if (operator.name.endsWith(".add")) binary(bits, (a, b) => a + b);
    else if (operator.name.endsWith(".sub")) binary(bits, (a, b) => a - b);
    else if (operator.name.endsWith(".mul")) binary(bits, (a, b) => a * b);
  }
  return stack[0]!;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of the constant that the operator is, zero-extended. */
export function literalBits({ name, literal }: Operator): bigint {
  switch (name) {
    case "i32.const":
      return BigInt.asUintN(32, BigInt(literal as number));
    case "i64.const":
      return new DataView((literal as { data: Uint8Array }).data.buffer).getBigUint64(0, true);
    case "f32.const":
      scratch.setFloat32(0, literal as number, true);
      return BigInt(scratch.getUint32(0, true));
    default:
      scratch.setFloat64(0, literal as number, true);
      return scratch.getBigUint64(0, true);
  }
}
