import { describe, expect, test } from "vitest";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { DanceHallFabric, DistributedFabric } from "#machines/machines/simulated/network/fabric.js";
import { Message, type Size } from "#machines/machines/simulated/network/network.js";
import { drain } from "./drain.js";

const NETWORK = { kind: "ring", hop: 2, interface: 1, control: 1, word: 1, line: 1 } as const;
const BUS = 5;

describe("DistributedFabric", () => {
  /** Twelve processors on three nodes; when a message arrives that is sent at 0. */
  const sent = (send: (fabric: DistributedFabric, arrived: (now: number) => void) => void) => {
    const events = new EventQueue();
    const node = { processors: 4, bus: BUS };
    const memory = { latency: 1, occupancy: 1 };
    const fabric = new DistributedFabric(12, { kind: "distributed", node, network: NETWORK, memory }, events);
    let at = Number.NaN;
    send(fabric, (now) => {
      at = now;
    });
    drain(events);
    return { at, links: fabric.links().map(({ name }) => name) };
  };
  const size: Size = "line";

  test("takes a node's bus inside it, and both nodes' buses and the network across", () => {
    expect(sent((fabric, arrived) => fabric.toHome(0, new Message(0), 7, 1, size, arrived))).toEqual({
      at: BUS,
      links: ["bus of node 1"],
    });
    expect(sent((fabric, arrived) => fabric.between(0, new Message(0), 4, 7, size, arrived)).at).toBe(BUS);
    expect(sent((fabric, arrived) => fabric.fromHome(0, new Message(0), 2, 4, size, arrived))).toEqual({
      at: BUS + 1 + 2 * 2 + 1 + BUS,
      links: ["bus of node 1", "bus of node 2", "network out of node 0", "network out of node 2"],
    });
  });

  test("is remote where node and home differ", () => {
    sent((fabric, arrived) => {
      expect([3, 4, 7, 8].map((processor) => fabric.isRemote(processor, 1))).toEqual([true, false, false, true]);
      expect(fabric.homes).toBe(3);
      arrived(0);
    });
  });
});

describe("DanceHallFabric", () => {
  test.each([
    ["crossbar", ["requests into node 1", "requests out of node 3", "replies into node 3", "replies out of node 1"]],
    ["bus", ["network bus"]],
  ] as const)("takes a %s's own links for requests and for replies", (kind, names) => {
    const events = new EventQueue();
    const network = { kind, hop: 2, interface: 0, control: 1, word: 1, line: 1 };
    const fabric = new DanceHallFabric(
      4,
      { kind: "dance hall", modules: 2, network, memory: { latency: 1, occupancy: 1 } },
      events,
    );
    let back = 0;
    fabric.toHome(0, new Message(0), 3, 1, "control", (now, message) =>
      fabric.fromHome(now, message, 1, 3, "line", (time) => {
        back = time;
      }),
    );
    drain(events);
    expect(back).toBe(names.length === 1 ? 4 : 8);
    expect(
      fabric
        .links()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort());
  });
});
