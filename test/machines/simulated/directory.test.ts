import { describe, expect, test } from "vitest";
import { READ, READ_MODIFY_WRITE, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import type { Driver } from "./driver.js";
import { DIRECTORY, describeMachine, distributed, drive, MEMORY, READ_MODIFY_WRITE as RMW } from "./small-machines.js";

/** Nodes of one processor, on a crossbar: a message is counted where it leaves its node. */
const NODES = 16;
/** Bytes of a line; one after the other, lines have their homes on one node after the other. */
const LINE = 16;
/** Cycles for which a message without data holds a link, and one with a line. */
const CONTROL = 4;
const DATA = 7;

const machine = (hops: 3 | 4, protocol: string) => describeMachine(NODES, distributed(hops, protocol));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** The messages that one reference on an idle machine causes: those without data, and those with a line. */
function messages(driver: Driver, processor: number, kind: typeof READ | typeof WRITE, address: number) {
  const count = () => {
    const links = driver.memory.links().filter(({ name }) => name.startsWith("network out of"));
    return { all: sum(links.map((link) => link.transactions)), busy: sum(links.map((link) => link.busyCycles)) };
  };
  const before = count();
  driver.alone(processor, kind, address);
  const after = count();
  const all = after.all - before.all;
  const lines = (after.busy - before.busy - all * CONTROL) / (DATA - CONTROL);
  return { control: all - lines, lines };
}

/** A line whose home is node 0. */
const AT_0 = 0;

describe.each([3, 4] as const)("DirectoryMemory with %d hops", (hops) => {
  test("answers a read from memory by one message, and one of the own node by none", () => {
    const driver = drive(machine(hops, "mesi"));
    expect(messages(driver, 1, READ, AT_0)).toEqual({ control: 1, lines: 1 });
    expect(messages(driver, 1, READ, 1 * LINE)).toEqual({ control: 0, lines: 0 });
    expect([...driver.memory.networkReferences.slice(0, 2)]).toEqual([0, 1]);
  });

  test("has a dirty line sent by its owner: to the requester and to memory, or to memory and then the requester", () => {
    const driver = drive(machine(hops, "mesi"));
    driver.alone(2, WRITE, AT_0);
    // Request and forward; data twice in either protocol.
    expect(messages(driver, 1, READ, AT_0)).toEqual({ control: 2, lines: 2 });
    expect(driver.statesOf(AT_0).slice(0, 4)).toEqual(["I", "S", "S", "I"]);
    const { writeBacks, cacheToCacheTransfers, interventions } = driver.memory.counts();
    expect([writeBacks[2], cacheToCacheTransfers[1], interventions[2]]).toEqual([1, 1, 1]);
  });

  test("leaves memory stale where a dirty line may be shared", () => {
    const driver = drive(machine(hops, "moesi"));
    driver.alone(2, WRITE, AT_0);
    expect(messages(driver, 1, READ, AT_0)).toEqual({ control: 2, lines: hops - 2 });
    expect(driver.statesOf(AT_0).slice(0, 4)).toEqual(["I", "S", "O", "I"]);
    expect(driver.memory.counts().writeBacks[2]).toBe(0);
  });

  test.each([1, 2, 5, 12])("sends a writer's invalidations to %d sharers, and takes as many acknowledgements", (k) => {
    const driver = drive(machine(hops, "mesi"));
    for (let sharer = 2; sharer < 2 + k; sharer++) driver.alone(sharer, READ, AT_0);
    // The first of them may have written silently, so the line comes from there when it is alone.
    const fromOwner = k === 1;
    const written = messages(driver, 1, WRITE, AT_0);
    expect(written).toEqual(fromOwner ? { control: 2, lines: hops - 2 } : { control: 1 + 2 * k, lines: 1 });
    expect(sum([...driver.memory.counts().invalidations])).toBe(k);
    expect(driver.statesOf(AT_0).filter((state) => state !== "I")).toEqual(["M"]);
  });

  test("sends no data to a sharer that becomes the writer", () => {
    const driver = drive(machine(hops, "mesi"));
    for (const sharer of [1, 2, 3]) driver.alone(sharer, READ, AT_0);
    expect(messages(driver, 1, WRITE, AT_0)).toEqual({ control: 1 + 2 * 2 + 1, lines: 0 });
    const { hits, writeMisses } = driver.memory.counts();
    expect([hits[1], writeMisses[1]]).toEqual([1, 0]);
  });

  test("writes a dirty line back where it is evicted, and says nothing of a clean one", () => {
    const driver = drive(machine(hops, "mesi"));
    driver.alone(1, WRITE, AT_0);
    driver.alone(1, READ, NODES * LINE);
    // Each of these two evicts one: request and reply, and the line that was written.
    expect(messages(driver, 1, READ, 2 * NODES * LINE)).toEqual({ control: 1, lines: 2 });
    expect(messages(driver, 1, READ, 3 * NODES * LINE)).toEqual({ control: 1, lines: 1 });
    expect(driver.memory.counts().writeBacks[1]).toBe(1);
    // Memory is current, so nobody else is asked.
    expect(messages(driver, 2, READ, AT_0)).toEqual({ control: 1, lines: 1 });
  });

  test("asks the owner of a line that it evicted silently, and then memory", () => {
    const driver = drive(machine(hops, "mesi"));
    for (const line of [0, 1, 2]) driver.alone(1, READ, line * NODES * LINE);
    expect(driver.statesOf(AT_0)[1]).toBe("I");
    expect(messages(driver, 2, READ, AT_0)).toEqual({ control: 3, lines: 1 });
    expect(driver.memory.counts().cacheToCacheTransfers[2]).toBe(0);
  });

  test("counts a local read of a line that others only share as one that stays at home", () => {
    const driver = drive(machine(hops, "mesi"));
    for (const sharer of [1, 2]) driver.alone(sharer, READ, AT_0);
    driver.alone(0, READ, AT_0);
    expect(driver.memory.networkReferences[0]).toBe(0);
    driver.alone(0, WRITE, AT_0);
    expect(driver.memory.networkReferences[0]).toBe(1);
  });

  test("serves the next request for a line when the last is over, after the cycles that it locks it", () => {
    const driver = drive(machine(hops, "mesi"));
    const begin = driver.events.now + 1000;
    const effects: number[] = [];
    for (const processor of [1, 2]) {
      driver.at(begin, processor, { kind: READ_MODIFY_WRITE, address: AT_0 }, (_, effect) => {
        effects.push(effect - begin);
      });
    }
    driver.run();
    // Interfaces of 3 at both ends, two links of 2.
    const crossing = 2 * 3 + 2 * 2;
    const first = crossing + MEMORY.latency + crossing;
    const back = hops === 3 ? crossing : 2 * crossing;
    const second = first + RMW.occupancy + DIRECTORY.occupancy + crossing + DIRECTORY.lookup + back;
    expect(effects).toEqual([first, second]);
  });
});
