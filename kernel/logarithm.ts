/** The number of rounds in which P processors pair off: ceil(log2 P), 0 for one processor. */
export function ceilLog2(processors: u32): u32 {
  return 32 - clz(processors - 1);
}
