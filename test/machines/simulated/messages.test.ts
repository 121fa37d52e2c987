import { describe, expect, test } from "vitest";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { Messages } from "#machines/machines/simulated/network/messages.js";
import { drain } from "./drain.js";

/** One hop of 2 between any two processors, and interfaces of 3 at both ends. */
const CROSSING = 2 + 2 * 3;
const NETWORK = { kind: "bus", hop: 2, interface: 3, control: 1, word: 5, line: 1 } as const;

function cluster() {
  const events = new EventQueue();
  const architecture = {
    kind: "cluster",
    network: NETWORK,
    memory: { latency: 0 },
    messages: { send: 0, receive: 0 },
  } as const;
  return { events, messages: new Messages(8, architecture, events) };
}

describe("Messages", () => {
  test("are received in the order in which one processor sent them, now or when they come", () => {
    const { events, messages } = cluster();
    const received: [value: number, now: number][] = [];
    for (const value of [10, 11, 12]) messages.send(0, 3, 1, value);
    // The first that receives waits; the others find their messages there.
    messages.receive(0, 1, 3, (value, now) => received.push([value, now]));
    drain(events);
    messages.receive(100, 1, 3, (value, now) => received.push([value, now]));
    messages.receive(200, 1, 3, (value, now) => received.push([value, now]));
    expect(received).toEqual([
      [10, CROSSING],
      [11, 100],
      [12, 200],
    ]);
    expect(messages.links()).toEqual([
      { name: "network bus", transactions: 3, busyCycles: 15, queueingCycles: 5 + 10, longestQueueing: 10 },
    ]);
  });

  test("are kept for who waits for another processor", () => {
    const { events, messages } = cluster();
    const received: number[] = [];
    messages.receive(0, 1, 2, (value) => received.push(value));
    messages.send(0, 3, 1, 30);
    drain(events);
    expect(received).toEqual([]);
    messages.send(events.now, 2, 1, 20);
    drain(events);
    messages.receive(events.now, 1, 3, (value) => received.push(value));
    expect(received).toEqual([20, 30]);
  });
});
