/**
 * A module's bytes, read into data. Decoding is wasmparser's; what is a module is the platform's decision; what the
 * platform accepts and processors cannot execute is refused by name.
 */
import {
  BinaryReader,
  bytesToString,
  type IDataSegment,
  type IDataSegmentBody,
  type IElementSegment,
  type IExportEntry,
  type IFunctionEntry,
  type IFunctionInformation,
  type IGlobalType,
  type IGlobalVariable,
  type IImportEntry,
  type IOperatorInformation,
  type IStartEntry,
  type ITableType,
  type ITypeEntry,
  OperatorCodeNames,
  type Type,
} from "wasmparser";
import { evaluate } from "./constant-expression.js";
import { unsupported, unsupportedFeature, type ValueType, valueType } from "./features.js";
import { readMemory } from "./memory-type.js";
import type { DataSegment, ElementSegment, FunctionType, Module } from "./module.js";
import { skipNumber } from "./variable-length.js";

/** An instruction of WebAssembly. */
export interface Operator extends IOperatorInformation {
  readonly name: string;
  /** Where it begins in the module's bytes. */
  readonly offset: number;
}

/** A function with code, to be read before the next one. */
export interface Body {
  /** The function's number, imported ones first. */
  readonly index: number;
  /** The types of its locals that are not parameters. */
  readonly locals: readonly ValueType[];
  readonly operators: Iterable<Operator>;
}

/** wasmparser's states; there they are an ambient const enum, which a module compiled alone cannot use. */
const STATE = {
  error: -1,
  beginSection: 3,
  type: 11,
  import: 12,
  function: 13,
  table: 14,
  export: 17,
  start: 22,
  initialOperator: 26,
  body: 28,
  operator: 30,
  endBody: 31,
  element: 33,
  elementBody: 34,
  endElement: 35,
  data: 36,
  dataBody: 37,
  endData: 38,
  global: 39,
  endGlobal: 40,
  offsetOperator: 45,
} as const;
const CUSTOM_SECTION = 0;
const ELEMENT_SECTION = 9;
const FUNCTION_TYPE = -32;
const KINDS = ["function", "table", "memory", "global"] as const;
/** The bit in a table's limits that says that its indices have 64 bits. */
const INDEX_64 = 4;
const MODES = ["active", "passive", "declarative"] as const;

/**
 * Reads a module. `visit` gets the functions' bodies one after the other, when all that they refer to is known but the
 * data segments' contents.
 *
 * @throws {WebAssembly.CompileError} if the platform refuses the bytes, with its reason
 * @throws {Error} if the module uses a feature that processors do not execute
 */
