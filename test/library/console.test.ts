import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Channel, Mutex, SharedBuffer, SharedSpace } from "#library/index.js";

test("Objects, spaces and tokens are a line each in console.log, which says whether they are freed, or hold", () => {
  using space = new SharedSpace({ workers: 4 });
  expect(inspect(space)).toMatch(/^SharedSpace -?\d+ -?\d+, slot 1 of 4$/);
  const objects = [new Mutex(space), new Channel(space), new SharedBuffer(space, 8)];
  for (const object of objects) {
    const { landspout, address } = object.handle;
    expect(inspect(object)).toBe(`${landspout} 0x${address.toString(16)}`);
    object.free();
    expect(inspect(object)).toBe(`${landspout} 0x${address.toString(16)} (freed)`);
  }
  const mutex = new Mutex(space);
  const token = mutex.lock();
  expect(inspect({ token })).toBe("{ token: UnlockToken (locked) }");
  token.unlock();
  expect(inspect(token)).toBe("UnlockToken (empty)");
});
