/** One function's body, from WebAssembly's stack code to register code, in one pass. */
import type { CodeWriter } from "./code-writer.js";
import { mirrored, negated } from "./comparisons.js";
import { ControlFlow } from "./control-flow.js";
import type { Body } from "./decode.js";
import { ACCESS, COMPUTATIONS, TRAPS, type TrapName } from "./instructions.js";
import { memoryOperator } from "./memory-operators.js";
import type { FunctionType, Module, ValueType } from "./module.js";
import { type Operand, OperandStack } from "./operand-stack.js";
import type { Operator } from "./operators.js";

const COMPUTATION_OF = new Map(COMPUTATIONS.map((computation) => [computation.name, computation]));
/** What the functions of one module are lowered to, and what is still missing in it. */
export interface Target {
  readonly code: CodeWriter;
  /** The pcs of words that are to name a function's entry, and that function's number. */
  readonly references: { readonly pc: number; readonly function: number }[];
  /** Equal types have equal numbers. */
  readonly typeNumber: (type: FunctionType) => number;
}

/** Where a function's frame keeps what; see src/processor/interpreter/context.ts. Numbers of registers. */
export interface Frame {
  readonly linkage: number;
  readonly operands: number;
}

export function frameOf({ parameters, results }: FunctionType, locals: number): Frame {
  const linkage = Math.max(parameters.length, results.length);
  return { linkage, operands: linkage + 1 + locals };
}

/**
 * Writes the head of a function; returns a function that says how many operands there are at most.
 *
 * @param place where its code lies in the code section, in bytes
 */
export function writeHead(target: Target, type: FunctionType, frame: Frame, place: number): (operands: number) => void {
  const { code } = target;
  const head = code.pc;
  const locals = 8 * (frame.linkage + 1);
  for (const word of [place, target.typeNumber(type), 8 * frame.linkage, 0, locals, 8 * frame.operands]) {
    code.word(word);
  }
  return (operands) => code.write(head + 12, 8 * (frame.operands + operands));
}

/** Lowers one function; the pc of its entry. */
export function lower(target: Target, module: Module, body: Body): number {
  return new Lowering(target, module, body).lower();
}

class Lowering {
  readonly #target: Target;
  readonly #code: CodeWriter;
  readonly #module: Module;
  readonly #body: Body;
  readonly #type: FunctionType;
  readonly #frame: Frame;
  readonly #stack: OperandStack;
  readonly #control: ControlFlow;
  /** The access to memory that was written last: its pc and the one after it. */
  #lastAccess: { readonly pc: number; readonly end: number } | undefined;

  constructor(target: Target, module: Module, body: Body) {
    this.#target = target;
    this.#code = target.code;
    this.#module = module;
    this.#body = body;
    this.#type = module.functions[body.index]!;
    this.#frame = frameOf(this.#type, body.locals.length);
    this.#stack = new OperandStack(target.code, this.#frame.operands);
    this.#control = new ControlFlow(target.code, this.#stack, 8 * this.#frame.linkage, this.#type.results.length);
  }

