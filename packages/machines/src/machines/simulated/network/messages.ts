import type { LinkMeasures } from "../../measures.js";
import type { ClusterArchitecture } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import { messageKey } from "../memory/memory-system.js";
import { Message, Network } from "./network.js";

/**
 * Messages of one word between the processors of a cluster; those of one pair arrive in the order they were sent in.
 */
export class Messages {
  readonly #network: Network;
  readonly #processors: number;
  /** By `to * processors + from`. */
  readonly #arrived = new Map<number, number[]>();
  /** The processor that each waiting processor waits for, and what goes on then. */
  readonly #receivers = new Map<number, { readonly from: number; readonly receive: Receive }>();

  /** @param processors of the machine, whether they take part in a run or not */
  constructor(processors: number, { network }: ClusterArchitecture, events: EventQueue) {
    this.#network = new Network("network", processors, network, events);
    this.#processors = processors;
  }

  send(now: number, from: number, to: number, value: number): void {
    this.#network.send(now, new Message(messageKey(from)), from, to, "word", (time) => {
      const receiver = this.#receivers.get(to);
      if (receiver?.from === from) {
        this.#receivers.delete(to);
        receiver.receive(value, time);
      } else {
        const pair = to * this.#processors + from;
        const waiting = this.#arrived.get(pair);
        if (waiting === undefined) this.#arrived.set(pair, [value]);
        else waiting.push(value);
      }
    });
  }

  /** Calls `receive` with the next message from a processor: now, or when it arrives. */
  receive(now: number, to: number, from: number, receive: Receive): void {
    const value = this.#arrived.get(to * this.#processors + from)?.shift();
    if (value === undefined) this.#receivers.set(to, { from, receive });
    else receive(value, now);
  }

  links(): LinkMeasures[] {
    return this.#network.measures();
  }
}

type Receive = (value: number, now: number) => void;
