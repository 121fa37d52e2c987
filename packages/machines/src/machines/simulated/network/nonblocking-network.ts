import type { LinkMeasures } from "../../measures.js";
import type { NetworkDescription } from "../../presets/description.js";
import { Random } from "../../random.js";
import type { EventQueue, Step } from "../events.js";
import { LINK_KEY } from "../memory/memory-system.js";
import type { Link } from "./link.js";
import { type Message, Routes, type Size } from "./network.js";

/** Messages that were given up at a link and not sent again since. */
type Refused = { readonly message: Message; readonly since: number }[];

/**
 * An interconnect whose switches queue nothing, as the Butterfly's: a message that meets a held link is given up there,
 * and its source sends it again, a mean of `retry` cycles later, until it meets none. Messages between the same two nodes
 * may overtake each other.
 *
 * Tries that cannot succeed are not simulated, nor the links that they hold on their way. Of n sources that send again
 * at any moment alike, the first to do so after the link is free is any of them, and does it a mean of `retry` / n later:
 * so only that one's try is an event.
 *
 * Invariant: each message that was given up and is not under way is in one list of `refused`, and each link with such messages
 * has one event to come.
 */
export class NonblockingNetwork {
  readonly #description: NetworkDescription;
  readonly #retry: number;
  readonly #events: EventQueue;
  readonly #routes: Routes;
  readonly #refused = new Map<Link, Refused>();
  readonly #random = new Random(0);

  /**
   * @param name begins the names of its links
   * @param retry mean cycles from one try to the next, 1 or more
   */
  constructor(name: string, nodes: number, description: NetworkDescription, retry: number, events: EventQueue) {
    this.#description = description;
    this.#retry = retry;
    this.#events = events;
    this.#routes = new Routes(name, nodes, description);
  }

  /** As `Network.send`, between different nodes. */
  send<M extends Message>(now: number, message: M, from: number, to: number, size: Size, crossed: Step<M>): void {
    message.route = this.#routes.between(from, to);
    message.hold = this.#description[size];
    message.crossed = crossed;
    this.#events.schedule(message, now + this.#description.interface, this.#try);
  }

  /**
   * What arrives at the node keeps its last link until then, so that the node has room for one message that it does not
   * serve: where a message holds that link until it arrives.
   */
  keep(node: number, until: number): void {
    this.#routes.between(node, node).at(-1)!.keep(until);
  }

  measures(): LinkMeasures[] {
    return this.#routes.measures();
  }

  /** Sends a message, which holds the links that it passed only until it is given up. */
  readonly #try = (now: number, message: Message): void => {
    const { hop, interface: ends } = this.#description;
    const { route, hold } = message;
    const held = route.findIndex((link, stage) => link.freeAt > now + stage * hop);
    const passed = held < 0 ? route.length : held;
    for (let stage = 0; stage < passed; stage++) {
      route[stage]!.take(now + stage * hop, held < 0 ? hold : (passed - stage) * hop);
    }
    if (held < 0) this.#events.schedule(message, now + route.length * hop + ends, message.crossed as Step<Message>);
    else this.#refuse(route[held]!, message, now);
  };

  #refuse(link: Link, message: Message, since: number): void {
    const known = this.#refused.get(link);
    if (known === undefined) {
      const refused = [{ message, since }];
      this.#refused.set(link, refused);
      this.#awaitFree(link, refused, since);
    } else {
      known.push({ message, since });
    }
  }

  #awaitFree(link: Link, refused: Refused, now: number): void {
    this.#events.call(Math.max(now, link.freeAt), LINK_KEY, (time) => {
      if (link.freeAt > time) {
        this.#awaitFree(link, refused, time);
      } else {
        const pause = this.#random.below(Math.floor((2 * this.#retry) / refused.length) + 1);
        this.#events.call(time + pause, LINK_KEY, (later) => this.#retryOne(link, refused, later));
      }
    });
  }

  /** In vain if another message has taken the link meanwhile. */
  #retryOne(link: Link, refused: Refused, now: number): void {
    if (link.freeAt <= now) {
      const [{ message, since }] = refused.splice(this.#random.below(refused.length), 1) as [Refused[0]];
      link.refuse(now - since);
      if (refused.length === 0) this.#refused.delete(link);
      this.#try(now, message);
    }
    if (refused.length > 0) this.#awaitFree(link, refused, now);
  }
}
