import type { LinkMeasures } from "../../measures.js";
import type { NetworkDescription } from "../../presets/description.js";
import { Event, type EventQueue, NOTHING, type Step } from "../events.js";
import { type Link, Links } from "./link.js";

/** What a message carries: nothing, one word, or a line. */
export type Size = "control" | "word" | "line";

/** What travels, one journey at a time: over a network, and where its nodes have buses, over those of both ends. */
export class Message extends Event {
  /** The links of its route, and how many of them it has taken; the network's. */
  route: readonly Link[] = [];
  taken = 0;
  /** Cycles for which it holds each; the network's. */
  hold = 0;
  /** What happens when it is at the other node; the network's. */
  crossed: Step<never> = NOTHING;
  /** Between which nodes it travels, and what happens when it is over the last one's bus; the fabric's. */
  from = 0;
  to = 0;
  size: Size = "control";
  arrived: Step<never> = NOTHING;
}

/**
 * An interconnect between nodes. A message holds one link of its route after the other, each for a time that depends on
 * its size (cut-through: its head is `hop` cycles ahead at the next link), and waits where a link is held.
 *
 * Invariant: messages of one key between the same two nodes arrive in the order in which they were sent, since each
 * link serves in order of arrival.
 */
export class Network {
  readonly #description: NetworkDescription;
  readonly #events: EventQueue;
  readonly #routes: Routes;

  /** @param name begins the names of its links */
  constructor(name: string, nodes: number, description: NetworkDescription, events: EventQueue) {
    this.#description = description;
    this.#events = events;
    this.#routes = new Routes(name, nodes, description);
  }

  /** @param crossed what happens when the message is at the other node */
  send<M extends Message>(now: number, message: M, from: number, to: number, size: Size, crossed: Step<M>): void {
    const { interface: ends } = this.#description;
    const route = this.#routes.between(from, to);
    if (route.length === 0) {
      this.#events.schedule(message, now + 2 * ends, crossed);
      return;
    }
    message.route = route;
    message.taken = 0;
    message.hold = this.#description[size];
    message.crossed = crossed;
    this.#events.schedule(message, now + ends, this.#hop);
  }

  /** The message is before the next link of its route. */
  readonly #hop = (now: number, message: Message): void => {
    const { hop, interface: ends } = this.#description;
    const link = message.route[message.taken++]!;
    const ahead = link.take(now, message.hold) + hop;
    if (message.taken < message.route.length) this.#events.schedule(message, ahead, this.#hop);
    else this.#events.schedule(message, ahead + ends, message.crossed as Step<Message>);
  };

  measures(): LinkMeasures[] {
    return this.#routes.measures();
  }
}

/** The links of a network, and which of them messages take. */
export class Routes {
  readonly #route: Route;
  /** Those that messages have taken, by `from` and `to`. */
  readonly #known: (readonly Link[] | undefined)[][];
  readonly #links: Links;

  /** @param name begins the names of the links */
  constructor(name: string, nodes: number, description: NetworkDescription) {
    this.#route = ROUTES[description.kind](nodes, description);
    this.#known = Array.from({ length: nodes }, () => []);
    this.#links = new Links((link) => `${name} ${this.#route.nameOf(link)}`);
  }

  /** None where a node sends to itself and needs none. */
  between(from: number, to: number): readonly Link[] {
    const known = this.#known[from]!;
    let route = known[to];
    if (route === undefined) {
      route = this.#route.links(from, to).map((link) => this.#links.at(link));
      known[to] = route;
    }
    return route;
  }

  measures(): LinkMeasures[] {
    return this.#links.measures();
  }
}

/** How messages find their way. */
interface Route {
  /** The links from one node to another; none where a node sends to itself and needs none. */
  links(from: number, to: number): readonly number[];
  nameOf(link: number): string;
}

const ROUTES: Readonly<Record<NetworkDescription["kind"], (nodes: number, description: NetworkDescription) => Route>> =
  {
    bus: () => ({ links: () => [0], nameOf: () => "bus" }),
    crossbar: (nodes) => ({
      links: (from, to) => [from, nodes + to],
      nameOf: (link) => (link < nodes ? `out of node ${link}` : `into node ${link - nodes}`),
    }),
    butterfly: (nodes, { radix = 2 }) => butterfly(nodes, radix),
    mesh: (nodes) => mesh(Math.ceil(Math.sqrt(nodes))),
    ring: (nodes) => ({
      links: (from, to) => Array.from({ length: (to - from + nodes) % nodes }, (_, i) => (from + i) % nodes),
      nameOf: (link) => `out of node ${link}`,
    }),
  };

/**
 * Stages of switches, as many as digits in a node's number to the base of the radix. Between stages, a message's
 * position is the number of its row: stage s replaces digit s, counted from the most significant, by the destination's.
 */
function butterfly(nodes: number, radix: number): Route {
  let stages = 1;
  while (radix ** stages < nodes) stages++;
  const rows = radix ** stages;
  return {
    links(from, to) {
      const route = [];
      let row = from;
      for (let stage = 0, digit = rows / radix; stage < stages; stage++, digit /= radix) {
        row += ((Math.floor(to / digit) % radix) - (Math.floor(row / digit) % radix)) * digit;
        route.push(stage * rows + row);
      }
      return route;
    },
    nameOf: (link) => `stage ${Math.floor(link / rows)}, row ${link % rows}`,
  };
}

/** First along x, then along y; a link of each node to the east, west, south and north. */
function mesh(width: number): Route {
  const directions = ["east", "west", "south", "north"];
  return {
    links(from, to) {
      const route = [];
      let x = from % width;
      let y = Math.floor(from / width);
      const toX = to % width;
      const toY = Math.floor(to / width);
      while (x !== toX) {
        route.push((y * width + x) * 4 + (x < toX ? 0 : 1));
        x += x < toX ? 1 : -1;
      }
      while (y !== toY) {
        route.push((y * width + x) * 4 + (y < toY ? 2 : 3));
        y += y < toY ? 1 : -1;
      }
      return route;
    },
    nameOf: (link) => `from node ${Math.floor(link / 4)} ${directions[link % 4]}`,
  };
}
