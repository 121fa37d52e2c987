/** What a kernel says of a program that cannot go on, by WebAssembly's traps in the order of their numbers. */
import { Fault } from "../privileged";

/** The text of a fault from `Fault.First` on. */
export function faultText(fault: u32): string {
  switch (fault - Fault.First) {
    case 0:
      return "unreachable";
    case 1:
      return "integer divide by zero";
    case 2:
      return "integer overflow";
    case 3:
      return "invalid conversion to integer";
    case 4:
      return "memory access out of bounds";
    case 5:
      return "table access out of bounds";
    case 6:
      return "unaligned atomic";
    case 7:
      return "indirect call to null";
    case 8:
      return "indirect call type mismatch";
    case 9:
      return "call stack exhausted";
    case 10:
      return "wait on unshared memory";
    default:
      return "a fault";
  }
}
