import { describe, expect, test } from "vitest";
import { Channel, ChannelClosedError, FreedError, receive, SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { casesOf } from "../random-cases.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value);

describe("Channel", () => {
  test("gives each message once, in the order in which they were sent", () => {
    const channel = new Channel<string>(space);
    channel.send("a");
    Channel.send(channel, "b");
    expect(Channel.sendIfAvailable(channel, "c", 0)).toBe(true);
    expect(channel.receive()).toBe("a");
    expect(Channel.receive(channel)).toBe("b");
    expect(Channel.receiveIfAvailable(channel, 0)).toBe("c");
    expect(channel.receiveIfAvailable(0)).toBe(null);
    expect(channel.receiveIfAvailable(1)).toBe(null);
  });

  test("has room for its capacity, of messages with 8 bytes more, padded to 8", () => {
    const channel = new Channel<Uint8Array>(space, { capacity: 60, codec: "bytes" });
    expect(channel.capacity).toBe(64);
    expect(channel.used).toBe(0);
    for (const length of [0, 8, 1, 7]) expect(channel.sendIfAvailable(bytes(length), 0)).toBe(true);
    expect(channel.used).toBe(8 + 16 + 16 + 16);
    expect(channel.sendIfAvailable(bytes(1), 0)).toBe(false);
    expect(channel.sendIfAvailable(bytes(1), 1)).toBe(false);
    expect(channel.sendIfAvailable(bytes(0), 0)).toBe(true);
    expect(channel.used).toBe(64);
    expect(() => channel.send(bytes(57))).toThrow(RangeError);
  });

  test("passes bytes whole wherever they lie in the ring", () => {
    const channel = new Channel<Uint8Array>(space, { capacity: 128, codec: "bytes" });
    const random = new Random(9);
    const sent: Uint8Array[] = [];
    for (let i = 0; i < casesOf(3000); i++) {
      const next = bytes(random.below(121), i);
      while (!channel.sendIfAvailable(next, 0)) expect(channel.receive()).toEqual(sent.shift());
      sent.push(next);
    }
  });

  test("receives bytes into bytes, and leaves a message that is too long for them", () => {
    const channel = new Channel<Uint8Array>(space, { codec: "bytes" });
    channel.send(bytes(50));
    channel.send(bytes(3, 9));
    const target = bytes(49, 0);
    expect(() => channel.receiveInto(target)).toThrow(RangeError);
    expect(channel.receive()).toEqual(bytes(50));
    expect(channel.receiveInto(target)).toBe(3);
    expect([...target.subarray(0, 4)]).toEqual([9, 9, 9, 0]);
    channel.close();
    expect(channel.receiveInto(target)).toBe(undefined);
    expect(() => new Channel(space).receiveInto(target)).toThrow(TypeError);
    expect(() => new Channel<unknown>(space, { codec: "bytes" }).send("text")).toThrow(TypeError);
  });

  test("wakes another receiver for a message that one has no room for", async () => {
    const channel = new Channel<Uint8Array>(space, { codec: "bytes" });
    const short = inWorker(
      ({ data, say }) => {
        say("receives");
        try {
          data.channel.receiveInto(new Uint8Array(1));
        } catch (error) {
          say((error as Error).name);
        }
      },
      { channel },
    );
    await message(short);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const other = inWorker(
      ({ data, say }) => {
        say("receives");
        say(data.channel.receive()?.length);
      },
      { channel },
    );
    await message(other);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const results = Promise.all([message(short), message(other)]);
    channel.send(bytes(2));
    expect(await results).toEqual(["RangeError", 2]);
  });

  test("is drained when it is closed, then ends", async () => {
    const channel = new Channel<number>(space);
    for (let i = 0; i < 3; i++) channel.send(i);
    expect(Channel.close(channel)).toBe(true);
    expect(channel.close()).toBe(false);
    expect(channel.closed).toBe(true);
    expect(() => channel.send(3)).toThrow(ChannelClosedError);
    await expect(channel.sendAsync(3)).rejects.toThrow(ChannelClosedError);
    expect(channel.receive()).toBe(0);
    const rest: number[] = [];
    for await (const value of channel) rest.push(value);
    expect(rest).toEqual([1, 2]);
    expect(channel.receive()).toBe(undefined);
    expect(channel.receiveIfAvailable(0)).toBe(undefined);
    expect(await Channel.receiveAsync(channel)).toBe(undefined);
  });

  test("leaves timers their turns while messages are iterated over and it is never empty", async () => {
    const channel = new Channel<number>(space);
    channel.send(0);
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    for await (const count of channel) {
      if (isOver || count === 100_000) break;
      channel.send(count + 1);
    }
    expect(isOver).toBe(true);
  });

  test("waits without blocking, until there is a message or room, the time is over or the signal is aborted", async () => {
    const channel = new Channel<Uint8Array>(space, { capacity: 16, codec: "bytes" });
    const receiving = channel.receiveAsync();
    await expect(channel.receiveAsync({ timeout: 5 })).rejects.toThrow(
      expect.objectContaining({ name: "TimeoutError" }),
    );
    const controller = new AbortController();
    const aborted = channel.receiveAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    await Channel.sendAsync(channel, bytes(1));
    expect(await receiving).toEqual(bytes(1));
    await channel.sendAsync(bytes(8));
    const value = bytes(2);
    const sending = channel.sendAsync(value);
    value.fill(0);
    await expect(channel.sendAsync(bytes(3), { timeout: 5 })).rejects.toThrow(
      expect.objectContaining({ name: "TimeoutError" }),
    );
    expect(channel.receive()).toEqual(bytes(8));
    await sending;
    expect(channel.receive()).toEqual(bytes(2));
  });

  test("wakes who waits when it is closed", async () => {
    const channel = new Channel<Uint8Array>(space, { capacity: 16, codec: "bytes" });
    const receiver = inWorker(({ data, say }) => say(data.channel.receive() === undefined), { channel });
    const receiving = channel.receiveAsync();
    setTimeout(() => channel.close(), 50);
    expect(await message(receiver)).toBe(true);
    expect(await receiving).toBe(undefined);
    const full = new Channel<Uint8Array>(space, { capacity: 16, codec: "bytes" });
    full.send(bytes(8));
    const sending = expect(full.sendAsync(bytes(8))).rejects.toThrow(ChannelClosedError);
    full.close();
    await sending;
  });

  test("is the same object for all who receive it, and of no use when it is freed", () => {
    const channel = new Channel<Uint8Array>(space, { capacity: 4096, codec: "bytes" });
    const copy = receive<Channel<Uint8Array>>(structuredClone(channel));
    channel.send(bytes(100));
    expect(copy.capacity).toBe(4096);
    expect(copy.receive()).toEqual(bytes(100));
    channel.free();
    expect(() => copy.send(bytes(1))).toThrow(FreedError);
    expect(() => copy.receive()).toThrow(FreedError);
    expect(() => copy.close()).toThrow(FreedError);
  });

  test.each([{ capacity: 0 }, { capacity: 2 ** 31 }, { capacity: Number.NaN }, { codec: "json" }])(
    "refuses %j",
    (options) => {
      expect(() => new Channel(space, options as object)).toThrow(RangeError);
    },
  );

  test.each([
    [1, 1],
    [3, 1],
    [1, 3],
    [3, 3],
  ])(
    "loses nothing between %d senders and %d receivers, and keeps each one's order",
    async (senders, receivers) => {
      const channel = new Channel<[sender: number, turn: number, text: string]>(space, { capacity: 512 });
      const turns = casesOf(5000);
      const send = async ({ data }: InWorker<{ channel: Channel; sender: number; turns: number }>) => {
        for (let turn = 0; turn < data.turns; turn++) {
          const value = [data.sender, turn, "x".repeat((turn * 7 + data.sender) % 100)];
          if (turn % 100 === 0) await data.channel.sendAsync(value);
          else data.channel.send(value);
        }
      };
      const receiveAll = async ({ data, say }: InWorker<{ channel: Channel<[number, number, string]> }>) => {
        const got: [number, number, number][] = [];
        const keep = ([sender, turn, text]: [number, number, string]) => got.push([sender, turn, text.length]);
        for (let value = data.channel.receive(); value; value = data.channel.receive()) {
          keep(value);
          if (got.length % 100 === 0) {
            const next = await data.channel.receiveAsync();
            if (next) keep(next);
          }
        }
        say(got);
      };
      const all = Array.from({ length: receivers }, () =>
        message<[number, number, number][]>(inWorker(receiveAll, { channel })),
      );
      await Promise.all(
        Array.from({ length: senders }, (_, sender) => exit(inWorker(send, { channel, sender, turns }))),
      );
      channel.close();
      const got = await Promise.all(all);
      for (const one of got) {
        for (let sender = 0; sender < senders; sender++) {
          const order = one.filter(([from]) => from === sender).map(([, turn]) => turn);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }
      const sorted = got.flat().sort(([s, t], [u, v]) => s - u || t - v);
      const expected = Array.from({ length: senders * turns }, (_, i) => {
        const [sender, turn] = [Math.floor(i / turns), i % turns];
        return [sender, turn, (turn * 7 + sender) % 100];
      });
      expect(sorted).toEqual(expected);
    },
    60_000,
  );
});
