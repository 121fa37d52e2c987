import type { LinkMeasures } from "../measures.js";
import type { NetworkDescription } from "../presets/description.js";
import { Random } from "../random.js";
import type { EventQueue } from "./events.js";
import { type Link, Links } from "./link.js";
import { LINK_KEY } from "./memory-system.js";
import { ROUTES, type Route, type Size } from "./network.js";

interface Message {
  readonly key: number;
  readonly route: readonly number[];
  readonly size: Size;
  readonly arrived: (now: number) => void;
}

/** A link, and the messages that were given up there and not sent again since. */
interface Refusing {
  readonly number: number;
  readonly link: Link;
  readonly refused: { readonly message: Message; readonly since: number }[];
}

/**
 * An interconnect whose switches queue nothing, as the Butterfly's: a message that meets a held link is given up there,
 * and its source sends it again, a mean of `retry` cycles later, until it meets none. Messages between the same two nodes
 * may overtake each other.
 *
 * Tries that cannot succeed are not simulated, nor the links that they hold on their way. Of n sources that send again
 * at any moment alike, the first to do so after the link is free is any of them, and does it a mean of `retry` / n later:
 * so only that one's try is an event.
 *
 * Invariant: each message that was given up and is not under way is in one `refused`, and each link with such messages
 * has one event to come.
 */
export class NonblockingNetwork {
  readonly #description: NetworkDescription;
  readonly #retry: number;
  readonly #events: EventQueue;
  readonly #route: Route;
  readonly #links: Links;
  /** By the number of the link. */
  readonly #refusing = new Map<number, Refusing>();
  readonly #random = new Random(0);

  /**
   * @param name begins the names of its links
   * @param retry mean cycles from one try to the next, 1 or more
   */
  constructor(name: string, nodes: number, description: NetworkDescription, retry: number, events: EventQueue) {
    this.#description = description;
    this.#retry = retry;
    this.#events = events;
    this.#route = ROUTES[description.kind](nodes, description);
    this.#links = new Links((link) => `${name} ${this.#route.nameOf(link)}`);
  }

  /** As `Network.send`, between different nodes. */
  send(now: number, key: number, from: number, to: number, size: Size, arrived: (now: number) => void): void {
    const message = { key, route: this.#route.links(from, to), size, arrived };
    this.#events.call(now + this.#description.interface, key, (time) => this.#try(message, time));
  }

  /**
   * What arrives at the node keeps its last link until then, so that the node has room for one message that it does not
   * serve: where a message holds that link until it arrives.
   */
  keep(node: number, until: number): void {
    this.#links.at(this.#route.links(node, node).at(-1)!).keep(until);
  }

  measures(): LinkMeasures[] {
    return this.#links.measures();
  }

  /** Sends a message, which holds the links that it passed only until it is given up. */
  #try(message: Message, now: number): void {
    const { hop, interface: ends } = this.#description;
    const { route, key, size, arrived } = message;
    const held = route.findIndex((link, stage) => this.#links.at(link).freeAt > now + stage * hop);
    const passed = held < 0 ? route.length : held;
    for (let stage = 0; stage < passed; stage++) {
      const hold = held < 0 ? this.#description[size] : (passed - stage) * hop;
      this.#links.at(route[stage]!).take(now + stage * hop, hold);
    }
    if (held < 0) this.#events.call(now + route.length * hop + ends, key, arrived);
    else this.#refuse(route[held]!, message, now);
  }

  #refuse(number: number, message: Message, since: number): void {
    const known = this.#refusing.get(number);
    if (known === undefined) {
      const refusing = { number, link: this.#links.at(number), refused: [{ message, since }] };
      this.#refusing.set(number, refusing);
      this.#awaitFree(refusing, since);
    } else {
      known.refused.push({ message, since });
    }
  }

  #awaitFree(refusing: Refusing, now: number): void {
    const { link, refused } = refusing;
    this.#events.call(Math.max(now, link.freeAt), LINK_KEY, (time) => {
      if (link.freeAt > time) {
        this.#awaitFree(refusing, time);
      } else {
        const pause = this.#random.below(Math.floor((2 * this.#retry) / refused.length) + 1);
        this.#events.call(time + pause, LINK_KEY, (later) => this.#retryOne(refusing, later));
      }
    });
  }

  /** In vain if another message has taken the link meanwhile. */
  #retryOne(refusing: Refusing, now: number): void {
    const { number, link, refused } = refusing;
    if (link.freeAt <= now) {
      const [{ message, since }] = refused.splice(this.#random.below(refused.length), 1) as [Refusing["refused"][0]];
      link.refuse(now - since);
      if (refused.length === 0) this.#refusing.delete(number);
      this.#try(message, now);
    }
    if (refused.length > 0) this.#awaitFree(refusing, now);
  }
}
