import type { LinkMeasures } from "../../measures.js";
import type { DanceHallArchitecture, DistributedArchitecture } from "../../presets/description.js";
import type { EventQueue, Step } from "../events.js";
import { Links } from "./link.js";
import { type Message, Network, type Size } from "./network.js";
import { NonblockingNetwork } from "./nonblocking-network.js";

/** How messages travel between processors and the homes of memory, whichever side of the network these are on. */
export interface Fabric {
  /** Memory modules. */
  readonly homes: number;
  /** Whether a message between them crosses the network. */
  isRemote(processor: number, home: number): boolean;
  /** @param arrived what happens when the message is there: now, or later */
  toHome<M extends Message>(
    now: number,
    message: M,
    processor: number,
    home: number,
    size: Size,
    arrived: Step<M>,
  ): void;
  fromHome<M extends Message>(
    now: number,
    message: M,
    home: number,
    processor: number,
    size: Size,
    arrived: Step<M>,
  ): void;
  /** From one processor's cache to another's; absent where only homes can be reached. */
  between?<M extends Message>(now: number, message: M, from: number, to: number, size: Size, arrived: Step<M>): void;
  /** What came to a home is served from then on; absent where any number of messages can wait there. */
  waits?(home: number, until: number): void;
  links(): LinkMeasures[];
}

/** Nodes of processors and memory around one network; within a node, messages take its bus. */
export class DistributedFabric implements Fabric {
  readonly homes: number;
  /** By processor, with one more: what moves data for devices is in the last node. */
  readonly #nodes: Int32Array;
  readonly #busCycles: number;
  readonly #buses: Links;
  readonly #network: Network | NonblockingNetwork;
  readonly #nonblocking: NonblockingNetwork | undefined;
  readonly #events: EventQueue;

  /** @param processors of the machine, whether they take part in a run or not: each node has its memory */
  constructor(processors: number, { node, network }: DistributedArchitecture, events: EventQueue) {
    this.homes = Math.ceil(processors / node.processors);
    this.#nodes = Int32Array.from({ length: processors + 1 }, (_, processor) =>
      Math.min(Math.floor(processor / node.processors), this.homes - 1),
    );
    this.#busCycles = node.bus;
    this.#buses = new Links((at) => `bus of node ${at}`);
    const { retry } = network;
    if (retry !== undefined) this.#nonblocking = new NonblockingNetwork("network", this.homes, network, retry, events);
    this.#network = this.#nonblocking ?? new Network("network", this.homes, network, events);
    this.#events = events;
  }

  #nodeOf(processor: number): number {
    return this.#nodes[processor]!;
  }

  isRemote(processor: number, home: number): boolean {
    return this.#nodeOf(processor) !== home;
  }

  toHome<M extends Message>(
    now: number,
    message: M,
    processor: number,
    home: number,
    size: Size,
    arrived: Step<M>,
  ): void {
    this.#send(now, message, this.#nodeOf(processor), home, size, arrived);
  }

  fromHome<M extends Message>(
    now: number,
    message: M,
    home: number,
    processor: number,
    size: Size,
    arrived: Step<M>,
  ): void {
    this.#send(now, message, home, this.#nodeOf(processor), size, arrived);
  }

  waits(home: number, until: number): void {
    this.#nonblocking?.keep(home, until);
  }

  between<M extends Message>(now: number, message: M, from: number, to: number, size: Size, arrived: Step<M>): void {
    this.#send(now, message, this.#nodeOf(from), this.#nodeOf(to), size, arrived);
  }

  #send<M extends Message>(now: number, message: M, from: number, to: number, size: Size, arrived: Step<M>): void {
    if (from === to) {
      this.#overBus(now, message, to, arrived);
      return;
    }
    message.from = from;
    message.to = to;
    message.size = size;
    message.arrived = arrived;
    this.#overBus(now, message, from, this.#leave);
  }

  readonly #leave = (now: number, message: Message): void => {
    this.#network.send(now, message, message.from, message.to, message.size, this.#enter);
  };

  readonly #enter = (now: number, message: Message): void => {
    this.#overBus(now, message, message.to, message.arrived as Step<Message>);
  };

  #overBus<M extends Message>(now: number, message: M, node: number, over: Step<M>): void {
    const cycles = this.#busCycles;
    if (cycles === 0) over(now, message);
    else this.#events.schedule(message, this.#buses.at(node).take(now, cycles) + cycles, over);
  }

  links(): LinkMeasures[] {
    return [...this.#buses.measures(), ...this.#network.measures()];
  }
}

/**
 * Processors on one side of the network, memory modules on the other: a network for requests, one for replies. A bus is
 * one link for both.
 */
export class DanceHallFabric implements Fabric {
  readonly homes: number;
  readonly #requests: Network;
  readonly #replies: Network;

  /** @param processors of the machine, whether they take part in a run or not */
  constructor(processors: number, { modules, network }: DanceHallArchitecture, events: EventQueue) {
    const sides = Math.max(processors, modules);
    this.homes = modules;
    if (network.kind === "bus") {
      this.#requests = new Network("network", sides, network, events);
      this.#replies = this.#requests;
    } else {
      this.#requests = new Network("requests", sides, network, events);
      this.#replies = new Network("replies", sides, network, events);
    }
  }

  isRemote(): boolean {
    return true;
  }

  toHome<M extends Message>(
    now: number,
    message: M,
    processor: number,
    home: number,
    size: Size,
    arrived: Step<M>,
  ): void {
    this.#requests.send(now, message, processor, home, size, arrived);
  }

  fromHome<M extends Message>(
    now: number,
    message: M,
    home: number,
    processor: number,
    size: Size,
    arrived: Step<M>,
  ): void {
    this.#replies.send(now, message, home, processor, size, arrived);
  }

  links(): LinkMeasures[] {
    return [...new Set([this.#requests, this.#replies])].flatMap((network) => network.measures());
  }
}
