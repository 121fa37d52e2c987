/** The limits of memories and tables. */
import type { Reader } from "./reader.js";

const WITH_MAXIMUM = 1;
const SHARED = 2;
/** The bit that says that indices or addresses have 64 bits. */
const WIDE = 4;

export interface Limits {
  readonly initial: number;
  readonly maximum: number | undefined;
  readonly shared: boolean;
  readonly wide: boolean;
}

export function readLimits(reader: Reader): Limits {
  const flags = reader.byte();
  const initial = reader.unsigned();
  const maximum = flags & WITH_MAXIMUM ? reader.unsigned() : undefined;
  return { initial, maximum, shared: (flags & SHARED) !== 0, wide: (flags & WIDE) !== 0 };
}
