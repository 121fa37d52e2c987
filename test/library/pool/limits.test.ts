import { describe, expect, test } from "vitest";
import { plainPool, reasonOf, until, wordsFor } from "./pools.js";

describe("Limits of a task", () => {
  test("by timeout count from its start: while it waits, no timeout is over", async () => {
    await using pool = plainPool({ workers: 1 });
    const { shared, words } = wordsFor(pool as never);
    const busy = pool.run("block", [shared]);
    await until(() => Atomics.load(words, 0) !== 0);
    let isSettled = false;
    const waiting = pool.run("add", [1, 2], { timeout: 0 }).then(
      () => "done",
      (error: Error) => error.name,
    );
    void waiting.then(() => {
      isSettled = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isSettled).toBe(false);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    await busy;
    // It may be over before anybody looks.
    expect(["done", "TimeoutError"]).toContain(await waiting);
  });

  test("by deadline count from its submission: what is over then is not executed", async () => {
    await using pool = plainPool({ workers: 1 });
    const { shared, words } = wordsFor(pool as never);
    const busy = pool.run("block", [shared]);
    await until(() => Atomics.load(words, 0) !== 0);
    const late = [0, 5].map((deadline) => reasonOf(pool.run("add", [1, 2], { deadline })));
    for (const reason of late) expect(await reason).toMatchObject({ name: "TimeoutError" });
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    await busy;
    expect(pool.statistics().workers[0]!.tasks).toBe(1);
  });
});
