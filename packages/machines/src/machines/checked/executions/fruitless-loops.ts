import { STOP } from "../../../processor/stop.js";
import type { System } from "../system/system.js";
import type { Event } from "./event.js";

/** A step of a processor in the execution under way. */
interface Turn {
  readonly event: Event;
  /** Whether it did more than look at shared words and access its processor's own. */
  readonly effective: boolean;
  /** Of the cells' log, before it. */
  readonly mark: number;
}

/** What a turn of a loop found, by cell; NaN if two of its looks differ. */
type Seen = ReadonlyMap<number, number>;

/**
 * Knows which processors repeat a loop that only reads. That of one access to one word is not even begun
 * (System.awaits); one of several, when it has come around.
 *
 * Soundness: such a turn leads to the state that it began in, so that an execution with it has the same states as the one
 * without.
 */
export class FruitlessLoops {
  readonly #system: System;
  readonly #turns: Turn[][];
  /** By processor: what it found, if its last turn came around. */
  readonly #seen: (Seen | undefined)[];
  readonly #undo: (readonly [processor: number, seen: Seen | undefined])[] = [];

  constructor(system: System) {
    this.#system = system;
    this.#turns = Array.from({ length: system.processors }, () => []);
    this.#seen = new Array(system.processors).fill(undefined);
  }

  /** Whether the transition would be, or begin, a turn of such a loop that finds what the last one found. */
  waits(transition: number): boolean {
    return this.#foundAll(transition) || this.#awaits(transition);
  }

  /** Whether the transition would be, or follow, a turn of such a loop, whatever the next turn may find. */
  cameAround(transition: number): boolean {
    return this.#seen[transition] !== undefined || this.#awaits(transition);
  }

  /** Whether somebody came around who would not find the same again. */
  get isOutdated(): boolean {
    return this.#seen.some((seen, processor) => seen !== undefined && !this.#foundAll(processor));
  }

  #foundAll(transition: number): boolean {
    const seen = this.#seen[transition];
    return seen !== undefined && [...seen].every(([cell, value]) => this.#system.cells.values[cell] === value);
  }

  #awaits(transition: number): boolean {
    return transition < this.#system.processors && this.#system.awaits(transition);
  }

  /** After an event; `mark`: of the cells' log, before it. */
  push(event: Event, mark: number): void {
    const processor = this.#system.transitions.processorOf(event.transition);
    const effective = event.transition !== processor || !this.#onlyLooked(event, mark);
    this.#turns[processor]!.push({ event, effective, mark });
    this.#undo.push([processor, this.#seen[processor]]);
    this.#seen[processor] = effective ? undefined : this.#findTurn(processor);
  }

  pop(): void {
    const [processor, seen] = this.#undo.pop()!;
    this.#turns[processor]!.pop();
    this.#seen[processor] = seen;
  }

  /** Whether it accessed words and left them: by loads, or by read-modify-writes that wrote what they found. */
  #onlyLooked({ state: { kind }, effects }: Event, mark: number): boolean {
    const { cells } = this.#system;
    if (kind === STOP.readModifyWrite || kind === STOP.compareExchange) {
      return effects.every((effect) => cells.valueAt(effect >> 1, mark) === cells.values[effect >> 1]);
    }
    return kind < STOP.readModifyWrite && effects.every((effect) => (effect & 1) === 0);
  }

  #findTurn(processor: number): Seen | undefined {
    const { cells } = this.#system;
    const now = this.#system.stateOf(processor);
    const turns = this.#turns[processor]!;
    let begin = turns.length - 1;
    while (begin >= 0 && !turns[begin]!.effective && turns[begin]!.event.state !== now) begin--;
    if (begin < 0 || turns[begin]!.effective || !cells.ownUnchanged(processor, turns[begin]!.mark)) return undefined;
    const seen = new Map<number, number>();
    for (const { event, mark } of turns.slice(begin)) {
      for (const effect of event.effects) {
        const value = cells.valueAt(effect >> 1, mark);
        seen.set(effect >> 1, (seen.get(effect >> 1) ?? value) === value ? value : Number.NaN);
      }
    }
    return seen;
  }
}