export function decode(
  bytes: Uint8Array<ArrayBuffer>,
  nameOf: (index: number) => string,
  visit: (module: Module, body: Body) => void,
): Module {
  if (!WebAssembly.validate(bytes)) new WebAssembly.Module(bytes);
  return new Decoder(bytes, nameOf, visit).decode();
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #nameOf: (index: number) => string;
  readonly #visit: (module: Module, body: Body) => void;
  readonly #reader = new BinaryReader();
  readonly #module: Module = {
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memory: undefined,
    globals: [],
    exports: new Map(),
    start: undefined,
    elements: [],
    data: [],
  };
  readonly #types: ITypeEntry[] = [];
  #section = CUSTOM_SECTION;
  #bodies = 0;
  // Of the entry that is being read, which comes in pieces:
  #expression: Operator[] = [];
  #global: IGlobalType | undefined;
  #element: Omit<ElementSegment, "functions"> = { mode: "passive", table: 0, offset: 0 };
  #functions: (number | undefined)[] = [];
  #data: DataSegment = { mode: "passive", offset: 0, bytes: new Uint8Array() };

  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    nameOf: (index: number) => string,
    visit: (module: Module, body: Body) => void,
  ) {
    this.#bytes = bytes;
    this.#nameOf = nameOf;
    this.#visit = visit;
    this.#module.memory = readMemory(bytes, "the module");
    this.#reader.setData(bytes.slice().buffer, 0, bytes.length);
  }

  decode(): Module {
    for (;;) {
      const begins = this.#state === STATE.beginSection;
      const { position } = this.#reader;
      if (!this.#read()) return this.#module;
      // A section begins with the number of its entries.
      this.#entry(begins ? skipNumber(this.#bytes, position) : position);
    }
  }

  get #state(): number {
    return this.#reader.state;
  }

  #read(): boolean {
    const more = this.#reader.read();
    if (this.#state === STATE.error) throw new Error(`Cannot decode the module: ${this.#reader.error.message}`);
    return more;
  }

  /** Takes one entry of a section, or a piece of one, which began at `position`. */
  #entry(position: number): void {
    const module = this.#module;
    const result: unknown = this.#reader.result;
    switch (this.#state) {
      case STATE.beginSection:
        this.#section = (result as { id: number }).id;
        // The platform does not look into custom sections, so that they may hold anything.
        if (this.#section === CUSTOM_SECTION) this.#reader.skipSection();
        break;
      case STATE.type:
        this.#types.push(result as ITypeEntry);
        break;
      case STATE.import:
        this.#import(result as IImportEntry);
        break;
      case STATE.function:
        module.functions.push(
          this.#type((result as IFunctionEntry).typeIndex, `function ${this.#nameOf(module.functions.length)}`),
        );
        break;
      case STATE.table:
        this.#table(result as ITableType, position);
        break;
      case STATE.global:
        this.#expression = [];
        this.#global = (result as IGlobalVariable).type;
        break;
      case STATE.endGlobal: {
        const { contentType, mutability } = this.#global!;
        const type = valueType(contentType, `global ${module.globals.length}`);
        module.globals.push({ type, mutable: mutability === 1, value: evaluate(this.#expression, module.globals) });
        break;
      }
      case STATE.export: {
        const { field, kind: number, index } = result as IExportEntry;
        const kind = KINDS[number as number];
        // A tag does nothing by itself: the function that throws it is refused.
        if (kind !== undefined) module.exports.set(bytesToString(field), { kind, index });
        break;
      }
      case STATE.start:
        module.start = (result as IStartEntry).index;
        break;
      case STATE.element: {
        const { mode, tableIndex } = result as IElementSegment;
        this.#expression = [];
        this.#functions = [];
        this.#element = { mode: MODES[mode as number]!, table: tableIndex ?? 0, offset: 0 };
        break;
      }
      case STATE.elementBody:
        if (this.#element.mode === "active") this.#element = { ...this.#element, offset: this.#address() };
        break;
      case STATE.endElement:
        module.elements.push({ ...this.#element, functions: this.#functions });
        break;
      case STATE.data:
        this.#expression = [];
        this.#data = {
          mode: MODES[(result as IDataSegment).mode as number] as DataSegment["mode"],
          offset: 0,
          bytes: new Uint8Array(),
        };
        break;
      case STATE.dataBody: {
        const offset = this.#data.mode === "active" ? this.#address() : 0;
        this.#data = { ...this.#data, offset, bytes: (result as IDataSegmentBody).data };
        break;
      }
      case STATE.endData:
        module.data.push(this.#data);
        break;
      case STATE.initialOperator:
      case STATE.offsetOperator:
        this.#constant(this.#operator(position, `a constant expression`));
        break;
      case STATE.body:
        this.#body(result as IFunctionInformation);
        break;
    }
  }

  #import({ module: bytes, field, kind, funcTypeIndex }: IImportEntry): void {
    const names = { module: bytesToString(bytes), name: bytesToString(field) };
    const where = `the import ${names.module}.${names.name}`;
    switch (KINDS[kind as number]) {
      case "function": {
        const signature = this.#type(funcTypeIndex!, where);
        this.#module.imports.push({ ...names, type: signature });
        this.#module.functions.push(signature);
        break;
      }
      case "memory":
        break;
      case undefined:
        throw unsupported("exceptions", where);
      default:
        throw new Error(
          `Cannot execute ${where}: received a ${KINDS[kind as number]}; expected a function or a memory`,
        );
    }
  }

  /** A type that something at `where` has: those that nothing has may be of any feature. */
  #type(index: number, where: string): FunctionType {
    this.#module.types[index] ??= functionType(this.#types[index]!, where);
    return this.#module.types[index];
  }

  #table({ elementType, limits }: ITableType, position: number): void {
    const where = `table ${this.#module.tables.length}`;
    valueType(elementType, where);
    // After the type come the limits' flags, which wasmparser keeps to itself.
    if (this.#bytes[position + 1]! & INDEX_64) throw unsupported("64-bit tables", where);
    this.#module.tables.push({ initial: limits.initial, maximum: limits.maximum ?? 2 ** 32 - 1 });
  }

  #operator(position: number, where: string): Operator {
    const information = this.#reader.result as IOperatorInformation;
    const name = OperatorCodeNames[information.code]!;
    const feature = unsupportedFeature(name, information.code);
    if (feature) throw unsupported(feature, where);
    return { ...information, name, offset: position };
  }

  /** Takes an operator of a constant expression, or of an element segment's entry. */
  #constant(operator: Operator): void {
    if (this.#section !== ELEMENT_SECTION || this.#state === STATE.offsetOperator) {
      this.#expression.push(operator);
    } else if (operator.name !== "end") {
      const function_ = evaluate([operator], this.#module.globals).function;
      this.#functions.push(function_);
    }
  }

  /** The value of the offset expression that was read last. */
  #address(): number {
    return Number(BigInt.asUintN(32, evaluate(this.#expression, this.#module.globals).bits));
  }

  #body({ locals }: IFunctionInformation): void {
    const index = this.#module.imports.length + this.#bodies++;
    const where = `function ${this.#nameOf(index)}`;
    const types = locals.flatMap(({ count, type }) => new Array<ValueType>(count).fill(valueType(type, where)));
    this.#visit(this.#module, { index, locals: types, operators: this.#operators(where) });
  }

  *#operators(where: string): Iterable<Operator> {
    for (;;) {
      const position = this.#reader.position;
      this.#read();
      if (this.#state === STATE.endBody) return;
      if (this.#state !== STATE.operator) continue;
      const operator = this.#operator(position, where);
      if (operator.typeIndex !== undefined) this.#type(operator.typeIndex, where);
      if (operator.blockType?.isIndex) this.#type(operator.blockType.index, where);
      yield operator.name === "call_indirect" ? { ...operator, tableIndex: this.#tableIndex() } : operator;
    }
  }

  /**
   * The table of the call_indirect that was read last, which wasmparser takes for one reserved byte. Linkers write it
   * with padding, 80 80 80 80 00, whose rest comes as operators without operands.
   */
  #tableIndex(): number {
    const byte = this.#bytes[this.#reader.position - 1]!;
    let last = byte;
    while (last & 0x80) {
      this.#read();
      last = this.#bytes[this.#reader.position - 1]!;
    }
    if (last !== 0 && last !== byte) throw unsupported("more than 128 tables", "a call_indirect");
    return byte & 0x7f;
  }
}

function functionType({ form, params, returns }: ITypeEntry, where: string): FunctionType {
  if (form !== FUNCTION_TYPE) throw unsupported("garbage collection", where);
  const convert = (type: Type) => valueType(type, where);
  return { parameters: params!.map(convert), results: returns!.map(convert) };
}
