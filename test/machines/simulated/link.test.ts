import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { ArbitratedLink, Link, Links } from "#machines/machines/simulated/network/link.js";
import { drain } from "./drain.js";

/** Requests in order of time: when each comes, and for how long it takes the link. */
const requests = fc.array(fc.tuple(fc.nat(10), fc.nat(12)), { maxLength: 40 }).map((gaps) => {
  let now = 0;
  return gaps.map(([gap, cycles]) => {
    now += gap;
    return { now, cycles };
  });
});

/** When each request has the link, first come, first served, and what the link measures. */
function firstComeFirstServed(name: string, arrivals: readonly { now: number; cycles: number }[]) {
  let free = 0;
  const begins = arrivals.map(({ now, cycles }) => {
    const begin = Math.max(now, free);
    free = begin + cycles;
    return begin;
  });
  const queueing = arrivals.map(({ now }, i) => begins[i]! - now);
  return {
    begins,
    measures: {
      name,
      transactions: arrivals.length,
      busyCycles: arrivals.reduce((sum, { cycles }) => sum + cycles, 0),
      queueingCycles: queueing.reduce((sum, cycles) => sum + cycles, 0),
      longestQueueing: Math.max(0, ...queueing),
    },
  };
}

describe("Link", () => {
  test("serves in order of arrival and counts what waits", () => {
    fc.assert(
      fc.property(requests, (arrivals) => {
        const link = new Link("wire");
        const { begins, measures } = firstComeFirstServed("wire", arrivals);
        expect(arrivals.map(({ now, cycles }) => link.take(now, cycles))).toEqual(begins);
        expect(link.measures()).toEqual(measures);
      }),
    );
  });

  test("is free later where it is kept, never sooner, and counts who tries again", () => {
    const link = new Link("wire");
    link.take(10, 5);
    link.keep(12);
    expect(link.freeAt).toBe(15);
    link.keep(20);
    link.refuse(9);
    link.refuse(4);
    expect(link.take(0, 1)).toBe(20);
    expect(link.measures()).toMatchObject({ transactions: 2, busyCycles: 11, queueingCycles: 33, longestQueueing: 20 });
  });
});

describe("Links", () => {
  test("measures those that were used, in the order of their numbers", () => {
    const links = new Links((number) => `link ${number}`);
    links.at(20).take(0, 1);
    links.at(3).take(0, 2);
    expect(links.at(20).take(0, 1)).toBe(1);
    expect(links.measures().map(({ name, transactions }) => [name, transactions])).toEqual([
      ["link 3", 1],
      ["link 20", 2],
    ]);
  });
});

describe("ArbitratedLink", () => {
  test("is granted in order of arrival for as long as its holder says, and counts what waits", () => {
    fc.assert(
      fc.property(requests, (arrivals) => {
        const events = new EventQueue();
        const link = new ArbitratedLink("bus", (time, run) => events.call(time, -1, run));
        const grants: number[] = [];
        for (const { now, cycles } of arrivals) {
          events.call(now, 0, (time) =>
            link.request(time, (granted) => {
              grants.push(granted);
              return cycles;
            }),
          );
        }
        drain(events);
        const { begins, measures } = firstComeFirstServed("bus", arrivals);
        expect(grants).toEqual(begins);
        expect(link.measures()).toEqual(measures);
      }),
    );
  });
});
