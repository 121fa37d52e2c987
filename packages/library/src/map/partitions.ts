/** Parts of a map that can be written at once: a power of two of them. */
export const MOST_PARTITIONS = 64;

export function roundedUp(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

export function roundedDown(count: number): number {
  return 2 ** Math.floor(Math.log2(count));
}

/** What was asked for, if it was made so; else what was made. */
export function asAskedFor(asked: unknown, made: number): unknown {
  const isSame = Number.isInteger(asked) && (asked as number) <= MOST_PARTITIONS && roundedUp(asked as number) === made;
  return isSame ? asked : made;
}
