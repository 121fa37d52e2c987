/**
 * Where a program's memory has its homes, as its exported globals SHARED_BYTES and LOCAL_BYTES say
 * (kernel/memory/placement.ts): one interleaved part, then a local part of each processor. Without them all memory is
 * interleaved.
 */
export interface Placement {
  /** Bytes of the interleaved part. */
  readonly shared: number;
  /** Bytes of each local part. */
  readonly local: number;
}

export const INTERLEAVED: Placement = { shared: Number.POSITIVE_INFINITY, local: 1 };

/** The processor in whose local part the address lies, or -1. */
export function ownerOf({ shared, local }: Placement, address: number): number {
  return address < shared ? -1 : Math.floor((address - shared) / local);
}

/**
 * @param homes memory modules
 * @param unit bytes that lie together in the interleaved part, a power of two
 * @param nodeOf the module that is a processor's own; absent where none is
 */
export function homes(
  placement: Placement,
  homes: number,
  unit: number,
  nodeOf?: (processor: number) => number,
): (address: number) => number {
  // With whole numbers of 32 bits: a remainder of fractions takes long, and every miss asks.
  const bits = Math.log2(unit);
  const interleaved = (address: number) => (address >>> bits) % homes;
  if (nodeOf === undefined) return interleaved;
  return (address) => {
    const owner = ownerOf(placement, address);
    return owner < 0 ? interleaved(address) : nodeOf(owner) % homes;
  };
}
