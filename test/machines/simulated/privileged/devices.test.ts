import { describe, expect, test } from "vitest";
import { Console } from "#machines/machines/simulated/privileged/devices/console.js";
import { Disk } from "#machines/machines/simulated/privileged/devices/disk.js";
import { Network } from "#machines/machines/simulated/privileged/devices/network.js";
import { Power } from "#machines/machines/simulated/privileged/devices/power.js";
import { COMMAND } from "#machines/program/privileged.js";
import { MOVING, PAGE, Surroundings } from "./surroundings.js";

const { read, write } = COMMAND;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (written: string) => new TextEncoder().encode(written);

describe("Disk", () => {
  const description = { seek: { least: 100, most: 700 }, rotation: 50, byte: 2, track: 2 * PAGE };
  const TRANSFER = 2 * PAGE;
  const HALF = 25;

  /** Eight blocks on four tracks, each filled with its number and one more. */
  function make() {
    const around = new Surroundings();
    const bytes = Uint8Array.from({ length: 8 * PAGE }, (_, i) => 1 + Math.floor(i / PAGE));
    return { around, bytes, disk: new Disk(bytes, description, around) };
  }

  test("reads a block to a frame, and writes one from there", () => {
    const { around, bytes, disk } = make();
    expect(disk).toMatchObject({ kind: "disk", blocks: 8, busy: 0 });
    around.ask(disk, "read", read, 1, 2 * PAGE);
    expect(around.drain()).toEqual([["read", HALF + TRANSFER + MOVING]]);
    expect(around.bytes).toEqual(new Uint8Array(8 * PAGE).fill(2, 2 * PAGE, 3 * PAGE));
    around.bytes.fill(9, 0, PAGE);
    around.ask(disk, "write", write, 3, 0, around.events.now);
    around.drain();
    expect([...new Set(bytes.subarray(3 * PAGE, 4 * PAGE))]).toEqual([9]);
    expect([bytes[3 * PAGE - 1], bytes[4 * PAGE]]).toEqual([3, 5]);
  });

  test.each([
    [0, HALF],
    [1, HALF],
    [2, 100 + HALF],
    [5, 400 + HALF],
    [6, 700 + HALF],
  ])("takes seek by distance, half a rotation and the transfer: block %i", (block, positioning) => {
    const { around, disk } = make();
    around.ask(disk, "first", read, 0, 0);
    const [[, before]] = around.drain() as [[string, number]];
    around.ask(disk, "second", read, block, 0, before);
    expect(around.drain()).toEqual([["second", before + positioning + TRANSFER + MOVING]]);
    expect(disk.busy).toBe(around.events.now);
  });

  test("serves in order of arrival, and a block after the last one, if that waits, without seek and rotation", () => {
    const { around, disk } = make();
    around.ask(disk, "far", read, 7, 0);
    around.ask(disk, "near", read, 1, PAGE, 1);
    around.ask(disk, "next, on another track", write, 2, 2 * PAGE, 2);
    const far = 700 + HALF + TRANSFER + MOVING;
    const near = far + 700 + HALF + TRANSFER + MOVING;
    expect(around.drain()).toEqual([
      ["far", far],
      ["near", near],
      ["next, on another track", near + TRANSFER + MOVING],
    ]);
  });

  test("that comes late for the next block waits for it half a rotation, on another track without a seek", () => {
    const { around, disk } = make();
    around.ask(disk, "first", read, 1, 0);
    around.drain();
    around.ask(disk, "second", read, 2, 0, 10_000);
    expect(around.drain()).toEqual([["second", 10_000 + HALF + TRANSFER + MOVING]]);
    expect(disk.busy).toBe(2 * (HALF + TRANSFER + MOVING));
  });

  test("refuses blocks that it has not, and what is no frame of memory, and does nothing then", () => {
    const { around, disk } = make();
    const ask = (a: number, b: number, on = disk) => around.ask(on, "", read, a, b);
    expect(ask(8, 0)).toBe("received block 8; expected 0 to 7");
    expect(ask(0, 4)).toBe("received address 4; expected a frame's, a multiple of 512");
    expect(ask(0, 8 * PAGE)).toBe("received 512 bytes at address 4096; expected them in memory, which has 4096");
    expect(ask(0, 0, new Disk(new Uint8Array(), description, around))).toBe(
      "received block 0; expected none, since it is empty",
    );
    expect(around.drain()).toEqual([]);
    expect(() => new Disk(new Uint8Array(700), description, around)).toThrow(
      "Cannot make a disk: received 700 bytes; expected whole blocks of 512",
    );
  });
});

