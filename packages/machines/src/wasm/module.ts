/** A module as data: all but its functions' bodies. Functions are numbered with the imported ones first. */

/** Bytes of a page of a memory. */
export const PAGE = 65536;

export type ValueType = "i32" | "i64" | "f32" | "f64" | "funcref" | "externref";

export interface Module {
  readonly imports: ImportedFunction[];
  /** Every function's type. */
  readonly functions: FunctionType[];
  readonly tables: Table[];
  memory: Memory | undefined;
  readonly globals: Global[];
  readonly exports: Map<string, Export>;
  start: number | undefined;
  readonly elements: ElementSegment[];
  readonly data: DataSegment[];
}

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

export interface Memory {
  /** Pages of 64 KiB. */
  readonly initial: number;
  /** Pages; 65536 if the module does not say. */
  readonly maximum: number;
  readonly shared: boolean;
  /** By which names it is imported; undefined for a memory of the module's own. */
  readonly imported: { readonly module: string; readonly name: string } | undefined;
}

/** The value of a constant expression: as its bits, zero-extended; or a reference to a function by its number. */
export interface Constant {
  readonly bits: bigint;
  readonly function?: number;
}

export interface Global {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly value: Constant;
}

export interface Table {
  /** Entries. */
  readonly initial: number;
  /** Entries; 2^32 - 1 if the module does not say. */
  readonly maximum: number;
}

export interface ElementSegment {
  /** Active ones are written to their table at instantiation; declarative ones are never used. */
  readonly mode: "active" | "passive" | "declarative";
  readonly table: number;
  /** Active ones: the first entry's index. */
  readonly offset: number;
  /** Functions by number; undefined for null. */
  readonly functions: readonly (number | undefined)[];
}

export interface DataSegment {
  /** Active ones are written to the memory at every instantiation. */
  readonly mode: "active" | "passive";
  /** Active ones: the first byte's address. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Export {
  readonly kind: "function" | "table" | "memory" | "global";
  readonly index: number;
}
