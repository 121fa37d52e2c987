import { describe, expect, test } from "vitest";
import { Event, FreedError, SharedSpace } from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

function waiter(event: Event) {
  return inWorker(
    ({ data, say }) => {
      say("waits");
      data.event.wait();
    },
    { event },
  );
}

describe("Event", () => {
  test("lets all go on who wait, and who comes later", async () => {
    const event = new Event(space);
    expect(event.isSet).toBe(false);
    const workers = [waiter(event), waiter(event), waiter(event)];
    const exits = workers.map(exit);
    const waits = [event.waitAsync(), Event.waitAsync(event)];
    await Promise.all(workers.map(message));
    Event.set(event);
    event.set();
    await Promise.all([...exits, ...waits]);
    expect(event.isSet).toBe(true);
    expect(event.wait()).toBe(true);
    await event.waitAsync();
  });

  test("makes wait again who comes after it was reset", async () => {
    const event = new Event(space);
    event.set();
    Event.reset(event);
    event.reset();
    expect(event.isSet).toBe(false);
    expect(event.wait(0)).toBe(false);
    expect(Event.wait(event, 5)).toBe(false);
    await expect(event.waitAsync({ timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const aborted = event.waitAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
  });

  test("is waited for ever where the time is longer than anybody lives", async () => {
    const event = new Event(space);
    const setter = inWorker(({ data }) => setTimeout(() => data.event.set(), 20), { event });
    expect(event.wait(Number.MAX_SAFE_INTEGER)).toBe(true);
    await exit(setter);
  });

  test("lets go on who waited when it was set, also if it is reset at once", async () => {
    const event = new Event(space);
    const waits = event.waitAsync();
    event.set();
    event.reset();
    await waits;
  });

  test("is none the worse for workers that die while they wait, or after they set it", async () => {
    const event = new Event(space);
    const victim = waiter(event);
    const survivor = waiter(event);
    const end = exit(survivor);
    await Promise.all([message(victim), message(survivor)]);
    await victim.terminate();
    const setter = inWorker(
      ({ data }) => {
        data.event.set();
        process.exit(1);
      },
      { event },
    );
    await exit(setter);
    await end;
    expect(event.isSet).toBe(true);
  });

  test("names the use of one that was freed", async () => {
    const event = new Event(space);
    event.free();
    expect(() => event.set()).toThrow(FreedError);
    expect(() => event.reset()).toThrow(FreedError);
    expect(() => event.isSet).toThrow(FreedError);
    expect(() => event.wait()).toThrow(FreedError);
    await expect(event.waitAsync()).rejects.toThrow(FreedError);
  });
});
