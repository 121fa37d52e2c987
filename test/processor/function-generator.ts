/** One random function of a random module, typed as it is written. */
import type { ValueType } from "#machines/wasm/module.js";
import { constant, EMPTY_BLOCK, type Signature, signed, typeByte, unsigned, vector } from "./encoder.js";
import { OPERANDS } from "./operands.js";
import {
  ATOMIC_COMPARE,
  ATOMIC_LOAD,
  ATOMIC_LOGS,
  ATOMIC_MODIFY,
  ATOMIC_STORE,
  burn,
  COMPUTATIONS_OF,
  DATA_SEGMENTS,
  ELEMENT_SEGMENTS,
  GLOBALS,
  LOADS,
  LOCALS,
  LOOP_TYPE,
  MEMORY_BYTES,
  NUMERIC,
  type Numeric,
  STORES,
  TABLES,
  TYPES,
} from "./pieces.js";

export class FunctionGenerator {
  readonly #choose: (choices: number) => number;
  readonly #locals: readonly ValueType[];
  readonly #functions: readonly number[];
  readonly #shared: boolean;
  /** What a branch to each open block takes along. */
  readonly #labels: (readonly ValueType[])[];

  constructor(choose: (choices: number) => number, type: Signature, functions: readonly number[], shared: boolean) {
    this.#choose = choose;
    this.#locals = [...type.parameters, ...LOCALS];
    this.#functions = functions;
    this.#shared = shared;
    this.#labels = [type.results];
  }

  body(type: Signature): number[] {
    return [...burn(), ...this.#statements(3), ...type.results.flatMap((result) => this.#value(result, 3))];
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#choose(list.length)]!;
  }

  #indexOf(list: readonly ValueType[], type: ValueType): number | undefined {
    const indices = list.flatMap((each, i) => (each === type ? [i] : []));
    return indices.length > 0 ? this.#pick(indices) : undefined;
  }

