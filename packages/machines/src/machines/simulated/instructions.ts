import { UnavailableError } from "../machine.js";
import type { EventQueue } from "./events.js";
import type { Messages } from "./messages.js";
import type { SimulatedProcessor } from "./simulated-processor.js";

/** What the kernel's programs mark (kernel/machine.ts, `Event`): a wait is from the first to the one of the others. */
const ARRIVED = 1;
const ACQUIRED = 2;
const LEFT = 3;

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
  readonly onMark: ((processor: number, event: number, value: number, cycle: number) => void) | undefined;
  /** Says that a processor failed, for the reason that the program gives. */
  readonly fail: (processor: SimulatedProcessor, reason: number) => Error;
}

/** The machine instructions that stop a processor (kernel/machine.ts); the others never leave register code. */
export class Instructions {
  readonly #options: InstructionOptions;
  /** By processor: its network references when it arrived; -1 while it does not wait. */
  readonly #atArrival: Float64Array;

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
    const { instruction: name, first, second } = processor;
    if (name === "clock") {
      float[0] = processor.at;
      processor.low = bits[0]!;
      processor.high = bits[1]!;
    } else if (name === "mark") {
      this.#mark(processor, first, second);
    } else if (name === "fail") {
      throw this.#options.fail(processor, first);
    } else {
      return false;
    }
    return true;
  }

  #mark(processor: SimulatedProcessor, event: number, value: number): void {
    const { index } = processor;
    const references = this.#options.networkReferences[index]!;
    if (event === ARRIVED) {
      this.#atArrival[index] = references;
    } else if ((event === ACQUIRED || event === LEFT) && this.#atArrival[index]! >= 0) {
      processor.waits++;
      processor.waitingNetworkReferences += references - this.#atArrival[index]!;
      this.#atArrival[index] = -1;
    }
    this.#options.onMark?.(index, event, value, processor.at);
  }

  /** Executes send; messages leave in order of time. */
  send(processor: SimulatedProcessor): void {
    const { first: to, second: value } = processor;
    const { network, send } = this.#messages(processor, "send to", to);
    processor.at += send;
    this.#options.networkReferences[processor.index]!++;
    this.#options.events.call(processor.at, processor.key, (now) => network.send(now, processor.index, to, value));
  }

  /**
   * Executes receive.
   *
   * @param goOn lets the processor go on when a message has come
   * @returns whether one is there, and the processor goes on at once
   */
  receive(processor: SimulatedProcessor, goOn: () => void): boolean {
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
