/**
 * What processors ask of an object, and what they are told: they say so by two instructions, operation by operation.
 *
 *     invoke(operation, argument)    the processor invokes operation 0, 1, ...
 *     result(value)                  the operation that it invoked has returned; 0 for those without a result
 *
 * All that matters of a history is which operations had returned before which others were invoked. So each processor has a
 * cell of its own, a sequence: for each operation its number, its argument, how many operations of each processor had
 * returned when it was invoked, and its result once it has returned. Two executions whose cells are equal have equivalent
 * histories. An invocation looks at all of these cells, a return changes one.
 */

import type { Loaded } from "../system/loading.js";
import { isLinearizable, type Operation } from "./linearizability.js";
import type { Recorder, Recording } from "./recorder.js";
import { Specification } from "./specification.js";
import { Violated } from "./violation.js";

/** Bytes of V8's heap that a history takes beside its text. */
const KEY_BYTES = 64;

export class History implements Recorder {
  readonly #specification: Specification;
  readonly #operationName: (operation: number) => string;
  /** Histories that are linearizable, by their words: systems that were made anew number them anew. */
  readonly #known = new Set<string>();

  /** Compares with the operations of an object, one at a time, that an entry point says; see Specification. */
  constructor(loaded: Loaded, specification: string) {
    this.#specification = new Specification(loaded, specification);
    this.#operationName = loaded.operationName;
  }

  invoke(recording: Recording, processor: number, operation: number, argument: number): void {
    const { cells, effects, sequences, processors } = recording;
    const words = wordsAt(recording, processor);
    if (isPending(words, processors)) throw unexpected(processor, "an invocation", "a return");
    const returned = Array.from({ length: processors }, (_, other) => {
      const its = cells.ofHistory(other);
      effects.push(2 * its);
      return Math.floor(sequences.of(its).length / wordsOf(processors));
    });
    sequences.put(cells.ofHistory(processor), [...words, operation, argument, ...returned]);
  }

  result(recording: Recording, processor: number, value: number): void {
    const { cells, sequences, processors } = recording;
    const words = wordsAt(recording, processor);
    if (!isPending(words, processors)) throw unexpected(processor, "a return", "an invocation");
    sequences.change(cells.ofHistory(processor), [...words, value]);
    this.#check(recording);
  }

  #check({ cells, local, sequences, processors }: Recording): void {
    const histories = Array.from({ length: processors }, (_, p) => sequences.of(cells.ofHistory(p)));
    const key = histories.join(";");
    if (this.#known.has(key)) return;
    const history = histories.map((words) => operationsOf(words, processors));
    if (!isLinearizable(history, this.#specification)) {
      throw new Violated("history", `no order of the operations explains their results: ${this.#describe(history)}`);
    }
    local.kept.take(2 * key.length + KEY_BYTES, 2 * key.length + KEY_BYTES);
    this.#known.add(key);
  }

  /** As in `processor 0: push(1) -> 0, pop(0) -> 1; processor 1: push(2) has not returned`. */
  #describe(history: readonly (readonly Operation[])[]): string {
    return history
      .flatMap((operations, p) => {
        if (operations.length === 0) return [];
        const calls = operations.map(({ operation, argument, result }) => {
          const end = result === undefined ? "has not returned" : `-> ${result}`;
          return `${this.#operationName(operation)}(${argument}) ${end}`;
        });
        return `processor ${p}: ${calls.join(", ")}`;
      })
      .join("; ");
  }
}

function wordsAt({ cells, sequences }: Recording, processor: number): readonly number[] {
  return sequences.of(cells.ofHistory(processor));
}

/** Whether the last operation has not returned. */
function isPending(words: readonly number[], processors: number): boolean {
  return words.length % wordsOf(processors) !== 0;
}

function unexpected(processor: number, received: string, expected: string): Violated {
  return new Violated(
    "failure",
    `Cannot record the history of processor ${processor}: received ${received}; expected ${expected}`,
  );
}

/** Of an operation that has returned. */
function wordsOf(processors: number): number {
  return processors + 3;
}

function operationsOf(words: readonly number[], processors: number): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < words.length; at += wordsOf(processors)) {
    const [operation = 0, argument = 0, ...rest] = words.slice(at, at + wordsOf(processors));
    operations.push({ operation, argument, result: rest[processors], returned: rest.slice(0, processors) });
  }
  return operations;
}
