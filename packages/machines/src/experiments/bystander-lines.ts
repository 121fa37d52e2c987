/** Lines of memory for processors that take no part in an experiment, chosen by their homes. */
export interface BystanderLines {
  /** Bytes from each line to the next; all of them have one home. */
  readonly stride: number;
  readonly lines: number;
  /** The first of the lines whose home is the lock's. */
  readonly atHome: number;
  /** The first of the lines with another home: the one farthest behind the lock's, where fewest take part. */
  readonly elsewhere: number;
}

/** Lines that suffice: more than are read before an experiment is over. */
const LINES = 32;
/** Bytes of a line of the kernel. */
const LINE = 128;
/** Bytes that the lines may take of the interleaved part. */
const ROOM = 2 << 20;

/**
 * @param homeOf the home of an address; homes take turns, each with equally many bytes
 * @param lock an address in the interleaved part
 * @param allocate takes bytes of the interleaved part
 */
export function bystanderLines(
  homeOf: (address: number) => number,
  lock: number,
  allocate: (bytes: number) => number,
): BystanderLines {
  const home = homeOf(lock);
  // Homes come again, and with them the lock's; a memory with one home has it in every line.
  let stride = LINE;
  while (stride < ROOM && homeOf(lock + stride) !== home) stride += LINE;
  const lines = Math.max(1, Math.min(LINES, Math.floor(ROOM / stride) - 1));
  const start = allocate((lines + 1) * stride);
  const firstLines = Array.from({ length: stride / LINE }, (_, i) => start + i * LINE);
  const distance = (address: number) => Math.abs(homeOf(address) - home);
  const byDistance = firstLines.toSorted((a, b) => distance(a) - distance(b));
  return { stride, lines, atHome: byDistance[0]!, elsewhere: byDistance.at(-1)! };
}