describe("Console", () => {
  const description = { latency: 30, byte: 4 };

  function make(typed = "") {
    const around = new Surroundings();
    const written: string[] = [];
    let rest = bytesOf(typed);
    const terminal = {
      write: (bytes: Uint8Array) => void written.push(text(bytes)),
      read: (most: number) => {
        const next = rest.subarray(0, most);
        rest = rest.subarray(most);
        return next.length === 0 ? undefined : next;
      },
    };
    return { around, written, console: new Console(terminal, description, around) };
  }

  test("writes bytes of memory in order of the requests, each after its time", () => {
    const { around, written, console } = make();
    around.bytes.set(bytesOf("Hello, world"), 3);
    around.ask(console, "hello", write, 3, 5);
    around.ask(console, "world", write, 10, 5);
    const once = MOVING + 30 + 5 * 4;
    expect(around.drain()).toEqual([
      ["hello", once],
      ["world", 2 * once],
    ]);
    expect(written).toEqual(["Hello", "world"]);
    expect(console.busy).toBe(2 * once);
  });

  test("reads how many bytes were typed, and these: as many as there is room for, none at the end", () => {
    const { around, console } = make("abcdefg");
    for (const address of [0, 64, 128]) around.ask(console, String(address), read, address, 8);
    expect(around.drain()).toEqual([
      ["0", 30 + 16 + MOVING],
      ["64", 2 * (30 + 16 + MOVING) - 4],
      ["128", 2 * (30 + 16 + MOVING) - 4 + 30 + MOVING],
    ]);
    expect([0, 64, 128].map((address) => text(around.broughtTo(address)))).toEqual(["abcd", "efg", ""]);
  });

  test("is at its end where nobody types", () => {
    const { around } = make();
    const console = new Console({ write: () => {}, read: () => undefined }, description, around);
    around.bytes.fill(7);
    around.ask(console, "", read, 0, 5);
    around.drain();
    expect([...around.bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 7]);
  });

  test("refuses what is not of one frame, and buffers without room", () => {
    const { around, console } = make();
    const ask = (command: number, a: number, b: number) => around.ask(console, "", command, a, b);
    expect(ask(write, 0, 0)).toBe("received 0 bytes; expected 1 to 512");
    expect(ask(read, 0, 4)).toBe("received 4 bytes; expected 5 to 512");
    expect(ask(write, 0, 513)).toBe("received 513 bytes; expected 1 to 512");
    expect(ask(write, 1, 512)).toBe("received 512 bytes at address 1; expected them in one frame of 512");
    expect(ask(read, 4090, 8)).toBe("received 8 bytes at address 4090; expected them in memory, which has 4096");
    expect(around.drain()).toEqual([]);
  });
});

describe("Network", () => {
  const description = { latency: 30, byte: 4 };

  function make() {
    const around = new Surroundings();
    return { around, network: new Network(description, around) };
  }

  test("brings back frame by frame what was written", () => {
    const { around, network } = make();
    around.bytes.set(bytesOf("onethree"));
    around.ask(network, "one", write, 0, 3);
    around.ask(network, "three", write, 3, 5);
    around.drain();
    around.ask(network, "first", read, 64, 100, 1000);
    around.ask(network, "second", read, 256, 100, 1000);
    expect(around.drain()).toEqual([
      ["first", 1000 + 30 + 3 * 4 + MOVING],
      ["second", 1000 + 60 + 8 * 4 + 2 * MOVING],
    ]);
    expect([64, 256].map((address) => text(around.broughtTo(address)))).toEqual(["one", "three"]);
    expect(network.busy).toBe(2 * (60 + 8 * 4 + 2 * MOVING));
  });

  test("lets a read wait for a frame, which keeps nobody from writing one", () => {
    const { around, network } = make();
    around.bytes.set(bytesOf("frame"));
    around.ask(network, "read", read, 64, 9);
    expect(around.drain()).toEqual([]);
    around.ask(network, "write", write, 0, 5, 500);
    const written = 500 + MOVING + 30 + 20;
    expect(around.drain()).toEqual([
      ["write", written],
      ["read", written + 30 + 20 + MOVING],
    ]);
    expect(text(around.broughtTo(64))).toBe("frame");
    expect(network.busy).toBe(around.events.now - 500);
  });

  test("cuts a frame off that is longer than the buffer", () => {
    const { around, network } = make();
    around.bytes.set(bytesOf("frame"));
    around.ask(network, "write", write, 0, 5);
    around.ask(network, "short", read, 64, 6);
    around.ask(network, "none", read, 128, 6);
    expect(around.drain().map(([name]) => name)).toEqual(["write", "short"]);
    expect(text(around.broughtTo(64))).toBe("fr");
  });

  test("refuses what the console refuses", () => {
    const { around, network } = make();
    expect(around.ask(network, "", read, 0, 4)).toBe("received 4 bytes; expected 5 to 512");
    expect(around.ask(network, "", write, 500, 13)).toBe(
      "received 13 bytes at address 500; expected them in one frame of 512",
    );
  });
});

describe("Power", () => {
  test("stops the machine with the status that is written, and is not read", () => {
    const stops: [number, number][] = [];
    const power = new Power((status, now) => void stops.push([status, now]));
    expect(power.request(read, 0, 0, 5)).toBe("received command 0; expected 1, a write of the status");
    expect(stops).toEqual([]);
    power.request(write, 3, 0, 8);
    power.request(write, 0xffff_ffff, 0, 9);
    expect(stops).toEqual([
      [3, 8],
      [-1, 9],
    ]);
  });
});
