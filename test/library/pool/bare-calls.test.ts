import { describe, expect, test } from "vitest";
import { Pool } from "#library/index.js";
import { LastCall, wordsOf } from "#library/pool/bare-calls.js";
import { urlOf } from "./pools.js";

/** The bytes of a text, as words at a place of others. */
function placed(text: string) {
  const { words, bytes } = wordsOf(new TextEncoder().encode(text));
  const all = new Int32Array(64);
  all.set(words, 8);
  return { all, begin: 8, bytes };
}

describe("LastCall", () => {
  test("finds a call without arguments as long as the same words come", () => {
    const last = new LastCall();
    const { all, begin, bytes } = placed("nothing");
    expect(last.find(all, begin, bytes)).toBeUndefined();
    last.keep(["nothing", []], all, begin, bytes);
    expect(last.find(all, begin, bytes)).toEqual(["nothing", []]);
    const other = placed("nothinG");
    expect(last.find(other.all, other.begin, other.bytes)).toBeUndefined();
    expect(last.find(all, begin, bytes - 1)).toBeUndefined();
  });

  test("keeps neither arguments, which are the task's to change, nor long names", () => {
    const last = new LastCall();
    const { all, begin, bytes } = placed("nothing");
    last.keep(["nothing", [{}]], all, begin, bytes);
    expect(last.find(all, begin, bytes)).toBeUndefined();
    last.keep(["nothing", [], undefined, "a key", false], all, begin, bytes);
    expect(last.find(all, begin, bytes)).toBeUndefined();
    const long = placed("n".repeat(65));
    last.keep(["n".repeat(65), []], long.all, long.begin, long.bytes);
    expect(last.find(long.all, long.begin, long.bytes)).toBeUndefined();
  });
});

test("a Pool tells tasks with and without arguments apart, in any order, also with keys", async () => {
  await using pool = new Pool(urlOf("plain.js"), { workers: 1 });
  const values = Array.from({ length: 300 }, (_, i) => [undefined, i, null, `${i}`][i % 4]);
  const results = values.map((value, i) => {
    if (value === undefined && i % 8 === 0) return pool.run("echo", []);
    return pool.run("echo", [value], i % 3 === 0 ? { key: i } : {});
  });
  expect(await Promise.all(results)).toEqual(values);
});
