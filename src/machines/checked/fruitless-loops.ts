import { STOP } from "../../processor/stop.js";
import type { Event } from "./executions.js";
import type { System } from "./system.js";

/** A step of a processor in the execution under way. */
interface Turn {
  readonly event: Event;
  /** Whether it did more than look at shared words and access its processor's own. */
  readonly effective: boolean;
  /** Of the cells' log, before it. */
  readonly mark: number;
}

/** What a processor waits for: that one of these cells has another value. */
interface Wait {
  readonly cells: readonly number[];
  readonly values: readonly number[];
}

/**
 * Keeps processors from repeating a loop that only re-reads words which have not changed. That of one access is not even
 * begun (System.spins); one of several blocks its processor when it has come around.
 *
 * Soundness: such a turn leads to the state that it began in, so that an execution with it has the same states as the one
 * without.
 */
export class FruitlessLoops {
  readonly #system: System;
  readonly #turns: Turn[][];
  readonly #waits: (Wait | undefined)[];
  readonly #undo: (readonly [processor: number, wait: Wait | undefined])[] = [];

  constructor(system: System) {
    this.#system = system;
    this.#turns = Array.from({ length: system.processors }, () => []);
    this.#waits = new Array(system.processors).fill(undefined);
  }

  /** Whether the transition would be, or begin, a turn of such a loop. */
  waits(transition: number): boolean {
    const system = this.#system;
    if (transition >= system.processors) return false;
    const wait = this.#waits[transition];
    if (wait?.cells.every((cell, i) => system.cells.values[cell] === wait.values[i])) return true;
    return system.spins(transition);
  }

  /** After an event; `mark`: of the cells' log, before it. */
  push(event: Event, mark: number): void {
    const processor = this.#system.processorOf(event.transition);
    const { kind } = event.state;
    const effective =
      kind > STOP.compareExchange || event.thread !== processor || event.effects.some((effect) => effect & 1);
    this.#turns[processor]!.push({ event, effective, mark });
    this.#undo.push([processor, this.#waits[processor]]);
    this.#waits[processor] = effective ? undefined : this.#findLoop(processor);
  }

  pop(): void {
    const [processor, wait] = this.#undo.pop()!;
    this.#turns[processor]!.pop();
    this.#waits[processor] = wait;
  }

  #findLoop(processor: number): Wait | undefined {
    const { cells } = this.#system;
    const now = this.#system.stateOf(processor);
    const turns = this.#turns[processor]!;
    let begin = turns.length - 1;
    while (begin >= 0 && !turns[begin]!.effective && turns[begin]!.event.state !== now) begin--;
    if (begin < 0 || turns[begin]!.effective || !cells.ownUnchanged(processor, turns[begin]!.mark)) return undefined;
    const waitFor = new Set<number>();
    for (const { event, mark } of turns.slice(begin)) {
      for (const effect of event.effects) {
        if (cells.valueAt(effect >> 1, mark) !== cells.values[effect >> 1]) return undefined;
        waitFor.add(effect >> 1);
      }
    }
    const waited = [...waitFor];
    return { cells: waited, values: waited.map((cell) => cells.values[cell]!) };
  }
}
