/** What is passed to and fro, and whether it came back as it should. */
import { Disqualified } from "../comparison.js";

export const SIZES = { "8 bytes": 8, "200 bytes": 200, "4,096 bytes": 4096 } as const;

export type SizeName = keyof typeof SIZES;

/** The procedure of each size: a number comes back one larger, bytes as they are. */
export const PROCEDURES = {
  "8 bytes": (value: unknown) => (value as number) + 1,
  "200 bytes": (value: unknown) => value,
  "4,096 bytes": (value: unknown) => value,
} satisfies Record<SizeName, (value: unknown) => unknown>;

/** Calls, and looks at the answer. */
export function calling(size: SizeName, call: (value: unknown) => unknown): () => void {
  if (size === "8 bytes") {
    let next = 0;
    return () => {
      if (call(next) !== next + 1) throw new Disqualified(`another answer than ${next + 1}`);
      next++;
    };
  }
  const bytes = new Uint8Array(SIZES[size]);
  let mark = 0;
  return () => {
    mark = (mark + 1) & 255;
    bytes[bytes.length - 1] = mark;
    const answer = call(bytes) as Uint8Array;
    if (answer.length !== bytes.length || answer[bytes.length - 1] !== mark) throw new Disqualified("other bytes");
  };
}
