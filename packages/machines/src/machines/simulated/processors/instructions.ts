import { INSTRUCTIONS, type StoppingInstruction } from "../../../program/instructions.js";
import { type RunOptions, UnavailableError } from "../../machine.js";
import type { EventQueue } from "../events.js";
import type { Messages } from "../network/messages.js";
import type { SimulatedProcessor } from "./simulated-processor.js";

/** One 64-bit float, and its bits. */
const float = new Float64Array(1);
const bits = new Int32Array(float.buffer);

/** What the machine instructions need to know of a run. */
export interface InstructionOptions {
  readonly machine: string;
  readonly processors: number;
  readonly events: EventQueue;
  /** Absent on machines without messages; with the cycles that a processor takes for each. */
  readonly messages: { readonly network: Messages; readonly send: number; readonly receive: number } | undefined;
  /** By processor, as the memory system counts them. */
  readonly networkReferences: Float64Array;
  /** What a processor's hardware has counted; kernel/machine.ts has the kinds. */
  readonly counter: (processor: number, kind: number) => number;
  readonly onMark: RunOptions["onMark"];
  /** The name that the program gives an event. */
  readonly eventName: (event: number) => string;
  /** Says that a processor failed, for the reason that the program gives. */
  readonly fail: (processor: SimulatedProcessor, reason: number) => Error;
}

/** The machine instructions that stop a processor (kernel/machine.ts); the others never leave register code. */
export class Instructions {
  readonly #options: InstructionOptions;
  /** By processor: its network references when it arrived; -1 while it does not wait. */
  readonly #atArrival: Float64Array;
  /** Each executes the processor's instruction; whether that is over, so that the processor goes on. */
  readonly #answers: Readonly<
    Record<StoppingInstruction, (processor: SimulatedProcessor, goOn: () => void) => boolean>
  > = {
    clock: (processor) => {
      float[0] = processor.at;
      processor.low = bits[0]!;
      processor.high = bits[1]!;
      return true;
    },
    counter: (processor) => {
      processor.low = this.#options.counter(processor.index, processor.first) | 0;
      processor.high = 0;
      return true;
    },
    fail: (processor) => {
      throw this.#options.fail(processor, processor.first);
    },
    mark: (processor) => this.#mark(processor),
    invoke: () => true,
    result: () => true,
    send: (processor) => this.#send(processor),
    receive: (processor, goOn) => this.#receive(processor, goOn),
  };

  constructor(options: InstructionOptions) {
    this.#options = options;
    this.#atArrival = new Float64Array(options.networkReferences.length).fill(-1);
  }

  /**
   * Executes an instruction that nobody else can tell the moment of; whether it is one.
   *
   * @throws {Error} for fail
   */
  executeAtOnce(processor: SimulatedProcessor): boolean {
    const { effect } = INSTRUCTIONS[processor.instruction];
    return effect !== "send" && effect !== "receive" && this.execute(processor, () => {});
  }

  /**
   * Executes an instruction in its turn.
   *
   * @param goOn lets the processor go on, later, if it waits
   * @returns whether it does not wait
   */
  execute(processor: SimulatedProcessor, goOn: () => void): boolean {
    return this.#answers[processor.instruction](processor, goOn);
  }

  /** A wait is from an arrival to the lock's acquisition, or to the end of the barrier's episode. */
  #mark(processor: SimulatedProcessor): true {
    const { index, first, second, at } = processor;
    const event = this.#options.eventName(first);
    const references = this.#options.networkReferences[index]!;
    if (event === "Arrived") {
      this.#atArrival[index] = references;
    } else if ((event === "Acquired" || event === "Left") && this.#atArrival[index]! >= 0) {
      processor.waits++;
      processor.waitingNetworkReferences += references - this.#atArrival[index]!;
      this.#atArrival[index] = -1;
    }
    this.#options.onMark?.(index, event, second, at);
    return true;
  }

  /** Messages leave in order of time. */
  #send(processor: SimulatedProcessor): true {
    const { first: to, second: value } = processor;
    const { network, send } = this.#messages(processor, "send to", to);
    processor.at += send;
    this.#options.networkReferences[processor.index]!++;
    this.#options.events.call(processor.at, processor.key, (now) => network.send(now, processor.index, to, value));
    return true;
  }

  /** Whether a message is there; the processor goes on when one has come. */
  #receive(processor: SimulatedProcessor, goOn: () => void): boolean {
    const { first: from } = processor;
    const { network, receive } = this.#messages(processor, "receive from", from);
    let waited = false;
    let received = false;
    network.receive(processor.at, processor.index, from, (value, now) => {
      received = true;
      processor.low = value;
      processor.at = now + receive;
      if (waited) goOn();
    });
    waited = !received;
    return received;
  }

  #messages(processor: SimulatedProcessor, what: string, peer: number) {
    const { machine, messages, processors } = this.#options;
    if (messages === undefined) throw new UnavailableError(`${machine} passes no messages`, "messages");
    if (peer >= processors) {
      throw new Error(
        `Cannot ${what} processor ${peer}: expected 0 to ${processors - 1} (processor ${processor.index})`,
      );
    }
    return messages;
  }
}
