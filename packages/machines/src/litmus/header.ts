/** What comes before a litmus test's initial state. */
import { type Architecture, OBSERVATIONS, type Observation } from "./litmus-test.js";
import { endOfComment, LitmusError } from "./tokens.js";

const ARCHITECTURES: readonly Architecture[] = ["X86", "X86_64"];

/** `Expect=Never`, or the Linux kernel's `Result: Never` in a comment. */
const EXPECTED = new RegExp(`^[\\s(*]*(?:Expect(?:ed)?|Result)[ \\t]*[:=][ \\t]*(${OBSERVATIONS.join("|")})\\b`, "m");

export interface Header {
  readonly architecture: Architecture;
  readonly name: string;
  readonly expected: Observation | undefined;
  /** Where the initial state begins, and its line. */
  readonly end: number;
  readonly line: number;
}

/**
 * Reads architecture and name; then there are comments, a quoted text and lines `Key=value` up to the initial state.
 *
 * @throws {LitmusError} for another architecture, and where no initial state begins
 */
export function readHeader(file: string, text: string): Header {
  const lineAt = (at: number) => text.slice(0, at).split("\n").length;
  const first = /^\s*(\w+)[ \t]+([^\s"(;{]+)/.exec(text);
  const architecture = ARCHITECTURES.find((each) => each === first?.[1]);
  if (first === null || architecture === undefined) {
    const line = text.trimStart().split("\n", 1)[0]!.trimEnd();
    const at = lineAt(text.length - text.trimStart().length);
    throw new LitmusError(
      `Cannot read ${file}, line ${at}: received "${line}"; expected X86 or X86_64 and the test's name`,
    );
  }
  const expected = EXPECTED.exec(text)?.[1] as Observation | undefined;
  const piece = /(?<start>\{)|(?<comment>\(\*)|"[^"]*"|[A-Za-z][\w/.-]*[ \t]*=[^\n]*|[\s\S]/y;
  for (let at = first[0].length; at < text.length; ) {
    piece.lastIndex = at;
    const { start, comment } = piece.exec(text)!.groups!;
    if (start !== undefined) return { architecture, name: first[2]!, expected, end: at, line: lineAt(at) };
    at = comment === undefined ? piece.lastIndex : (endOfComment(text, at) ?? text.length);
  }
  throw new LitmusError(
    `Cannot read ${file}, line ${lineAt(text.length)}: received the end of the file; expected an initial state in {}`,
  );
}
