/** What imported functions do: of each one 16 bytes, how it is bound, and cycles (f64) or the slot of its value. */
export const BOUND: u32 = 0;
export const NUMBER: u32 = 8;

/** Must equal BINDING in processors.ts. */
export enum Binding {
  stop,
  value,
  delay,
  delayByArgument,
}

let bindings: u32 = 0;

export function setBindings(address: u32): void {
  bindings = address;
}

export function bindingOf(imported: u32): u32 {
  return bindings + 16 * imported;
}
