import type { LinkMeasures } from "../measures.js";
import type { NetworkDescription } from "../presets/description.js";
import { Event, type EventQueue } from "./events.js";
import { Links } from "./link.js";

/** What a message carries: nothing, one word, or a line. */
export type Size = "control" | "word" | "line";

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
  readonly #nodes: number;
  readonly #route: Route;
  /** Those that messages have taken, by `from * nodes + to`. */
  readonly #routes = new Map<number, readonly number[]>();
  readonly #links: Links;

  /** @param name begins the names of its links */
  constructor(name: string, nodes: number, description: NetworkDescription, events: EventQueue) {
    this.#description = description;
    this.#events = events;
    this.#nodes = nodes;
    this.#route = ROUTES[description.kind](nodes, description);
    this.#links = new Links((link) => `${name} ${this.#route.nameOf(link)}`);
  }

  /**
   * @param key orders the message among others of the same cycle
   * @param arrived called when the message is at the other node
   */
  send(now: number, key: number, from: number, to: number, size: Size, arrived: (now: number) => void): void {
    const { hop, interface: ends } = this.#description;
    const route = this.#routeOf(from, to);
    if (route.length === 0) {
      this.#events.call(now + 2 * ends, key, arrived);
      return;
    }
    const hold = this.#description[size];
    let position = 0;
    const message = new Event(key, (time) => {
      if (position === route.length) {
        arrived(time);
        return;
      }
      const begin = this.#links.at(route[position]!).take(time, hold);
      position++;
      this.#events.schedule(message, begin + hop + (position === route.length ? ends : 0));
    });
    this.#events.schedule(message, now + ends);
  }

  #routeOf(from: number, to: number): readonly number[] {
    const pair = from * this.#nodes + to;
    let route = this.#routes.get(pair);
    if (route === undefined) {
      route = this.#route.links(from, to);
      this.#routes.set(pair, route);
    }
    return route;
  }

  measures(): LinkMeasures[] {
    return this.#links.measures();
  }
}

/** How messages find their way. */
export interface Route {
  /** The links from one node to another; none where a node sends to itself and needs none. */
  links(from: number, to: number): readonly number[];
  nameOf(link: number): string;
}

export const ROUTES: Readonly<
  Record<NetworkDescription["kind"], (nodes: number, description: NetworkDescription) => Route>
> = {
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
