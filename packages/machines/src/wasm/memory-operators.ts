/** The instructions of WebAssembly that access memory, by their names. */
import { ACCESS } from "./instructions.js";

/** The operators of read-modify-writes, in the order of their numbers in an access word. */
export const OPERATORS = ["add", "subtract", "and", "or", "xor", "exchange"] as const;
const OPERATOR_NAMES = ["add", "sub", "and", "or", "xor", "xchg"];

export interface MemoryOperator {
  readonly kind: "load" | "store" | "readModifyWrite" | "compareExchange" | "wait" | "notify";
  /** The instruction of register code. */
  readonly instruction: string;
  /** See ACCESS in instructions.ts. */
  readonly access: number;
  /** The instruction that takes the result; stores have none. */
  readonly result: string | undefined;
}

const LOAD = /^([if])(32|64)\.(atomic\.)?load(8|16|32)?(_s)?/;
const STORE = /^[if](32|64)\.(atomic\.)?store(8|16|32)?$/;
const READ_MODIFY_WRITE = /^i(32|64)\.atomic\.rmw(8|16|32)?\.([a-z]+)/;
const WAIT = /^memory\.atomic\.wait(32|64)$/;

function parse(name: string): MemoryOperator | undefined {
  const load = LOAD.exec(name);
  if (load) {
    const [, , width, atomic, narrow, signed] = load;
    const result = signed ? `result${width}From${narrow}` : `result${width}`;
    const access = Number(narrow ?? width) / 8 + ACCESS.resultUsed + (atomic ? ACCESS.atomic : 0);
    return { kind: "load", instruction: atomic ? "atomicLoad" : "load", access, result };
  }
  const store = STORE.exec(name);
  if (store) {
    const [, width, atomic, narrow] = store;
    const access = Number(narrow ?? width) / 8 + (atomic ? ACCESS.atomic : 0);
    return { kind: "store", instruction: atomic ? "atomicStore" : "store", access, result: undefined };
  }
  const modify = READ_MODIFY_WRITE.exec(name);
  if (modify) {
    const [, width, narrow, operator] = modify;
    const kind = operator === "cmpxchg" ? "compareExchange" : "readModifyWrite";
    const number = Math.max(OPERATOR_NAMES.indexOf(operator!), 0) << ACCESS.operatorShift;
    const access = Number(narrow ?? width) / 8 + ACCESS.atomic + ACCESS.resultUsed + number;
    return { kind, instruction: kind, access, result: `result${width}` };
  }
  const wait = WAIT.exec(name);
  if (wait) {
    const access = Number(wait[1]) / 8 + ACCESS.atomic + ACCESS.resultUsed;
    return { kind: "wait", instruction: "wait", access, result: "result32" };
  }
  if (name === "memory.atomic.notify") {
    return { kind: "notify", instruction: "notify", access: 4 + ACCESS.atomic + ACCESS.resultUsed, result: "result32" };
  }
  return undefined;
}

const parsed = new Map<string, MemoryOperator | undefined>();

/** What the instruction of WebAssembly of that name accesses; undefined for all others. */
export function memoryOperator(name: string): MemoryOperator | undefined {
  if (!parsed.has(name)) parsed.set(name, parse(name));
  return parsed.get(name);
}
