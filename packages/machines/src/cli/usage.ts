/** An error of whoever typed the command: printed as it is, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked could not be explored to its end: exit code 3. */
export class Unexplored extends Error {}

/** A signal ended the command: exit code 130. */
export class Interrupted extends Error {
  constructor(message = "Interrupted: nothing was written") {
    super(message);
  }
}

const MEBIBYTE = 2 ** 20;
/** MiB: 1 TiB. */
const MOST_MEMORY = 2 ** 20;

/** What the option that limits an exploration's memory says of itself. */
export const MEMORY_OPTION = [
  "--memory <MIB>",
  "MiB that are kept of what was explored, at most (default: half of the computer's)",
] as const;

/** The option of the checked machine that `--memory` means. */
export function parseMemory(text: string | undefined): { readonly memoryLimit?: number } {
  return text === undefined ? {} : { memoryLimit: MEBIBYTE * parseWhole("--memory", text, 1, MOST_MEMORY) };
}

/** The largest seed: a 32-bit word. */
const MAXIMUM_SEED = 0xffffffff;

/** A whole number in a range, or a usage error. `why`: what the maximum is, for the message. */
export function parseWhole(what: string, text: string, minimum: number, maximum: number, why = ""): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum && value <= maximum)) {
    throw new UsageError(
      `Cannot read ${what}: received "${text}"; expected a whole number from ${minimum} to ${maximum}${why}`,
    );
  }
  return value;
}

/** Names as they are given: one after the other, or in lists such as `a,b`. */
export function parseNames(lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => list.split(",").map((name) => name.trim()));
}

/** A list of numbers of processors, such as `1,2,4`, sorted and without repetitions; `most` as in `parseCount`. */
export function parseProcessors(text: string, most: MostProcessors): number[] {
  const counts = text.split(",").map((part) => parseCount(part.trim(), most));
  return [...new Set(counts)].sort((a, b) => a - b);
}

/** The machine that takes the fewest processors. */
interface MostProcessors {
  readonly name: string;
  readonly maximum: number;
}

/** A number of processors, as many as the machine takes at most. */
export function parseCount(text: string, { name, maximum }: MostProcessors): number {
  return parseWhole("--processors", text, 1, maximum, `, the most of ${name}`);
}

export function parseSeed(text: string): number {
  return parseWhole("--seed", text, 0, MAXIMUM_SEED);
}

/** One of some words, or a usage error. */
export function parseWord<Word extends string>(what: string, words: readonly Word[], text: string): Word {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new UsageError(`Cannot read ${what}: received "${text}"; expected ${words.join(", ")}`);
}