  lower(): number {
    const finish = writeHead(this.#target, this.#type, this.#frame, this.#body.place);
    const entry = this.#code.pc;
    for (const operator of this.#body.operators) {
      this.#code.origin = operator.offset;
      if (this.#control.reachable) this.#operator(operator);
      else this.#control.skip(operator.name);
    }
    finish(this.#stack.highest);
    return entry;
  }

  #operator(operator: Operator): void {
    const { name } = operator;
    if (memoryOperator(name)) this.#access(operator);
    else if (COMPUTATION_OF.has(name)) this.#compute(name);
    else if (name.endsWith(".const")) this.#constant(operator.bits!, /^.64/.test(name));
    else if (name.startsWith("table.")) this.#tableOperator(operator);
    else this.#transfer(operator);
  }

  #transfer(operator: Operator): void {
    const stack = this.#stack;
    const code = this.#code;
    switch (operator.name) {
      case "nop":
        return;
      case "unreachable":
        this.#trap("unreachable");
        this.#control.reachable = false;
        return;
      case "block":
      case "loop":
        this.#control.block(operator.name, operator.blockType!);
        return;
      case "if":
        this.#control.if(operator.blockType!);
        return;
      case "else":
        this.#control.otherwise();
        return;
      case "end":
        this.#control.end();
        return;
      case "br":
        this.#control.branch(operator.depth!);
        return;
      case "br_if":
        this.#control.branchIf(operator.depth!);
        return;
      case "br_table":
        this.#control.branchTable(operator.depths!);
        return;
      case "return":
        this.#control.return();
        return;
      case "call":
        this.#call(operator.index!);
        return;
      case "call_indirect":
        this.#callIndirect(operator);
        return;
      case "drop":
        this.#drop();
        return;
      case "select": {
        const condition = stack.pop();
        const b = stack.pop();
        const a = stack.pop();
        stack.produce("select", a, b, condition);
        return;
      }
      case "local.get":
        stack.push(this.#local(operator));
        return;
      case "local.set":
        stack.setLocal(this.#local(operator));
        return;
      case "local.tee":
        stack.teeLocal(this.#local(operator));
        return;
      case "global.get":
        stack.produce("globalGet", this.#globalSlot(operator));
        return;
      case "global.set":
        code.emit("globalSet", this.#globalSlot(operator), stack.pop());
        return;
      case "ref.null":
        this.#constant(0n, false);
        return;
      case "ref.is_null":
        this.#compute("i32.eqz");
        return;
      case "ref.func": {
        const pc = stack.produce("constant32", 0);
        this.#target.references.push({ pc: pc + 8, function: operator.index! });
        return;
      }
      case "memory.size":
        code.emit("memorySize");
        stack.produce("result32");
        return;
      case "memory.grow":
        code.emit("memoryGrow", stack.pop());
        stack.produce("result32");
        return;
      case "atomic.fence":
        code.emit("fence");
        return;
      case "memory.fill": {
        const first = stack.settle(stack.height - 3);
        code.emit("fillCheck", first);
        code.emit("fillStep", first);
        stack.cut(stack.height - 3);
        return;
      }
      case "memory.init": {
        const first = stack.settle(stack.height - 3);
        code.emit("initCheck", first, operator.index!);
        code.emit("initStep", first, operator.index!);
        stack.cut(stack.height - 3);
        return;
      }
      case "memory.copy": {
        const first = stack.settle(stack.height - 3);
        stack.reserve(stack.height + 1);
        code.emit("copyCheck", first);
        const load = code.emit("copyLoad", first, 0);
        code.emit("result64", first + 24);
        const store = code.emit("copyStore", first, 0);
        code.writePc(store + 8, load);
        code.writePc(load + 8, code.pc);
        stack.cut(stack.height - 3);
        return;
      }
      case "data.drop":
        code.emit("dataDrop", operator.index!);
        return;
      case "elem.drop":
        code.emit("elementDrop", operator.index!);
        return;
      default:
        throw new Error(`Cannot lower ${operator.name} at byte ${operator.offset}`);
    }
  }

  /** The register of a local: parameters are before the linkage, the others behind it. */
  #local({ index }: Operator): number {
    const parameters = this.#type.parameters.length;
    return index! < parameters ? index! : this.#frame.linkage + 1 + index! - parameters;
  }

  #globalSlot({ index }: Operator): number {
    return 8 * (this.#module.tables.length + index!);
  }

  #constant(bits: bigint, wide: boolean): void {
    const low = Number(BigInt.asIntN(32, bits));
    this.#stack.push({ low, high: Number(BigInt.asIntN(32, bits >> 32n)), wide });
  }

  #compute(name: string): void {
    const stack = this.#stack;
    const computation = COMPUTATION_OF.get(name)!;
    if (computation.operands.length === 1) {
      if (name === "i32.eqz") {
        const other = negated(stack.producerName() ?? "");
        if (other) {
          stack.renameProducer(other);
          return;
        }
      }
      stack.produce(name, stack.pop());
      return;
    }
    const right = withConstant(name, stack.peek());
    if (right) {
      stack.discard();
      stack.produce(right.name, stack.pop(), right.value);
      return;
    }
    const left = withConstant(mirrored(name), stack.peek(1));
    const b = stack.pop();
    if (left) {
      stack.discard();
      stack.produce(left.name, b, left.value);
      return;
    }
    const a = stack.pop();
    stack.produce(name, a, b);
  }

  #drop(): void {
    const stack = this.#stack;
    const producer = stack.producer();
    if (producer && /^result/.test(stack.producerName()!) && this.#lastAccess?.end === producer.pc) {
      stack.undoProducer();
      const word = this.#lastAccess.pc + 12;
      this.#code.write(word, this.#code.read(word) & ~ACCESS.resultUsed);
    } else {
      stack.discard();
    }
  }

  #access(operator: Operator): void {
    const stack = this.#stack;
    const { kind, instruction, access, result } = memoryOperator(operator.name)!;
    const operands: number[] = [];
    const count = { load: 0, store: 1, readModifyWrite: 1, notify: 1, compareExchange: 2, wait: 2 }[kind];
    for (let i = 0; i < count; i++) operands.unshift(stack.pop());
    const address = stack.pop();
    const unshared = kind === "wait" && !this.#module.memory!.shared ? ACCESS.unshared : 0;
    const pc = this.#code.emit(instruction, address, operator.memoryOffset!, access + unshared, ...operands);
    this.#lastAccess = { pc, end: this.#code.pc };
    if (result) stack.produce(result);
  }

  #trap(name: TrapName): void {
    this.#code.emit("trap", Object.keys(TRAPS).indexOf(name));
  }

