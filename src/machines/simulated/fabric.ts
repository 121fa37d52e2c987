import type { LinkMeasures } from "../measures.js";
import type { DanceHallArchitecture, DistributedArchitecture } from "../presets/description.js";
import type { EventQueue } from "./events.js";
import { Links } from "./link.js";
import { Network, type Size } from "./network.js";
import { NonblockingNetwork } from "./nonblocking-network.js";

type Arrived = (now: number) => void;

/** How messages travel between processors and the homes of memory, whichever side of the network these are on. */
export interface Fabric {
  /** Memory modules. */
  readonly homes: number;
  /** Whether a message between them crosses the network. */
  isRemote(processor: number, home: number): boolean;
  toHome(now: number, key: number, processor: number, home: number, size: Size, arrived: Arrived): void;
  fromHome(now: number, key: number, home: number, processor: number, size: Size, arrived: Arrived): void;
  /** From one processor's cache to another's; absent where only homes can be reached. */
  between?(now: number, key: number, from: number, to: number, size: Size, arrived: Arrived): void;
  /** What came to a home is served from then on; absent where any number of messages can wait there. */
  waits?(home: number, until: number): void;
  links(): LinkMeasures[];
}

/** Nodes of processors and memory around one network; within a node, messages take its bus. */
export class DistributedFabric implements Fabric {
  readonly homes: number;
  readonly #perNode: number;
  readonly #busCycles: number;
  readonly #buses: Links;
  readonly #network: Network | NonblockingNetwork;
  readonly #nonblocking: NonblockingNetwork | undefined;
  readonly #events: EventQueue;

  /** @param processors of the machine, whether they take part in a run or not: each node has its memory */
  constructor(processors: number, { node, network }: DistributedArchitecture, events: EventQueue) {
    this.homes = Math.ceil(processors / node.processors);
    this.#perNode = node.processors;
    this.#busCycles = node.bus;
    this.#buses = new Links((at) => `bus of node ${at}`);
    const { retry } = network;
    if (retry !== undefined) this.#nonblocking = new NonblockingNetwork("network", this.homes, network, retry, events);
    this.#network = this.#nonblocking ?? new Network("network", this.homes, network, events);
    this.#events = events;
  }

  #nodeOf(processor: number): number {
    return Math.floor(processor / this.#perNode);
  }

  isRemote(processor: number, home: number): boolean {
    return this.#nodeOf(processor) !== home;
  }

  toHome(now: number, key: number, processor: number, home: number, size: Size, arrived: Arrived): void {
    this.#send(now, key, this.#nodeOf(processor), home, size, arrived);
  }

  fromHome(now: number, key: number, home: number, processor: number, size: Size, arrived: Arrived): void {
    this.#send(now, key, home, this.#nodeOf(processor), size, arrived);
  }

  waits(home: number, until: number): void {
    this.#nonblocking?.keep(home, until);
  }

  between(now: number, key: number, from: number, to: number, size: Size, arrived: Arrived): void {
    this.#send(now, key, this.#nodeOf(from), this.#nodeOf(to), size, arrived);
  }

  #send(now: number, key: number, from: number, to: number, size: Size, arrived: Arrived): void {
    if (from === to) {
      this.#overBus(now, key, to, arrived);
    } else {
      this.#overBus(now, key, from, (time) =>
        this.#network.send(time, key, from, to, size, (there) => this.#overBus(there, key, to, arrived)),
      );
    }
  }

  #overBus(now: number, key: number, node: number, arrived: Arrived): void {
    if (this.#busCycles === 0) {
      arrived(now);
    } else {
      this.#events.call(this.#buses.at(node).take(now, this.#busCycles) + this.#busCycles, key, arrived);
    }
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

  toHome(now: number, key: number, processor: number, home: number, size: Size, arrived: Arrived): void {
    this.#requests.send(now, key, processor, home, size, arrived);
  }

  fromHome(now: number, key: number, home: number, processor: number, size: Size, arrived: Arrived): void {
    this.#replies.send(now, key, home, processor, size, arrived);
  }

  links(): LinkMeasures[] {
    return [...new Set([this.#requests, this.#replies])].flatMap((network) => network.measures());
  }
}
