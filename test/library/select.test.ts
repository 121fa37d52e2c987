import { describe, expect, test } from "vitest";
import {
  Channel,
  ChannelClosedError,
  ForeignHandleError,
  FreedError,
  type SelectCase,
  SharedSpace,
  select,
  selectAsync,
  selectIfAvailable,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** Channels with room for one number each. */
function channels(count: number): Channel<number>[] {
  return Array.from({ length: count }, () => new Channel<number>(space, { capacity: 16 }));
}

describe("select", () => {
  test("receives from the channel that has a message, and from no other", () => {
    const [a, b, c] = channels(3) as [Channel<number>, Channel<number>, Channel<number>];
    b.send(1);
    expect(select([{ receive: a }, { receive: b }, { receive: c }])).toEqual({ index: 1, message: 1 });
    c.send(2);
    a.send(3);
    const first = select([{ receive: a }, { receive: b }, { receive: c }]);
    const second = select([{ receive: a }, { receive: b }, { receive: c }]);
    expect([first.message, second.message].sort()).toEqual([2, 3]);
    expect([a.used, b.used, c.used]).toEqual([0, 0, 0]);
  });

  test("sends to the channel that has room, and to no other", () => {
    const [full, free] = channels(2) as [Channel<number>, Channel<number>];
    full.send(0);
    const cases = [
      { send: full, value: 1 },
      { send: free, value: 2 },
    ] as const;
    expect(select(cases)).toEqual({ index: 1, message: undefined });
    expect(selectIfAvailable(cases, 0)).toBeNull();
    expect([full.receive(), free.receive()]).toEqual([0, 2]);
    expect([full.used, free.used]).toEqual([0, 0]);
  });

  test("gives each of the cases that can be done its turns", () => {
    const both = [0, 1].map(() => new Channel<number>(space));
    for (const channel of both) for (let i = 0; i < 50; i++) channel.send(i);
    const cases = both.map((receive) => ({ receive }));
    const indices = Array.from({ length: 100 }, () => select(cases).index);
    expect(indices.filter((index) => index === 0)).toHaveLength(50);
    // In turn: after ten of them no channel is more than one ahead.
    expect(indices.slice(0, 10).filter((index) => index === 0)).toHaveLength(5);
  });

  test("receives undefined from a channel that is closed, and does not send to one", () => {
    const [open, closed] = channels(2) as [Channel<number>, Channel<number>];
    closed.close();
    expect(select([{ receive: open }, { receive: closed }])).toEqual({ index: 1, message: undefined });
    expect(() => select([{ receive: open }, { send: closed, value: 1 }])).toThrow(ChannelClosedError);
  });

  test("blocks until another worker sends to one of the channels", async () => {
    const [a, b] = channels(2) as [Channel<number>, Channel<number>];
    for (const channel of [a, b, a]) {
      const worker = inWorker<Channel<number>>(async ({ data }) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        data.send(7);
      }, channel);
      const { index, message } = select([{ receive: a }, { receive: b }]);
      expect([index, message]).toEqual([channel === a ? 0 : 1, 7]);
      await exit(worker);
    }
  });

  test("blocks until another worker receives from one of the channels", async () => {
    const [a, b] = channels(2) as [Channel<number>, Channel<number>];
    a.send(1);
    b.send(2);
    const worker = inWorker<Channel<number>>(async ({ data, say }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      say([data.receive(), data.receive()]);
    }, b);
    expect(
      select([
        { send: a, value: 3 },
        { send: b, value: 4 },
      ]).index,
    ).toBe(1);
    expect(await message(worker)).toEqual([2, 4]);
    await exit(worker);
  });

  test("gives up when the time is over, or the signal aborted, and has done nothing", async () => {
    const [a, b] = channels(2) as [Channel<number>, Channel<number>];
    b.send(1);
    const cases: SelectCase[] = [{ receive: a }, { send: b, value: 2 }];
    expect(selectIfAvailable(cases, 0)).toBeNull();
    expect(selectIfAvailable(cases, 20)).toBeNull();
    await expect(selectAsync(cases, { timeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const aborted = selectAsync(cases, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect(b.receive()).toBe(1);
    expect([a.used, b.used]).toEqual([0, 0]);
  });

  test.each([0, 1, 2])(
    "is told that a channel was freed, case %i, and takes nothing from what lies there later",
    async (which) => {
      const all = channels(3);
      const waiting = selectAsync(all.map((receive) => ({ receive })));
      const worker = inWorker<Channel<number>[]>(({ data, library, say }) => {
        say("begins");
        try {
          library.select(data.map((receive) => ({ receive })));
        } catch (error) {
          say((error as Error).name);
        }
      }, all);
      expect(await message(worker)).toBe("begins");
      await new Promise((resolve) => setTimeout(resolve, 30));
      const said = message(worker);
      all[which]!.free();
      const [later] = channels(1);
      later!.send(7);
      await expect(waiting).rejects.toThrow(FreedError);
      expect(await said).toBe("FreedError");
      expect(later!.receiveIfAvailable(0)).toBe(7);
      await exit(worker);
    },
  );

  test("waits without blocking, for several at once", async () => {
    const [a, b] = channels(2) as [Channel<number>, Channel<number>];
    const waits = [1, 2, 3].map(() => selectAsync([{ receive: a }, { receive: b }]));
    for (const channel of [b, a, b]) await channel.sendAsync(1);
    const indices = (await Promise.all(waits)).map(({ index }) => index);
    expect(indices.sort()).toEqual([0, 1, 1]);
  });

  test("loses nothing between workers that select, send and receive, some without blocking", async () => {
    const all = channels(3);
    const results = new Channel<number>(space);
    const each = 2000;
    const senders = [0, 1].map(() =>
      inWorker<Channel<number>[]>(({ data, library }) => {
        for (let i = 1; i <= 2000; i++) library.select(data.map((send) => ({ send, value: i })));
      }, all),
    );
    const plain = inWorker<Channel<number>>(({ data }) => {
      for (let i = 1; i <= 2000; i++) data.send(i);
    }, all[0]!);
    const receivers = [0, 1, 2].map((number) =>
      inWorker<{ all: Channel<number>[]; results: Channel<number>; isAsync: boolean }>(
        async ({ data: { all, results, isAsync }, library }) => {
          let sum = 0;
          const open = [...all];
          while (open.length > 0) {
            const cases = open.map((receive) => ({ receive }));
            const { index, message } = isAsync ? await library.selectAsync(cases) : library.select(cases);
            if (message === undefined) open.splice(index, 1);
            else sum += message;
          }
          results.send(sum);
        },
        { all, results, isAsync: number === 0 },
      ),
    );
    await Promise.all([...senders, plain].map(exit));
    for (const channel of all) channel.close();
    await Promise.all(receivers.map(exit));
    const sums = [results.receive()!, results.receive()!, results.receive()!];
    expect(sums.reduce((a, b) => a + b)).toBe((3 * each * (each + 1)) / 2);
  });

  test("leaves nothing behind when a worker that waits in it is terminated", async () => {
    const both = channels(2);
    const start = () =>
      inWorker<Channel<number>[]>(({ data, library, say }) => {
        say("begins");
        say(library.select(data.map((receive) => ({ receive }))).message);
      }, both);
    const [first, second] = [start(), start()];
    await Promise.all([message(first), message(second)]);
    await first.terminate();
    const answer = message(second);
    both[1]!.send(5);
    expect(await answer).toBe(5);
    await exit(second);
  });

  test("refuses what is no case, channels of several spaces, and those that were freed", () => {
    const [channel] = channels(1) as [Channel<number>];
    const wrong = (cases: unknown) => expect(() => select(cases as SelectCase[]));
    wrong([]).toThrow("Cannot select: received an array; expected an array of one case or more");
    wrong(channel).toThrow(TypeError);
    wrong([channel]).toThrow("Cannot select: received a Channel; expected");
    wrong([{ receive: channel, send: channel, value: 1 }]).toThrow(TypeError);
    wrong([{ receive: 5 }]).toThrow("Cannot select: received 5; expected a Channel");
    wrong([{ receive: structuredClone(channel) }]).toThrow("received a Channel as a message brings it; expected one");
    wrong([null]).toThrow(TypeError);
    wrong([{ receive: channel }, { receive: new Channel(new SharedSpace()) }]).toThrow(ForeignHandleError);
    wrong([{ receive: channel }, { send: channel, value: () => 1 }]).toThrow("received a function; expected");
    expect(() => selectIfAvailable([{ receive: channel }], Number.NaN)).toThrow(RangeError);
    channel.free();
    wrong([{ receive: channel }]).toThrow(FreedError);
  });
});
