import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkDescription } from "#machines/machines/presets/description.js";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { Message, Network } from "#machines/machines/simulated/network/network.js";
import { NonblockingNetwork } from "#machines/machines/simulated/network/nonblocking-network.js";
import { drain } from "./drain.js";

const HOP = 3;
const INTERFACE = 5;
const HOLD = { control: 8, word: 12, line: 20 };
const RETRY = 10;
const NODES = 16;
/** Stages of 4 x 4 switches. */
const STAGES = 2;
const ALONE = INTERFACE + STAGES * HOP + INTERFACE;
const DESCRIPTION: NetworkDescription = { kind: "butterfly", radix: 4, hop: HOP, interface: INTERFACE, ...HOLD };

interface Sent {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

type Make = (events: EventQueue) => Network | NonblockingNetwork;

const nonblocking: Make = (events) => new NonblockingNetwork("net", NODES, DESCRIPTION, RETRY, events);

/** When each message of one word arrives, who arrives after whom, and what the links measure. */
function send(messages: readonly Sent[], make = nonblocking) {
  const events = new EventQueue();
  const network = make(events);
  const arrivals = messages.map(() => Number.NaN);
  const order: number[] = [];
  for (const [i, { at, from, to }] of messages.entries()) {
    events.call(at, 0, (now) =>
      network.send(now, new Message(from), from, to, "word", (time) => {
        arrivals[i] = time;
        order.push(i);
      }),
    );
  }
  drain(events);
  return { arrivals, order, links: network.measures() };
}

const node = fc.nat(NODES - 1);
const messages = fc
  .array(fc.record({ at: fc.nat(60), from: node, to: node }), { maxLength: 60 })
  .map((all) => all.filter(({ from, to }) => from !== to));

/** All others send to node 0 at once. */
const HOT = Array.from({ length: NODES - 1 }, (_, i) => ({ at: 0, from: i + 1, to: 0 }));

describe("NonblockingNetwork", () => {
  test("takes a message that meets none as a network that queues does", () => {
    fc.assert(
      fc.property(node, node, (from, to) => {
        fc.pre(from !== to);
        const message = [{ at: 7, from, to }];
        expect(send(message)).toEqual(send(message, (events) => new Network("net", NODES, DESCRIPTION, events)));
      }),
    );
  });

  test("delivers every message once, whatever it meets, and none sooner than alone", () => {
    fc.assert(
      fc.property(messages, (all) => {
        const { arrivals, order } = send(all);
        expect([...order].sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        for (const [i, { at }] of all.entries()) expect(arrivals[i]).toBeGreaterThanOrEqual(at + ALONE);
      }),
    );
  });

  test("delivers to one node one message after the other, each at least the time that it holds the link later", () => {
    const { arrivals } = send(HOT);
    const sorted = arrivals.toSorted((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(HOLD.word);
    // Between two, a pause and what one that is given up on its way holds.
    expect(sorted.at(-1)).toBeLessThan(ALONE + sorted.length * (HOLD.word + STAGES * HOP + 2 * RETRY));
  });

  test("takes those that were given up in no order, the same in each run", () => {
    const { order } = send(HOT);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(send(HOT).order).toEqual(order);
  });

  test("counts as queueing of the link that was held the time until a message is sent again", () => {
    const { arrivals, links } = send(HOT);
    const waited = arrivals.reduce((sum, time) => sum + time - ALONE, 0);
    expect(links.reduce((sum, { queueingCycles }) => sum + queueingCycles, 0)).toBe(waited);
  });

  test("keeps messages from a node whose last one waits to be served", () => {
    const until = 500;
    const { arrivals } = send([{ at: 0, from: 3, to: 9 }], (events) => {
      const network = new NonblockingNetwork("net", NODES, DESCRIPTION, RETRY, events);
      network.keep(9, until);
      return network;
    });
    const since = arrivals[0]! - until - STAGES * HOP - INTERFACE;
    expect(since).toBeGreaterThanOrEqual(0);
    expect(since).toBeLessThanOrEqual(2 * RETRY);
  });
});
