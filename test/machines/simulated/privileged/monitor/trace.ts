/** What the monitor notes for its tests: pairs of words, from the second double word on; the first has how many. */
import { TRACE } from "./memory";

export enum Noted {
  /** An instruction of the guest's kernel, by its number. */
  Emulated,
  /** A trap of a program, by its cause. */
  Reflected,
  /** An interrupt that the guest takes, by its number. */
  Interrupted,
  /** The end of an upcall that the guest has abandoned; and of the call. */
  Unwound,
  CallEnded,
  /** Frames of the guest's kernel go on on this processor. */
  Moved,
  /** The monitor has answered a miss from the guest's tables. */
  Shadowed,
}

const MOST: u32 = 8192;

export function note(what: Noted, value: u32): void {
  const at = atomic.add<u32>(TRACE, 1);
  if (at >= MOST) return;
  store<u32>(TRACE + 8 + 8 * at, what);
  store<u32>(TRACE + 12 + 8 * at, value);
}
