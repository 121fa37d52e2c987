/** What imported functions do: of each one 16 bytes, how it is bound, and cycles (f64) or the slot of its value. */
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

export function bindingOf(context: u32, imported: u32): u32 {
  return load<u32>(imageOf(context), BINDINGS) + 16 * imported;
}
