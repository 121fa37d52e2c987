/** A module's imports as its bytes have them. */
import { type Limits, readLimits } from "./limits.js";
import type { Reader } from "./reader.js";
import { lazyValueType } from "./types.js";

/** By the numbers that imports and exports have them by. */
export const KINDS = ["function", "table", "memory", "global", "tag"] as const;
export type Kind = (typeof KINDS)[number];

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: Kind;
  /** A function's type, by its number. */
  readonly type?: number;
  /** A memory's. */
  readonly limits?: Limits;
}

/** Reads an entry of the import section. */
export function readImport(reader: Reader): Import {
  const names = { module: reader.name(), name: reader.name() };
  const kind = KINDS[reader.byte()]!;
  switch (kind) {
    case "function":
      return { ...names, kind, type: reader.unsigned() };
    case "table":
      lazyValueType(reader);
      readLimits(reader);
      return { ...names, kind };
    case "memory":
      return { ...names, kind, limits: readLimits(reader) };
    case "global":
      lazyValueType(reader);
      reader.byte();
      return { ...names, kind };
    case "tag":
      reader.byte();
      reader.unsigned();
      return { ...names, kind };
  }
}
