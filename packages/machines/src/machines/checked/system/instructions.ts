import { INSTRUCTIONS, type StoppingInstruction } from "../../../program/instructions.js";
import type { Recorder, Recording } from "../properties/recorder.js";
import { Violated } from "../properties/violation.js";
import { Channels } from "./channels.js";
import type { LocalState } from "./local-states.js";
import type { Line } from "./order.js";

export interface InstructionOptions {
  readonly history: Recorder | undefined;
  readonly line: Line | undefined;
  readonly failureName: (reason: number) => string;
}

/** The machine instructions. The clock stands still: a program that waits for time waits for ever. */
export class Instructions {
  /** Called for each mark, invocation and result, with the processor that is about to say it. */
  onSaid: ((processor: number) => void) | undefined;
  readonly #system: Recording;
  readonly #options: InstructionOptions;
  readonly #channels: Channels;
  readonly #answers: Readonly<Record<StoppingInstruction, (processor: number, state: LocalState) => void>> = {
    clock: () => {},
    counter: () => {},
    fail: (processor, state) => {
      const reason = this.#options.failureName(state.arguments[0]!);
      const place = this.#system.local.placeOf(state);
      throw new Violated("failure", `processor ${processor}: fail(${reason}) ${place}`);
    },
    mark: (processor, { arguments: [event = 0] }) => {
      this.onSaid?.(processor);
      this.#options.line?.marked(processor, event);
    },
    invoke: (processor, { arguments: [operation = 0, argument = 0] }) => {
      this.onSaid?.(processor);
      this.#options.history?.invoke(this.#system, processor, operation, argument);
    },
    result: (processor, { arguments: [value = 0] }) => {
      this.onSaid?.(processor);
      this.#options.history?.result(this.#system, processor, value);
    },
    send: (processor, { arguments: [to = 0, value = 0] }) => this.#channels.send(processor, to, value),
    receive: (processor, { arguments: [from = 0] }) => {
      this.#system.cells.low = this.#channels.receive(from, processor);
    },
  };

  constructor(system: Recording, options: InstructionOptions) {
    this.#system = system;
    this.#options = options;
    this.#channels = new Channels(system.cells, system.sequences);
  }

  /** Whether the instruction of a state must wait for another processor. */
  blocks(processor: number, state: LocalState): boolean {
    return state.effect === "receive" && this.#channels.blocks(state.arguments[0]!, processor);
  }

  /** Whether others cannot tell when the instruction of a state takes place. */
  isLocal({ instruction }: LocalState): boolean {
    switch (INSTRUCTIONS[instruction!].effect) {
      case "nothing":
      case "end":
        return true;
      case "history":
        return this.#options.history === undefined;
      case "send":
      case "receive":
        return false;
    }
  }

  /**
   * Leaves its result in the cells' low and high.
   *
   * @throws {Violated} if it is wrong
   */
  execute(processor: number, state: LocalState): void {
    const { cells } = this.#system;
    cells.low = cells.high = 0;
    this.#answers[state.instruction!](processor, state);
  }
}
