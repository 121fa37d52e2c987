// biome-ignore-all lint/suspicious/noTsIgnore: what an older TypeScript reports, a newer one does not
/**
 * The types of views of shared memory: `Float64Array<SharedArrayBuffer>`, from TypeScript 5.7 on. Before, typed arrays have
 * no type parameters: a line that names one is ignored, its type is `any`, and the plain typed array stands for it.
 */

type Else<Type, Before> = 0 extends 1 & Type ? Before : Type;

/** The types of views, by the names of their classes. */
export interface SharedViews {
  /** @ts-ignore */
  Int8Array: Else<Int8Array<SharedArrayBuffer>, Int8Array>;
  /** @ts-ignore */
  Uint8Array: Else<Uint8Array<SharedArrayBuffer>, Uint8Array>;
  /** @ts-ignore */
  Uint8ClampedArray: Else<Uint8ClampedArray<SharedArrayBuffer>, Uint8ClampedArray>;
  /** @ts-ignore */
  Int16Array: Else<Int16Array<SharedArrayBuffer>, Int16Array>;
  /** @ts-ignore */
  Uint16Array: Else<Uint16Array<SharedArrayBuffer>, Uint16Array>;
  /** @ts-ignore */
  Int32Array: Else<Int32Array<SharedArrayBuffer>, Int32Array>;
  /** @ts-ignore */
  Uint32Array: Else<Uint32Array<SharedArrayBuffer>, Uint32Array>;
  /** @ts-ignore */
  Float32Array: Else<Float32Array<SharedArrayBuffer>, Float32Array>;
  /** @ts-ignore */
  Float64Array: Else<Float64Array<SharedArrayBuffer>, Float64Array>;
  /** @ts-ignore */
  BigInt64Array: Else<BigInt64Array<SharedArrayBuffer>, BigInt64Array>;
  /** @ts-ignore */
  BigUint64Array: Else<BigUint64Array<SharedArrayBuffer>, BigUint64Array>;
  /** @ts-ignore */
  DataView: Else<DataView<SharedArrayBuffer>, DataView>;
}

export type SharedBytes = SharedViews["Uint8Array"];

/** The class of a typed array, or DataView. */
export type ViewClass = (new (
  buffer: SharedArrayBuffer,
  byteOffset: number,
  length: number,
) => ArrayBufferView) & {
  readonly BYTES_PER_ELEMENT?: number;
};

/** The view that a class makes of shared memory. For a class that extends one of the platform's: its instances. */
export type SharedView<Kind extends ViewClass> = {
  [Name in keyof SharedViews]: (typeof globalThis)[Name] extends Kind ? SharedViews[Name] : never;
}[keyof SharedViews] extends infer View
  ? [View] extends [never]
    ? InstanceType<Kind>
    : View
  : never;

/** What the prototypes of all typed arrays inherit from. */
const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object;

export function isViewClass(kind: unknown): kind is ViewClass {
  const prototype: unknown = typeof kind === "function" && kind.prototype;
  return prototype === DataView.prototype || prototype instanceof DataView || isPrototype(TYPED_ARRAY, prototype);
}

const tag = Object.getOwnPropertyDescriptor(TYPED_ARRAY, Symbol.toStringTag)!.get!;

/** Also of another realm; not what only says so: a Proxy, or what is made of the prototype. */
export function isBytes(value: unknown): value is Uint8Array {
  return tag.call(value) === "Uint8Array";
}

const length = Object.getOwnPropertyDescriptor(TYPED_ARRAY, "length")!.get!;

/** How many there are, whatever a class that extends Uint8Array says. */
export function lengthOf(bytes: Uint8Array): number {
  return length.call(bytes) as number;
}

function isPrototype(prototype: object, of: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, of as object);
}
