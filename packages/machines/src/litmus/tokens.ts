/** The words of a `.litmus` file, with the lines that they are on. */

/** A file that is no litmus test, or one of another architecture: its message names the file and the line. */
export class LitmusError extends Error {
  override readonly name = "LitmusError";
}

export interface Token {
  readonly kind: "name" | "number" | "symbol" | "end";
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const TOKEN =
  /(?<blank>[ \t\r\n]+)|(?<comment>\(\*)|(?<name>[A-Za-z_.][\w.]*)|(?<number>-?(0[xX][\da-fA-F]+|\d+))|(?<symbol>\/\\|\\\/|=>|==|!=|<>|[{}[\]();,|:=*&~%$])/y;

/** Where the comment that begins at `start` ends, if it does: comments nest. */
export function endOfComment(text: string, start: number): number | undefined {
  let depth = 0;
  for (const { 0: mark, index } of text.slice(start).matchAll(/\(\*|\*\)/g)) {
    depth += mark === "(*" ? 1 : -1;
    if (depth === 0) return start + index + mark.length;
  }
  return undefined;
}

/** Tokens, one after the other. Names and symbols compare as they are written. */
export class Tokens {
  readonly file: string;
  private readonly tokens: Token[] = [];
  private next = 0;

  /**
   * @param line the number of the text's first line
   * @throws {LitmusError} at a character that begins no word
   */
  constructor(file: string, text: string, line: number) {
    this.file = file;
    let at = 0;
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(text)?.groups;
      if (groups === undefined) this.refuse({ kind: "symbol", text: text[at]!, line }, "a name, a number or a symbol");
      const end = groups.comment === undefined ? TOKEN.lastIndex : endOfComment(text, at);
      if (end === undefined) this.refuse({ kind: "symbol", text: "(*", line }, "a comment that ends with *)");
      const word = text.slice(at, end);
      for (const kind of ["name", "number", "symbol"] as const) {
        if (groups[kind] !== undefined) this.tokens.push({ kind, text: word, line });
      }
      line += word.split("\n").length - 1;
      at = end;
    }
    this.tokens.push({ kind: "end", text: "", line });
  }

  /** The token that comes next, or the one `ahead` of it. */
  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  /** Whether the next token is one of these; then it is taken. */
  accept(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek();
    if (kind === "end" || !texts.includes(text)) return false;
    this.next++;
    return true;
  }

  expect(text: string, after = ""): void {
    if (!this.accept(text)) this.refuse(this.peek(), `"${text}"${after}`);
  }

  name(what: string): Token {
    if (this.peek().kind !== "name") this.refuse(this.peek(), what);
    return this.take();
  }

  number(what: string): bigint {
    const token = this.peek();
    if (token.kind !== "number") this.refuse(token, what);
    this.take();
    return token.text.startsWith("-") ? -BigInt(token.text.slice(1)) : BigInt(token.text);
  }

  refuse({ kind, text, line }: Token, expected: string): never {
    const received = kind === "end" ? "the end of the file" : `"${text}"`;
    throw new LitmusError(`Cannot read ${this.file}, line ${line}: received ${received}; expected ${expected}`);
  }
}
