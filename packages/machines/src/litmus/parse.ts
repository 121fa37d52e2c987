/**
 * Reads herd7's `.litmus` files for X86 and X86_64:
 *
 *     X86 SB
 *     "Fre PodWR Fre PodWR"                  what it is, and lines Key=value; all this may be missing
 *     { x=0; int y=0; 0:EAX=1; }             initial state; what is not named is 0
 *      P0          | P1          ;           a thread a column
 *      MOV [x],$1  | MOV [y],$1  ;
 *      MOV EAX,[y] | MOV EAX,[x] ;
 *     locations [x;]                         what to show beside what the condition names
 *     exists (0:EAX=0 /\ 1:EAX=0)            or ~exists, or forall; final is an old exists
 *     with tso: exists; sc: ~exists          what is expected under a model
 */
import { type Header, readHeader } from "./header.js";
import { InstructionParser } from "./instructions.js";
import type { Initial, Instruction, LitmusTest, Quantifier, Thread, Type } from "./litmus-test.js";
import { FALSE, type Proposition, TRUE } from "./proposition.js";
import { findRegister } from "./registers.js";
import { type Token, Tokens } from "./tokens.js";
import { type Value, type Variable, variableText, type Width } from "./variable.js";

/** Of propositions within each other, so that whoever reads them needs no more of the stack than there is. */
const MOST_NESTED = 500;

const C_TYPES: Readonly<Record<string, Type>> = {
  char: { width: 8, signed: true },
  short: { width: 16, signed: true },
  int: { width: 32, signed: true },
  unsigned: { width: 32, signed: false },
  long: { width: 64, signed: true },
};

/**
 * Reads a litmus test.
 *
 * @param file the name for messages
 * @throws {LitmusError} if the text is none, or has an instruction that is not known; with the line and what was expected
 */
export function parseLitmus(file: string, text: string): LitmusTest {
  const header = readHeader(file, text);
  return new Parser(new Tokens(file, text.slice(header.end), header.line), header).test();
}

class Parser {
  private readonly tokens: Tokens;
  private readonly header: Header;

  constructor(tokens: Tokens, header: Header) {
    this.tokens = tokens;
    this.header = header;
  }

  test(): LitmusTest {
    const { tokens, header } = this;
    const initial = this.initialState();
    const threads = this.threads(initial);
    const numbers = new Set(threads.map(({ number }) => number));
    for (const { variable, token } of initial) this.checkThread(variable, token, numbers);
    const variable = () => this.variableOf(numbers);
    const locations = tokens.accept("locations") ? this.locations(variable) : [];
    const filter = tokens.accept("filter") ? this.proposition(variable) : undefined;
    const { quantifier, proposition } = this.condition(variable);
    tokens.accept(";");
    const kinds = tokens.accept("with") ? this.kinds() : new Map();
    if (tokens.peek().kind !== "end") tokens.refuse(tokens.peek(), "the end of the condition");
    return {
      file: tokens.file,
      architecture: header.architecture,
      name: header.name,
      expected: header.expected,
      initial: initial.map(({ token: _, ...each }) => each),
      threads,
      locations,
      filter,
      quantifier,
      proposition,
      kinds,
    };
  }

  private initialState(): (Initial & { readonly token: Token })[] {
    const { tokens } = this;
    const initial = new Map<string, Initial & { readonly token: Token }>();
    tokens.expect("{");
    while (!tokens.accept("}")) {
      if (tokens.accept(";")) continue;
      const token = tokens.peek();
      const entry = this.initial();
      const text = variableText(entry.variable);
      if (initial.has(text)) tokens.refuse(token, `one initial value of ${text}`);
      initial.set(text, { ...entry, token });
      if (tokens.peek().text !== "}") tokens.expect(";", " or } after an initial value");
    }
    return [...initial.values()];
  }

  /** `x`, `x=1`, `int x=1`, `0:EAX=x`, `int *p=&x`. */
  private initial(): Initial {
    const { tokens } = this;
    tokens.accept("_Atomic");
    const type = this.atType() ? this.type(tokens.take()) : undefined;
    const pointer = tokens.accept("*");
    const variable = this.variable();
    if (tokens.peek().text === "[") tokens.refuse(tokens.peek(), "a location of one value, no array");
    if (!tokens.accept("=")) return { variable, type: pointer ? "pointer" : type, value: 0n };
    tokens.accept("&");
    const value = this.value("an initial value: a number or a location");
    return { variable, type: pointer || typeof value === "object" ? "pointer" : type, value };
  }