  #call(callee: number): void {
    const { parameters, results } = this.#module.functions[callee]!;
    const height = this.#stack.height - parameters.length;
    const first = this.#stack.settle(height);
    this.#stack.cut(height);
    if (callee < this.#module.imports.length) {
      this.#code.emit("callImport", callee, first);
      for (const type of results) this.#stack.produce(resultOf(type));
      return;
    }
    const pc = this.#code.emit("call", 0, first);
    this.#target.references.push({ pc: pc + 4, function: callee });
    this.#stack.pushResults(results.length);
  }

  #callIndirect({ type: callee, table }: Operator): void {
    const type = callee!;
    const index = this.#stack.pop();
    const height = this.#stack.height - type.parameters.length;
    const first = this.#stack.settle(height);
    this.#stack.cut(height);
    this.#code.emit("callIndirect", index, 8 * table!, this.#target.typeNumber(type), first);
    this.#stack.pushResults(type.results.length);
  }

  #tableOperator({ name, table, source, index }: Operator): void {
    const stack = this.#stack;
    const slot = 8 * table!;
    const three = (instruction: string, ...operands: number[]) => {
      const height = stack.height - 3;
      this.#code.emit(instruction, stack.settle(height), slot, ...operands);
      stack.cut(height);
    };
    switch (name) {
      case "table.get":
        stack.produce("tableGet", slot, stack.pop());
        return;
      case "table.set": {
        const value = stack.pop();
        this.#code.emit("tableSet", slot, stack.pop(), value);
        return;
      }
      case "table.size":
        stack.produce("tableSize", slot);
        return;
      case "table.grow": {
        const count = stack.pop();
        stack.produce("tableGrow", slot, stack.pop(), count);
        return;
      }
      case "table.fill":
        three("tableFill");
        return;
      case "table.copy":
        three("tableCopy", 8 * source!);
        return;
      default:
        three("tableInit", index!);
        return;
    }
  }
}

/** The instruction that has its right operand as a constant in the code, if there is one for such a constant. */
function withConstant(name: string | undefined, operand: Operand): { name: string; value: number } | undefined {
  if (name === undefined || typeof operand === "number") return undefined;
  const subtracts = /^i..\.sub$/.test(name);
  const value = subtracts ? -operand.low : operand.low;
  const instruction = subtracts ? name.replace("sub", "add") : name;
  if (operand.wide && (operand.high !== operand.low >> 31 || value !== (value | 0))) return undefined;
  return COMPUTATION_OF.get(instruction)?.constant ? { name: `${instruction}.k`, value } : undefined;
}

/** The instruction that takes a result of that type from outside. */
export function resultOf(type: ValueType): string {
  return type === "i64" || type === "f64" ? "result64" : "result32";
}
