/** What the workers of every pool execute: each takes one argument, as most pools have it. */
export { useState } from "./states.js";

export function nothing(): void {}

export function echo(value: unknown): unknown {
  return value;
}

export function byteLength(bytes: ArrayBuffer): number {
  return bytes.byteLength;
}

export function fail(): never {
  throw new RangeError("Cannot do it: received nothing; expected something");
}
