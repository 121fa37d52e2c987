/**
 * Mutants of one file that do what the protocol promises, too: nothing can find them, and they do not count. Each is named
 * by its key without the file: the text of its line, what was done, and which of several.
 */
export interface Equivalents {
  /** As the source map has it. */
  readonly file: string;
  readonly arguments: readonly Argument[];
}

export interface Argument {
  /** Why nobody can tell the mutant from the original, in a sentence. */
  readonly because: string;
  readonly mutants: readonly string[];
}
