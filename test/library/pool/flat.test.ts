import { describe, expect, test } from "vitest";
import { Flat } from "#library/pool/flat.js";

/** Arrays of numbers from 0 on, each longer than the one before; whether it was told to end. */
class Source {
  hasEnded = false;

  async *arrays(count: number): AsyncGenerator<number[], void> {
    try {
      for (let next = 0, length = 0; next < count; next += length++)
        yield Array.from({ length: Math.min(length, count - next) }, (_, i) => next + i);
    } finally {
      this.hasEnded = true;
    }
  }
}

async function all(flat: AsyncIterable<number>): Promise<number[]> {
  const elements: number[] = [];
  for await (const element of flat) elements.push(element);
  return elements;
}

describe("Flat", () => {
  test("gives all elements in order, also of empty arrays", async () => {
    expect(await all(new Flat(new Source().arrays(100)))).toEqual([...Array(100).keys()]);
  });

  test("answers calls in their order, though none waits for the one before", async () => {
    const flat = new Flat(new Source().arrays(5));
    const calls = [...Array(7)].map(() => flat.next());
    const answers = await Promise.all(calls);
    expect(answers.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, undefined, undefined]);
    expect(answers.map(({ done }) => done)).toEqual([false, false, false, false, false, true, true]);
  });

  test("ends its source when its consumer leaves, after what was asked for before", async () => {
    const source = new Source();
    const flat = new Flat(source.arrays(100));
    const [first, end, after] = await Promise.all([flat.next(), flat.return(), flat.next()]);
    expect([first.value, end.done, after.done]).toEqual([0, true, true]);
    expect(source.hasEnded).toBe(true);
  });

  test("gives what came before an error, then throws it, then is at its end", async () => {
    const flat = new Flat(
      (async function* () {
        yield [1, 2];
        throw new RangeError("no more");
      })(),
    );
    expect(await flat.next()).toEqual({ done: false, value: 1 });
    expect(await flat.next()).toEqual({ done: false, value: 2 });
    await expect(flat.next()).rejects.toThrow("no more");
    expect(await flat.next()).toEqual({ done: true, value: undefined });
  });

  test("throws what it is told to throw, at the source", async () => {
    const source = new Source();
    const flat = new Flat(source.arrays(100));
    await flat.next();
    await expect(flat.throw(new RangeError("thrown"))).rejects.toThrow("thrown");
    expect(source.hasEnded).toBe(true);
    expect((await flat.next()).done).toBe(true);
  });
});
