/**
 * What imported functions do: of each one 16 bytes, how it is bound, and cycles (f64) or the slot of its value; with a kernel
 * mode, where the processor's registers have it.
 */
import { imageOf } from "./context";
import { BINDINGS } from "./image";

export const BOUND: u32 = 0;
export const NUMBER: u32 = 8;

/** Must equal BINDING in image.ts of the other side. */
export enum Binding {
  stop,
  value,
  delay,
  delayByArgument,
}

export function bindingOf(instance: u32, imported: u32): u32 {
  return load<u32>(imageOf(instance), BINDINGS) + 16 * imported;
}
