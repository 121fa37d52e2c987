/**
 * A module's bytes, read into data. What is a module is the platform's decision; what the platform accepts and
 * processors cannot execute is refused by name.
 */
import { readConstant } from "./constant-expression.js";
import { readExport } from "./exports.js";
import { unsupported } from "./features.js";
import { readImport } from "./imports.js";
import { readLimits } from "./limits.js";
import { readMemory } from "./memory-type.js";
import type { DataSegment, ElementSegment, FunctionType, Memory, Module, ValueType } from "./module.js";
import { type Operator, readOperator } from "./operators.js";
import type { Reader } from "./reader.js";
import { SECTION, sectionsOf } from "./sections.js";
import { type LazyType, readTypes, readValueType } from "./types.js";

/** A function with code, to be read before the next one. */
export interface Body {
  /** The function's number, imported ones first. */
  readonly index: number;
  /** Where it begins in the code section, in bytes, and how many it has. */
  readonly place: number;
  readonly bytes: number;
  /** The types of its locals that are not parameters. */
  readonly locals: readonly ValueType[];
  readonly operators: Iterable<Operator>;
}

/** Before a table that has an initial value for its entries. */
const INITIALIZED = 0x40;

/**
 * The bits in an element segment's flags; the second is an explicit table if the segment is active, else declarative.
 */
const PASSIVE = 1;
const EXPLICIT = 2;
const EXPRESSIONS = 4;

/** In a data segment's flags: the number of a memory follows. */
const NUMBERED_MEMORY = 2;

/**
 * Reads a module that the platform accepts; its memory, if nobody read it before. `visit` gets the functions' bodies
 * one after the other, when all that they refer to is known but the data segments' contents.
 *
 * @throws {Error} if the module uses a feature that processors do not execute
 */