  /** Whether a type comes next: a name with a variable or an asterisk after it. */
  private atType(): boolean {
    const [first, second, third] = [0, 1, 2].map((ahead) => this.tokens.peek(ahead)) as [Token, Token, Token];
    if (first.kind !== "name") return false;
    return (
      ["name", "number"].includes(second.kind) || second.text === "*" || (second.text === "[" && third.kind === "name")
    );
  }

  private type(token: Token): Type {
    const sized = /^(u?)int(8|16|32|64)_t$/.exec(token.text);
    if (sized) return { width: Number(sized[2]) as Width, signed: sized[1] === "" };
    if (Object.hasOwn(C_TYPES, token.text)) return C_TYPES[token.text]!;
    return this.tokens.refuse(token, `a type: int8_t to uint64_t, ${Object.keys(C_TYPES).join(", ")}`);
  }

  private value(what: string): Value {
    return this.tokens.peek().kind === "name" ? { address: this.tokens.take().text } : this.tokens.number(what);
  }

  /** `0:EAX` or `P0:EAX`, `x` or `[x]`. */
  private variable(): Variable {
    const { tokens } = this;
    if (tokens.accept("[")) {
      const { text } = tokens.name("a location");
      tokens.expect("]");
      return { kind: "location", name: text };
    }
    const token = tokens.peek();
    const thread = /^P?(\d+)$/.exec(token.text);
    if (thread === null || tokens.peek(1).text !== ":") {
      return { kind: "location", name: tokens.name("a location or a thread's register, such as x or 0:EAX").text };
    }
    tokens.take();
    tokens.expect(":");
    tokens.accept("%");
    const name = tokens.name("a register");
    const register = findRegister(this.header.architecture, name.text);
    return { kind: "register", thread: Number(thread[1]), register: register ?? tokens.refuse(name, "a register") };
  }

  private variableOf(threads: ReadonlySet<number>): Variable {
    const token = this.tokens.peek();
    const variable = this.variable();
    this.checkThread(variable, token, threads);
    return variable;
  }

  private checkThread(variable: Variable, token: Token, threads: ReadonlySet<number>): void {
    if (variable.kind === "location" || threads.has(variable.thread)) return;
    this.tokens.refuse(token, `a thread: ${[...threads].map((number) => `P${number}`).join(", ")}`);
  }

  /** The columns: each row has a cell for each thread, with labels and at most one instruction. */
  private threads(initial: readonly Initial[]): Thread[] {
    const { tokens } = this;
    const columns: { readonly number: number; readonly cells: Cell[] }[] = [];
    tokens.accept(";");
    do {
      const token = tokens.name("a thread, such as P0");
      const number = Number(/^P(\d+)$/.exec(token.text)?.[1] ?? tokens.refuse(token, "a thread, such as P0"));
      if (columns.some((column) => column.number === number)) tokens.refuse(token, "another thread's name");
      columns.push({ number, cells: [] });
    } while (tokens.accept("|"));
    tokens.expect(";", " or | after a thread's name");
    const parser = new InstructionParser(tokens, this.header.architecture, locationWidths(initial));
    while (!this.atCondition()) {
      columns.forEach(({ cells }, i) => {
        this.cell(parser, cells);
        const last = i === columns.length - 1;
        tokens.expect(last ? ";" : "|", ` after the instruction of P${columns[i]!.number}`);
      });
    }
    return columns.map(({ number, cells }) => ({ number, instructions: this.withLabels(cells) }));
  }

  private atCondition(): boolean {
    const { kind, text } = this.tokens.peek();
    return kind === "end" || ["locations", "filter", "exists", "final", "~", "not", "forall", "("].includes(text);
  }

  private cell(parser: InstructionParser, cells: Cell[]): void {
    const { tokens } = this;
    while (tokens.peek().kind === "name" && tokens.peek(1).text === ":") {
      const token = tokens.take();
      tokens.expect(":");
      cells.push({ token, instruction: { kind: "label", label: token.text } });
    }
    if (["|", ";"].includes(tokens.peek().text)) return;
    cells.push({ token: tokens.peek(), instruction: parser.instruction() });
  }