  #statements(depth: number): number[] {
    return Array.from({ length: this.#choose(4) }, () => this.#statement(depth)).flat();
  }

  #values(types: readonly ValueType[], depth: number): number[] {
    return types.flatMap((type) => this.#value(type, depth));
  }

  #statement(depth: number): number[] {
    if (depth === 0) return this.#setVariable(0);
    const d = depth - 1;
    switch (this.#choose(18)) {
      case 1:
      case 2:
        return this.#store(d);
      case 4:
        return this.#structured([], d);
      case 5:
        return this.#loop(d);
      case 6:
        return [...this.#value("i32", d), 0x04, EMPTY_BLOCK, ...this.#within([], d), 0x0b];
      case 7:
        return this.#branch(d);
      case 8:
        return this.#branchIf(d);
      case 9:
        return this.#branchTable(d);
      case 10: {
        const type = this.#pick(TYPES);
        return [...this.#call(type, d), ...type.results.map(() => 0x1a)];
      }
      case 11:
        return this.#bulk(d);
      case 12:
        return this.#tables(d);
      case 13:
        return [...this.#value(this.#pick(NUMERIC), d), 0x1a];
      case 14:
        return this.#pick([[0x01], [0xfe, 0x03, 0], [0x00]]);
      case 15:
        return [...this.#modify(this.#pick(["i32", "i64"] as const), d), 0x1a];
      default:
        return this.#setVariable(d);
    }
  }

  /** Sets a local or a global, but not the fuel. */
  #setVariable(depth: number): number[] {
    if (this.#choose(3) === 2) {
      const global = 1 + this.#choose(GLOBALS.length - 1);
      return [...this.#value(GLOBALS[global]!, depth), 0x24, global];
    }
    const local = this.#choose(this.#locals.length);
    return [...this.#value(this.#locals[local]!, depth), 0x21, local];
  }

  /** Code inside a block whose label takes those types. */
  #within(types: readonly ValueType[], depth: number): number[] {
    this.#labels.push(types);
    const code = [...this.#statements(depth), ...this.#values(types, depth)];
    this.#labels.pop();
    return code;
  }

  /** A block, or an if, that leaves such values, by any of the types that do so, with its parameters. */
  #structured(results: readonly ValueType[], depth: number): number[] {
    const fitting = TYPES.flatMap((type, i) => (type.results.join() === results.join() ? [i] : []));
    const index = this.#pick(fitting);
    const { parameters } = TYPES[index]!;
    const drops = parameters.map(() => 0x1a);
    if (this.#choose(2) === 0) {
      return [
        ...this.#values(parameters, depth),
        0x02,
        ...signed(BigInt(index)),
        ...drops,
        ...this.#within(results, depth),
        0x0b,
      ];
    }
    const first = this.#within(results, depth);
    const second = this.#within(results, depth);
    const condition = this.#value("i32", depth);
    const begin = [...this.#values(parameters, depth), ...condition, 0x04, ...signed(BigInt(index))];
    return [...begin, ...drops, ...first, 0x05, ...drops, ...second, 0x0b];
  }

  /** A loop with a parameter, which goes on while a condition holds. */
  #loop(depth: number): number[] {
    const local = this.#locals.indexOf("i32");
    this.#labels.push(["i32"]);
    const inside = [0x21, local, ...burn(), ...this.#statements(depth)];
    const again = [...this.#value("i32", depth), ...this.#value("i32", depth), 0x0d, 0, 0x1a];
    this.#labels.pop();
    return [...this.#value("i32", depth), 0x03, ...signed(LOOP_TYPE), ...inside, ...again, 0x0b];
  }

  #branch(depth: number): number[] {
    const target = this.#choose(this.#labels.length);
    const types = this.#labels.at(-1 - target)!;
    const leave = target === this.#labels.length - 1 && this.#choose(2) === 1 ? [0x0f] : [0x0c, target];
    // What comes after is never executed.
    return [...this.#values(types, depth), ...leave, ...this.#statements(0)];
  }

  #branchIf(depth: number): number[] {
    const target = this.#choose(this.#labels.length);
    const types = this.#labels.at(-1 - target)!;
    return [...this.#values(types, depth), ...this.#value("i32", depth), 0x0d, target, ...types.map(() => 0x1a)];
  }

  #branchTable(depth: number): number[] {
    const first = this.#choose(this.#labels.length);
    const types = this.#labels.at(-1 - first)!;
    const same = this.#labels.flatMap((label, i) =>
      label.join() === types.join() ? [this.#labels.length - 1 - i] : [],
    );
    const targets = Array.from({ length: this.#choose(4) }, () => unsigned(this.#pick(same)));
    return [...this.#values(types, depth), ...this.#value("i32", depth), 0x0e, ...vector(targets), ...unsigned(first)];
  }

  #call(type: Signature, depth: number): number[] {
    const index = TYPES.indexOf(type);
    const parameters = this.#values(type.parameters, depth);
    const direct = this.#functions.flatMap((each, i) => (each === index ? [i] : []));
    if (direct.length > 0 && this.#choose(3) > 0) return [...parameters, 0x10, this.#pick(direct)];
    return [...parameters, ...this.#index(depth), 0x11, index, 0];
  }

  /** Of a table's entry: mostly one that is there. */
  #index(depth: number): number[] {
    return this.#choose(4) === 3 ? this.#value("i32", depth) : constant("i32", this.#choose(9));
  }

  /** An address that is mostly in the memory and, in the size of the logarithm, mostly aligned. */
  #address(log: number, depth: number): number[] {
    const value = this.#value("i32", depth);
    if (this.#choose(16) === 15) return value;
    const bits = this.#choose(16) === 15 ? 0xffff : 0xffff & ~((1 << log) - 1);
    return [...value, ...constant("i32", bits), 0x71];
  }

  #offset(log: number): number[] {
    const offsets = [0, 8, 64, (1 << log) * this.#choose(8), MEMORY_BYTES - 8];
    return unsigned(this.#choose(20) === 19 ? 0xfffffff8 : this.#pick(offsets));
  }

  #store(depth: number): number[] {
    const type = this.#pick(["i32", "i64"] as const);
    if (this.#choose(3) === 2) {
      const [kind, log] = this.#pick<readonly [number, number]>(ATOMIC_LOGS[type]);
      const value = this.#value(type, depth);
      return [...this.#address(log, depth), ...value, 0xfe, ATOMIC_STORE + kind, log, ...this.#offset(log)];
    }
    const [code, log] = this.#pick(STORES[type]);
    return [...this.#address(log, depth), ...this.#value(type, depth), code, 0, ...this.#offset(log)];
  }

  #load(type: "i32" | "i64", depth: number): number[] {
    if (this.#choose(3) === 2) {
      const [kind, log] = this.#pick<readonly [number, number]>(ATOMIC_LOGS[type]);
      return [...this.#address(log, depth), 0xfe, ATOMIC_LOAD + kind, log, ...this.#offset(log)];
    }
    const [code, log] = this.#pick(LOADS[type]);
    return [...this.#address(log, depth), code, 0, ...this.#offset(log)];
  }

  #modify(type: "i32" | "i64", depth: number): number[] {
    const [kind, log] = this.#pick<readonly [number, number]>(ATOMIC_LOGS[type]);
    const operands = [...this.#address(log, depth), ...this.#value(type, depth)];
    if (this.#choose(4) === 3) {
      return [...operands, ...this.#value(type, depth), 0xfe, ATOMIC_COMPARE + kind, log, ...this.#offset(log)];
    }
    const operator = this.#choose(6);
    return [...operands, 0xfe, ...unsigned(ATOMIC_MODIFY + 7 * operator + kind), log, ...this.#offset(log)];
  }

  #bulk(depth: number): number[] {
    const to = this.#address(0, depth);
    switch (this.#choose(4)) {
      case 0:
        return [...to, ...this.#value("i32", depth), ...constant("i32", this.#choose(40)), 0xfc, 11, 0];
      case 1:
        return [...to, ...this.#address(0, depth), ...constant("i32", this.#choose(40)), 0xfc, 10, 0, 0];
      case 2:
        return [
          ...to,
          ...constant("i32", this.#choose(6)),
          ...constant("i32", this.#choose(40)),
          0xfc,
          8,
          this.#choose(DATA_SEGMENTS),
          0,
        ];
      default:
        return this.#choose(4) === 3 ? [0xfc, 9, this.#choose(DATA_SEGMENTS)] : [0x01];
    }
  }

  #tables(depth: number): number[] {
    const table = this.#choose(TABLES);
    const index = this.#index(depth);
    switch (this.#choose(6)) {
      case 0:
        return [...index, ...this.#value("funcref", depth), 0x26, table];
      case 1:
        return [...index, ...this.#value("funcref", depth), ...constant("i32", this.#choose(5)), 0xfc, 17, table];
      case 2:
        return [
          ...index,
          ...this.#index(depth),
          ...constant("i32", this.#choose(5)),
          0xfc,
          14,
          table,
          this.#choose(TABLES),
        ];
      case 3: {
        const segment = this.#choose(ELEMENT_SEGMENTS);
        return [
          ...index,
          ...constant("i32", this.#choose(4)),
          ...constant("i32", this.#choose(4)),
          0xfc,
          12,
          segment,
          table,
        ];
      }
      case 4:
        return this.#choose(4) === 3 ? [0xfc, 13, this.#choose(ELEMENT_SEGMENTS)] : [0x01];
      default:
        return [...this.#value("funcref", depth), ...constant("i32", this.#choose(4)), 0xfc, 15, table, 0x1a];
    }
  }

  #value(type: ValueType, depth: number): number[] {
    if (type === "funcref" || type === "externref") return this.#reference(depth);
    if (depth === 0) return this.#leaf(type);
    const d = depth - 1;
    switch (this.#choose(14)) {
      case 0:
        return this.#leaf(type);
      case 2:
        return [...this.#value(type, d), ...this.#value(type, d), ...this.#value("i32", d), 0x1b];
      case 3:
        return this.#structuredValue(type, d);
      case 4: {
        const local = this.#indexOf(this.#locals, type)!;
        return [...this.#value(type, d), 0x22, local];
      }
      case 5:
        return this.#callValue(type, d);
      case 6:
      case 7:
        return type === "i32" || type === "i64" ? this.#load(type, d) : this.#leaf(type);
      case 8:
        return type === "i32" || type === "i64" ? this.#modify(type, d) : this.#leaf(type);
      case 9:
        return type === "i32" ? this.#state(d) : this.#leaf(type);
      default: {
        const { code, from, arity } = this.#pick(COMPUTATIONS_OF[type]);
        return [...Array.from({ length: arity }, () => this.#value(from, d)).flat(), ...code];
      }
    }
  }

  #leaf(type: Numeric): number[] {
    switch (this.#choose(3)) {
      case 0:
        return constant(type, this.#pick<number | bigint>(OPERANDS[type]));
      case 1:
        return [0x20, this.#indexOf(this.#locals, type)!];
      default:
        return [0x23, this.#indexOf(GLOBALS, type)!];
    }
  }

  /** A block that leaves one value, with a type of its own. */
  #structuredValue(type: Numeric, depth: number): number[] {
    if (TYPES.some(({ results }) => results.join() === type)) return this.#structured([type], depth);
    return [0x02, typeByte(type), ...this.#within([type], depth), 0x0b];
  }

  /** A call whose results are all dropped but one of the type. */
  #callValue(type: Numeric, depth: number): number[] {
    const fitting = TYPES.filter(({ results }) => results[0] === type);
    if (fitting.length === 0) return this.#leaf(type);
    const called = this.#pick(fitting);
    return [...this.#call(called, depth), ...called.results.slice(1).map(() => 0x1a)];
  }

  /** What an i32 says of memory, tables and references. */
  #state(depth: number): number[] {
    switch (this.#choose(6)) {
      case 0:
        return [0x3f, 0];
      case 1:
        return [...constant("i32", this.#choose(3)), 0x40, 0];
      case 2:
        return [0xfc, 16, this.#choose(TABLES)];
      case 3:
        return [...this.#value("funcref", depth), ...constant("i32", this.#choose(4)), 0xfc, 15, this.#choose(TABLES)];
      case 4:
        return [...this.#value("funcref", depth), 0xd1];
      default:
        return this.#sleep(depth);
    }
  }

  /** memory.atomic.wait that is over at once, and notify. */
  #sleep(depth: number): number[] {
    const [code, type, log] = this.#pick([
      [0, "i32", 2],
      [1, "i32", 2],
      [2, "i64", 3],
    ] as const);
    // On a shared memory only a timeout of 0 comes back; on others the wait traps.
    const timeout = code === 0 ? [] : constant("i64", this.#shared ? 0 : this.#choose(2));
    return [
      ...this.#address(log, depth),
      ...this.#value(type, depth),
      ...timeout,
      0xfe,
      code,
      log,
      ...this.#offset(log),
    ];
  }

  #reference(depth: number): number[] {
    switch (this.#choose(5)) {
      case 0:
        return [0xd0, 0x70];
      case 1:
        return [0xd2, this.#choose(this.#functions.length)];
      case 2:
        return [0x20, this.#indexOf(this.#locals, "funcref")!];
      case 3:
        return [0x23, this.#indexOf(GLOBALS, "funcref")!];
      default:
        return depth === 0 ? [0xd0, 0x70] : [...this.#index(depth - 1), 0x25, this.#choose(TABLES)];
    }
  }
}
