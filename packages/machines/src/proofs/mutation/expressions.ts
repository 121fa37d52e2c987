/**
 * A function's stack code as expressions: what each instruction takes from the stack, and how far that reaches back.
 */
import type { Body } from "../../wasm/decode.js";
import type { FunctionType, Module } from "../../wasm/module.js";
import type { Operator } from "../../wasm/operators.js";

/** An instruction with its operands. Operators are numbered within their function. */
export interface Expression {
  readonly operator: Operator;
  /** The byte behind the operator. */
  readonly end: number;
  /**
   * The operator's own number, that of the first one which it depends on, and that of its last: the `end` of a block.
   */
  readonly at: number;
  readonly first: number;
  readonly last: number;
  readonly operands: readonly Expression[];
  /** How many values it leaves on the stack. */
  readonly results: number;
  /** Of blocks, loops and ifs: what their parts leave behind, in order. */
  readonly bodies: readonly (readonly Expression[])[];
}

/** A function, as its outermost block. */
export interface Code {
  readonly function: number;
  readonly operators: readonly Operator[];
  /** Where each operator begins, and where the last one ends. */
  readonly offsets: readonly number[];
  readonly statements: readonly Expression[];
}

interface Frame {
  readonly begin: Operator | undefined;
  readonly at: number;
  readonly condition: Expression | undefined;
  readonly results: number;
  readonly stack: Expression[];
  readonly statements: Expression[];
  readonly bodies: Expression[][];
}

/** `end`: the byte behind the body. */
export function expressionsOf(module: Module, body: Body, end: number): Code {
  const operators = [...body.operators];
  const offsets = [...operators.map(({ offset }) => offset), end];
  const results = module.functions[body.index]!.results.length;
  const frames: Frame[] = [frame(undefined, 0, undefined, results)];
  operators.forEach((operator, at) => {
    const top = frames.at(-1)!;
    const { name } = operator;
    if (name === "block" || name === "loop" || name === "if") {
      const condition = name === "if" ? top.stack.pop() : undefined;
      frames.push(frame(operator, at, condition, operator.blockType!.results.length));
    } else if (name === "else") {
      top.bodies.push(top.statements.splice(0));
      top.stack.length = 0;
    } else if (name === "end") {
      if (top.begin === undefined) return;
      frames.pop();
      top.bodies.push(top.statements.splice(0));
      const operands = top.condition ? [top.condition] : [];
      const { begin, bodies, results } = top;
      const first = top.condition?.first ?? top.at;
      push(frames.at(-1)!, {
        operator: begin,
        end: offsets[top.at + 1]!,
        at: top.at,
        first,
        last: at,
        operands,
        results,
        bodies,
      });
    } else {
      const [pops, results] = effectOf(module, operator, frames);
      // After a branch anything may be taken from the stack: then there are fewer.
      const operands = pops === 0 ? [] : top.stack.splice(-pops);
      const first = operands[0]?.first ?? at;
      push(top, { operator, end: offsets[at + 1]!, at, first, last: at, operands, results, bodies: [] });
    }
  });
  return { function: body.index, operators, offsets, statements: frames[0]!.statements };
}

function frame(begin: Operator | undefined, at: number, condition: Expression | undefined, results: number): Frame {
  return { begin, at, condition, results, stack: [], statements: [], bodies: [] };
}

function push(frame: Frame, expression: Expression): void {
  for (let i = 0; i < expression.results; i++) frame.stack.push(expression);
  // A value that a block ends with, or that waits for its instruction, is a statement until it is taken.
  frame.statements.push(expression);
  for (const operand of expression.operands) remove(frame.statements, operand);
}

function remove(statements: Expression[], taken: Expression): void {
  const at = statements.lastIndexOf(taken);
  if (at >= 0) statements.splice(at, 1);
}

const EFFECTS: readonly (readonly [pattern: RegExp, pops: number, results: number])[] = [
  [/\.const$|^(local|global)\.get$|^memory\.size$/, 0, 1],
  [/^(local|global)\.set$|^drop$|^br_if$/, 1, 0],
  [/^local\.tee$|^memory\.grow$|\.load/, 1, 1],
  [/\.store/, 2, 0],
  [/\.cmpxchg|^memory\.atomic\.wait|^select/, 3, 1],
  [/\.rmw|^memory\.atomic\.notify$/, 2, 1],
  [/^memory\.(fill|copy|init)$/, 3, 0],
  [/^(nop|unreachable|atomic\.fence|data\.drop)$/, 0, 0],
  [/\.(eqz|clz|ctz|popcnt|extend|wrap|trunc|convert|reinterpret|promote|demote|neg|abs|ceil|floor|nearest|sqrt)/, 1, 1],
];

/** What an instruction takes from the stack, and puts there. */
function effectOf(
  module: Module,
  operator: Operator,
  frames: readonly Frame[],
): readonly [pops: number, results: number] {
  const { name } = operator;
  const call = ({ parameters, results }: FunctionType) => [parameters.length, results.length] as const;
  if (name === "call") return call(module.functions[operator.index!]!);
  if (name === "call_indirect") {
    const [pops, results] = call(operator.type!);
    return [pops + 1, results];
  }
  if (name === "return") return [frames[0]!.results, 0];
  if (name === "br" || name === "br_table") {
    const depth = name === "br" ? operator.depth! : operator.depths!.at(-1)!;
    const target = frames.at(-1 - depth)!;
    return [(target.begin?.name === "loop" ? 0 : target.results) + (name === "br_table" ? 1 : 0), 0];
  }
  const known = EFFECTS.find(([pattern]) => pattern.test(name));
  // What is left computes one number from two.
  return known ? [known[1], known[2]] : [2, 1];
}

/** An expression and all in it, those first that are executed first. */
export function* within(expression: Expression): Iterable<Expression> {
  for (const operand of expression.operands) yield* within(operand);
  for (const body of expression.bodies) for (const each of body) yield* within(each);
  yield expression;
}

/** Every list of statements of a function: its own, and those of the blocks in it. */
export function* blocksOf(statements: readonly Expression[]): Iterable<readonly Expression[]> {
  yield statements;
  for (const statement of statements) {
    for (const each of within(statement)) yield* each.bodies;
  }
}