  private withLabels(cells: readonly Cell[]): Instruction[] {
    const labels = new Set<string>();
    for (const { token, instruction } of cells) {
      if (instruction.kind !== "label") continue;
      if (labels.has(instruction.label)) this.tokens.refuse(token, "a label that the thread does not have yet");
      labels.add(instruction.label);
    }
    for (const { token, instruction } of cells) {
      if (instruction.kind !== "jump" || labels.has(instruction.label)) continue;
      this.tokens.refuse({ ...token, text: `${token.text} ${instruction.label}` }, "a jump to a label of the thread");
    }
    return cells.map(({ instruction }) => instruction);
  }

  private locations(variable: () => Variable): Variable[] {
    const { tokens } = this;
    const variables: Variable[] = [];
    tokens.expect("[", " after locations");
    while (!tokens.accept("]")) {
      variables.push(variable());
      if (tokens.peek().text !== "]") tokens.expect(";", " or ] after a location");
    }
    return variables;
  }

  private condition(variable: () => Variable): { quantifier: Quantifier; proposition: Proposition } {
    if (this.tokens.peek().kind === "end") return { quantifier: "forall", proposition: TRUE };
    const quantifier = this.tokens.peek().text === "(" ? "exists" : this.quantifier();
    return { quantifier, proposition: this.proposition(variable) };
  }

  private quantifier(): Quantifier {
    const { tokens } = this;
    if (tokens.accept("forall")) return "forall";
    if (tokens.accept("final")) return "exists";
    const negated = tokens.accept("~", "not");
    if (!tokens.accept("exists")) tokens.refuse(tokens.peek(), negated ? '"exists"' : "exists, ~exists or forall");
    return negated ? "~exists" : "exists";
  }

  private kinds(): Map<string, Quantifier> {
    const kinds = new Map<string, Quantifier>();
    do {
      const model = this.tokens.name("a model").text;
      this.tokens.expect(":", " after a model");
      kinds.set(model, this.quantifier());
    } while (this.tokens.accept(";") && this.tokens.peek().kind !== "end");
    return kinds;
  }

  /** Or binds least, then and, implies, not. */
  private proposition(variable: () => Variable): Proposition {
    const { tokens } = this;
    let depth = 0;
    const within = (read: () => Proposition): Proposition => {
      if (++depth > MOST_NESTED) {
        tokens.refuse(tokens.peek(), `at most ${MOST_NESTED} propositions within each other`);
      }
      const proposition = read();
      depth--;
      return proposition;
    };
    const list = (kind: "or" | "and", symbol: string, part: () => Proposition): Proposition => {
      const of = [part()];
      while (tokens.accept(symbol)) of.push(part());
      return of.length === 1 ? of[0]! : { kind, of };
    };
    const or = (): Proposition => list("or", "\\/", and);
    const and = (): Proposition => list("and", "/\\", implies);
    const implies = (): Proposition => {
      const premise = not();
      return tokens.accept("=>") ? { kind: "implies", premise, conclusion: within(implies) } : premise;
    };
    const not = (): Proposition => (tokens.accept("~", "not") ? { kind: "not", of: within(not) } : atom());
    const atom = (): Proposition => {
      if (tokens.accept("true")) return TRUE;
      if (tokens.accept("false")) return FALSE;
      if (!tokens.accept("(")) return this.equality(variable);
      const inner = within(or);
      tokens.expect(")", " after a proposition");
      return inner;
    };
    return or();
  }

  private equality(variable: () => Variable): Proposition {
    const { tokens } = this;
    const left = variable();
    const different = tokens.accept("!=", "<>");
    if (!different && !tokens.accept("==")) tokens.expect("=", ` after ${variableText(left)}`);
    const dereferenced = tokens.accept("*");
    const register = tokens.peek(1).text === ":";
    const right =
      dereferenced || register || tokens.peek().text === "["
        ? variable()
        : this.value(`what ${variableText(left)} is to be equal to`);
    const equal: Proposition = { kind: "equal", left, right };
    return different ? { kind: "not", of: equal } : equal;
  }
}

interface Cell {
  readonly token: Token;
  readonly instruction: Instruction;
}

function locationWidths(initial: readonly Initial[]): ReadonlyMap<string, Width> {
  const widths = new Map<string, Width>();
  for (const { variable, type } of initial) {
    if (variable.kind === "location" && typeof type === "object") widths.set(variable.name, type.width);
  }
  return widths;
}
