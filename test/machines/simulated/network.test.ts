import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkDescription } from "#machines/machines/presets/description.js";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { Message, Network, type Size } from "#machines/machines/simulated/network/network.js";
import { drain } from "./drain.js";

const HOP = 3;
const INTERFACE = 5;
const HOLD = { control: 2, word: 4, line: 9 };

function describeNetwork(kind: NetworkDescription["kind"], radix?: number): NetworkDescription {
  return { kind, hop: HOP, interface: INTERFACE, ...HOLD, ...(radix === undefined ? {} : { radix }) };
}

interface Sending {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly size: Size;
}

/** When each message arrives, and what the links measure. */
function send(nodes: number, description: NetworkDescription, messages: readonly Sending[]) {
  const events = new EventQueue();
  const network = new Network("net", nodes, description, events);
  const arrivals: number[] = messages.map(() => Number.NaN);
  const order: number[] = [];
  for (const [i, { at, from, to, size }] of messages.entries()) {
    events.call(at, 0, (now) =>
      network.send(now, new Message(from), from, to, size, (time) => {
        arrivals[i] = time;
        order.push(i);
      }),
    );
  }
  drain(events);
  return { arrivals, order, links: network.measures() };
}

/** The names of the links that one message takes, in the order of their names. */
const route = (nodes: number, description: NetworkDescription, from: number, to: number) =>
  send(nodes, description, [{ at: 0, from, to, size: "control" }]).links.map(({ name }) => name.replace(/^net /, ""));

const digits = (number: number, radix: number, stages: number) =>
  Array.from({ length: stages }, (_, i) => Math.floor(number / radix ** (stages - 1 - i)) % radix);

/** By the definitions of the topologies: the links between two nodes. */
function expectedRoute({ kind, radix = 2 }: NetworkDescription, nodes: number, from: number, to: number): string[] {
  switch (kind) {
    case "bus":
      return ["bus"];
    case "crossbar":
      return [`out of node ${from}`, `into node ${to}`];
    case "ring": {
      const taken = [];
      for (let node = from; node !== to; node = (node + 1) % nodes) taken.push(`out of node ${node}`);
      return taken;
    }
    case "mesh": {
      const width = Math.ceil(Math.sqrt(nodes));
      const taken = [];
      let node = from;
      while (node % width !== to % width) {
        const east = node % width < to % width;
        taken.push(`from node ${node} ${east ? "east" : "west"}`);
        node += east ? 1 : -1;
      }
      while (node !== to) {
        taken.push(`from node ${node} ${node < to ? "south" : "north"}`);
        node += node < to ? width : -width;
      }
      return taken;
    }
    case "butterfly": {
      const stages = Math.max(1, Math.ceil(Math.log(nodes) / Math.log(radix) - 1e-9));
      // After stage s, the first s + 1 digits of the row are the destination's, the others still the source's.
      const source = digits(from, radix, stages);
      const destination = digits(to, radix, stages);
      return Array.from({ length: stages }, (_, stage) => {
        const row = [...destination.slice(0, stage + 1), ...source.slice(stage + 1)];
        return `stage ${stage}, row ${row.reduce((value, digit) => value * radix + digit, 0)}`;
      });
    }
  }
}

const networks: [string, number, NetworkDescription][] = [
  ["bus", 5, describeNetwork("bus")],
  ["crossbar", 6, describeNetwork("crossbar")],
  ["butterfly of 2 x 2 switches", 8, describeNetwork("butterfly", 2)],
  ["butterfly of 4 x 4 switches", 16, describeNetwork("butterfly", 4)],
  ["butterfly with rows to spare", 21, describeNetwork("butterfly", 4)],
  ["square mesh", 16, describeNetwork("mesh")],
  ["mesh with gaps", 7, describeNetwork("mesh")],
  ["ring", 7, describeNetwork("ring")],
];

describe.each(networks)("Network: a %s", (_, nodes, description) => {
  const pairs = Array.from({ length: nodes }, (_, from) => from).flatMap((from) =>
    Array.from({ length: nodes }, (_, to) => [from, to] as const).filter(([, to]) => to !== from),
  );

  test("takes the links of its topology between every two nodes", () => {
    for (const [from, to] of pairs) {
      expect(route(nodes, description, from, to).sort()).toEqual(expectedRoute(description, nodes, from, to).sort());
    }
  });

  test("takes a hop a link and an interface at each end", () => {
    for (const [from, to] of pairs) {
      const { arrivals } = send(nodes, description, [{ at: 100, from, to, size: "line" }]);
      const hops = expectedRoute(description, nodes, from, to).length;
      expect(arrivals, `${from} to ${to}`).toEqual([100 + 2 * INTERFACE + hops * HOP]);
    }
  });

  test("delays a message by what those before it hold the links that they share", () => {
    for (const [from, to] of pairs) {
      const messages = [0, 0, 0].map((at) => ({ at, from, to, size: "line" as const }));
      const { arrivals, links } = send(nodes, description, messages);
      expect([arrivals[1]! - arrivals[0]!, arrivals[2]! - arrivals[0]!]).toEqual([HOLD.line, 2 * HOLD.line]);
      // They wait before the first link of the route, and nowhere after it.
      expect(links.filter(({ queueingCycles }) => queueingCycles > 0)).toEqual([
        expect.objectContaining({ queueingCycles: 3 * HOLD.line, longestQueueing: 2 * HOLD.line, transactions: 3 }),
      ]);
    }
  });

  test("lets messages without a common link pass as if they were alone", () => {
    const routes = pairs.map(([from, to]) => expectedRoute(description, nodes, from, to));
    for (const [i, [from, to]] of pairs.entries()) {
      const links = new Set(routes[i]);
      const others = pairs.filter((_, other) => !routes[other]!.some((link) => links.has(link)));
      const messages = [...others, [from, to] as const].map(([source, destination]) => ({
        at: 0,
        from: source,
        to: destination,
        size: "line" as const,
      }));
      expect(send(nodes, description, messages).arrivals.at(-1)).toBe(2 * INTERFACE + links.size * HOP);
    }
  });

  test("never lets a message overtake another of the same pair", () => {
    const messages = fc.array(
      fc.tuple(fc.nat(20), fc.constantFrom(...pairs), fc.constantFrom<Size>("control", "word", "line")),
      { minLength: 2, maxLength: 60, size: "max" },
    );
    fc.assert(
      fc.property(messages, (sent) => {
        const sorted = sent.map(([at, [from, to], size]) => ({ at, from, to, size })).sort((a, b) => a.at - b.at);
        const { order } = send(nodes, description, sorted);
        expect(order).toHaveLength(sorted.length);
        const last = new Map<string, number>();
        const overtaking = order.filter((i) => {
          const pair = `${sorted[i]!.from} ${sorted[i]!.to}`;
          const before = last.get(pair) ?? -1;
          last.set(pair, i);
          return before >= i;
        });
        expect(overtaking).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("Network", () => {
  test("brings a node's message to itself over both interfaces where no link is needed", () => {
    for (const kind of ["mesh", "ring"] as const) {
      const { arrivals, links } = send(4, describeNetwork(kind), [{ at: 1, from: 2, to: 2, size: "word" }]);
      expect({ arrivals, links }).toEqual({ arrivals: [1 + 2 * INTERFACE], links: [] });
    }
  });
});
