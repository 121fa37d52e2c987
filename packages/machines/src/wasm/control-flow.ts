import type { CodeWriter } from "./code-writer.js";
import { negated } from "./comparisons.js";
import type { FunctionType } from "./module.js";
import type { OperandStack } from "./operand-stack.js";

/** A block, loop or if that is open. */
interface Block {
  readonly kind: "block" | "loop" | "if" | "function";
  /** The height of the operand stack below its parameters. */
  readonly height: number;
  readonly parameters: number;
  readonly results: number;
  /** Loops: the pc of their beginning. */
  readonly begin: number;
  /** The pcs of words that are to name the pc after its end. */
  readonly exits: number[];
  /** Ifs: the pc of the word that is to name the else part, until that is there. */
  otherwise: number | undefined;
}

/** Stands in a branch for a pc that is not known yet. */
const UNKNOWN = 0;

/**
 * Structured control as branches. Where two paths meet, operands are in their own registers and no local is on the
 * stack, so that both mean the same by them.
 */
export class ControlFlow {
  readonly #code: CodeWriter;
  readonly #stack: OperandStack;
  readonly #linkage: number;
  readonly #open: Block[] = [];
  /** Blocks that were opened in code that control cannot get to. */
  #skipped = 0;
  /** Whether control can get to the next instruction. */
  reachable = true;

  /** `linkage`: the offset of the register by which the function returns. */
  constructor(code: CodeWriter, stack: OperandStack, linkage: number, results: number) {
    this.#code = code;
    this.#stack = stack;
    this.#linkage = linkage;
    this.#push("function", 0, results, undefined);
  }

  /** Passes over an instruction that control cannot get to, up to the end of the block it is in. */
  skip(name: string): void {
    if (name === "block" || name === "loop" || name === "if") this.#skipped++;
    else if (name === "end" && this.#skipped > 0) this.#skipped--;
    else if (name === "end") this.end();
    else if (name === "else" && this.#skipped === 0) this.otherwise();
  }

  block(kind: "block" | "loop", type: FunctionType): void {
    this.#settle(type);
    this.#push(kind, type.parameters.length, type.results.length, undefined);
  }

  if(type: FunctionType): void {
    const condition = this.#popCondition();
    this.#settle(type);
    const otherwise = condition(false);
    this.#push("if", type.parameters.length, type.results.length, otherwise);
  }

  #settle({ parameters }: FunctionType): void {
    this.#stack.settleLocals();
    this.#stack.settle(this.#stack.height - parameters.length);
  }

  #push(kind: Block["kind"], parameters: number, results: number, otherwise: number | undefined): void {
    const height = this.#stack.height - parameters;
    const begin = this.#code.pc;
    if (kind === "loop") this.#stack.labelled();
    this.#open.push({ kind, height, parameters, results, begin, exits: [], otherwise });
  }

  /** The else of the innermost if. */
  otherwise(): void {
    const block = this.#open.at(-1)!;
    this.#leave(block);
    this.#code.writePc(block.otherwise!, this.#code.pc);
    block.otherwise = undefined;
    this.#resume(block, block.parameters);
  }

  end(): void {
    const block = this.#open.pop()!;
    if (block.kind === "function") {
      if (this.reachable) this.#return(block);
      return;
    }
    if (this.reachable) this.#stack.move(block.height, block.results);
    if (block.otherwise !== undefined) this.#code.writePc(block.otherwise, this.#code.pc);
    for (const word of block.exits) this.#code.writePc(word, this.#code.pc);
    const reachable = this.reachable || block.otherwise !== undefined || block.exits.length > 0;
    this.#resume(block, block.results);
    this.reachable = reachable;
  }

  /** From here on, control comes from elsewhere too, with that many operands of the block. */
  #resume(block: Block, operands: number): void {
    this.reachable = true;
    this.#stack.cut(block.height);
    this.#stack.pushResults(operands);
    this.#stack.labelled();
  }

  /** Ends the first part of an if: on to its end. */
  #leave(block: Block): void {
    if (!this.reachable) return;
    this.#stack.move(block.height, block.results);
    block.exits.push(this.#code.emit("branch", UNKNOWN) + 4);
  }

  branch(depth: number): void {
    this.#go(this.#blockAt(depth));
    this.reachable = false;
  }

  branchIf(depth: number): void {
    const block = this.#blockAt(depth);
    const condition = this.#popCondition();
    if (this.#isDirect(block)) {
      this.#name(block, condition(true));
      return;
    }
    const around = condition(false);
    this.#go(block);
    this.#code.writePc(around, this.#code.pc);
    this.#stack.labelled();
  }

  branchTable(depths: readonly number[]): void {
    const index = this.#stack.pop();
    this.#code.emit("branchTable", index, depths.length - 1);
    const first = this.#code.pc;
    for (const _ of depths) this.#code.word(UNKNOWN);
    const detours = new Map<Block, number>();
    for (const [i, depth] of depths.entries()) {
      const block = this.#blockAt(depth);
      const word = first + 4 * i;
      if (this.#isDirect(block)) {
        this.#name(block, word);
        continue;
      }
      if (!detours.has(block)) {
        detours.set(block, this.#code.pc);
        this.#go(block);
      }
      this.#code.writePc(word, detours.get(block)!);
    }
    this.reachable = false;
  }

  return(): void {
    this.#return(this.#open[0]!);
    this.reachable = false;
  }

  #blockAt(depth: number): Block {
    return this.#open[this.#open.length - 1 - depth]!;
  }

  #operandsOf({ kind, parameters, results }: Block): number {
    return kind === "loop" ? parameters : results;
  }

  /** Whether a branch to the block needs no instructions but itself. */
  #isDirect(block: Block): boolean {
    return block.kind !== "function" && this.#stack.isAt(block.height, this.#operandsOf(block));
  }

  /** Lets the word at a pc name the block's target. */
  #name(block: Block, word: number): void {
    if (block.kind === "loop") this.#code.writePc(word, block.begin);
    else block.exits.push(word);
  }

  /** Branches with the topmost operands, which stay on the stack. */
  #go(block: Block): void {
    if (block.kind === "function") {
      this.#return(block);
      return;
    }
    this.#stack.move(block.height, this.#operandsOf(block));
    this.#name(block, this.#code.emit("branch", UNKNOWN) + 4);
  }

  #return({ results }: Block): void {
    const from = this.#stack.height - results;
    if (results === 0) {
      this.#code.emit("returnNone", this.#linkage);
    } else if (results === 1) {
      const operand = this.#stack.peek();
      const register = typeof operand === "number" ? operand : this.#stack.registerAt(from);
      this.#stack.place(from, register);
      this.#code.emit("returnOne", this.#linkage, 8 * register);
    } else {
      this.#stack.move(from, results);
      this.#code.emit("returnMany", this.#linkage, 8 * this.#stack.registerAt(from), results);
    }
  }

  /**
   * Pops a condition; a comparison that was just written becomes part of the branch. The function returned writes a
   * branch that is taken where the condition is as it says, and returns the pc of its target.
   */
  #popCondition(): (taken: boolean) => number {
    const stack = this.#stack;
    const code = this.#code;
    const name = stack.producerName();
    const other = name && negated(name);
    if (other) {
      const operands = stack.undoProducer();
      return (taken) => {
        code.emit(`branch.${taken ? name : other}`, ...operands, UNKNOWN);
        return code.pc - 4;
      };
    }
    const register = stack.pop();
    return (taken) => {
      code.emit(taken ? "branch.i32.nez" : "branch.i32.eqz", register, UNKNOWN);
      return code.pc - 4;
    };
  }
}