export function decode(
  bytes: Uint8Array,
  nameOf: (index: number) => string,
  visit: (module: Module, body: Body) => void,
  memory = readMemory(bytes, "the module"),
): Module {
  return new Decoder(bytes, memory, nameOf, visit).decode();
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #nameOf: (index: number) => string;
  readonly #visit: (module: Module, body: Body) => void;
  readonly #module: Module;
  readonly #types: LazyType[] = [];
  readonly #known = new Map<number, FunctionType>();

  constructor(
    bytes: Uint8Array,
    memory: Memory | undefined,
    nameOf: (index: number) => string,
    visit: (module: Module, body: Body) => void,
  ) {
    this.#bytes = bytes;
    this.#nameOf = nameOf;
    this.#visit = visit;
    this.#module = {
      imports: [],
      functions: [],
      tables: [],
      memory,
      globals: [],
      exports: new Map(),
      start: undefined,
      elements: [],
      data: [],
    };
  }

  decode(): Module {
    for (const { id, contents } of sectionsOf(this.#bytes)) this.#section(id, contents);
    return this.#module;
  }

  /** Custom sections may hold anything; the others that are passed over say nothing that processors need. */
  #section(id: number, reader: Reader): void {
    const module = this.#module;
    switch (id) {
      case SECTION.type:
        reader.vector(() => void this.#types.push(...readTypes(reader)));
        return;
      case SECTION.import:
        reader.vector(() => this.#import(reader));
        return;
      case SECTION.function:
        reader.vector(() => {
          const type = this.#type(reader.unsigned(), `function ${this.#nameOf(module.functions.length)}`);
          module.functions.push(type);
        });
        return;
      case SECTION.table:
        reader.vector(() => this.#table(reader));
        return;
      case SECTION.global:
        reader.vector(() => {
          const type = readValueType(reader, `global ${module.globals.length}`);
          const mutable = reader.byte() === 1;
          module.globals.push({ type, mutable, value: readConstant(reader, module.globals) });
        });
        return;
      case SECTION.export:
        reader.vector(() => {
          const { name, kind, index } = readExport(reader);
          // A tag does nothing by itself: the function that throws it is refused.
          if (kind !== "tag") module.exports.set(name, { kind, index });
        });
        return;
      case SECTION.start:
        module.start = reader.unsigned();
        return;
      case SECTION.element:
        reader.vector(() => void module.elements.push(this.#elements(reader)));
        return;
      case SECTION.code: {
        const begin = reader.position;
        let index = module.imports.length;
        reader.vector(() => this.#body(reader, index++, begin));
        return;
      }
      case SECTION.data:
        reader.vector(() => void module.data.push(this.#data(reader)));
        return;
    }
  }

  #import(reader: Reader): void {
    const { module, name, kind, type: number } = readImport(reader);
    const where = `the import ${module}.${name}`;
    if (kind === "memory") return;
    if (kind === "tag") throw unsupported("exceptions", where);
    if (kind !== "function") {
      throw new Error(`Cannot execute ${where}: received a ${kind}; expected a function or a memory`);
    }
    const type = this.#type(number!, where);
    this.#module.imports.push({ module, name, type });
    this.#module.functions.push(type);
  }

  /** A type that something at `where` has: those that nothing has may be of any feature. */
  #type(index: number, where: string): FunctionType {
    const type = this.#known.get(index) ?? this.#types[index]!(where);
    this.#known.set(index, type);
    return type;
  }

  #table(reader: Reader): void {
    const where = `table ${this.#module.tables.length}`;
    const initialized = reader.bytes[reader.position] === INITIALIZED;
    if (initialized) reader.skip(2);
    readValueType(reader, where);
    const { initial, maximum, wide } = readLimits(reader);
    if (wide) throw unsupported("64-bit tables", where);
    if (initialized && readConstant(reader, this.#module.globals).function !== undefined) {
      throw unsupported("typed function references", where);
    }
    this.#module.tables.push({ initial, maximum: maximum ?? 2 ** 32 - 1 });
  }

  #elements(reader: Reader): ElementSegment {
    const { elements, globals } = this.#module;
    const flags = reader.unsigned();
    const active = !(flags & PASSIVE);
    const table = active && flags & EXPLICIT ? reader.unsigned() : 0;
    const offset = active ? this.#address(reader) : 0;
    if (flags & (PASSIVE | EXPLICIT)) {
      // The kind of what is listed by number is that of functions, the only one.
      if (flags & EXPRESSIONS) readValueType(reader, `element segment ${elements.length}`);
      else reader.byte();
    }
    const functions = reader.vector(() =>
      flags & EXPRESSIONS ? readConstant(reader, globals).function : reader.unsigned(),
    );
    return { mode: active ? "active" : flags & EXPLICIT ? "declarative" : "passive", table, offset, functions };
  }

  #data(reader: Reader): DataSegment {
    const flags = reader.unsigned();
    if (flags & NUMBERED_MEMORY) reader.unsigned();
    const active = !(flags & PASSIVE);
    const offset = active ? this.#address(reader) : 0;
    return { mode: active ? "active" : "passive", offset, bytes: reader.take(reader.unsigned()) };
  }

  #address(reader: Reader): number {
    return Number(readConstant(reader, this.#module.globals).bits);
  }

  /** @param section where the code section begins */
  #body(reader: Reader, index: number, section: number): void {
    const where = `function ${this.#nameOf(index)}`;
    const place = reader.position - section;
    const end = reader.unsigned() + reader.position;
    const locals = reader
      .vector(() => {
        const count = reader.unsigned();
        return new Array<ValueType>(count).fill(readValueType(reader, where));
      })
      .flat();
    this.#visit(this.#module, {
      index,
      place,
      bytes: end - section - place,
      locals,
      operators: this.#operators(reader, end, where),
    });
  }

  *#operators(reader: Reader, end: number, where: string): Iterable<Operator> {
    const typeOf = (index: number) => this.#type(index, where);
    while (reader.position < end) yield readOperator(reader, where, typeOf);
  }
}
