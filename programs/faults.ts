/** Faults, in a way for each entry. */

/** Divides by zero: what divides is in memory, so that no compiler sees it. */
export function run(): u32 {
  return 1 / load<u32>(0);
}

/** Reads out of its memory. */
export function outside(): u32 {
  return load<u32>((<usize>memory.size()) << 16);
}

/** Waits for what nobody does. */
export function forever(): u32 {
  return atomic.wait<u32>(0, 0, -1);
}

/** Calls itself until there is no room. */
export function endless(): u32 {
  const calls = load<u32>(0) + 1;
  store<u32>(0, calls);
  return endless() + calls;
}
