import { describe, expect, test } from "vitest";
import { plainPool, reasonOf, until, wordsFor } from "./pools.js";

/** More than there are records for. */
const many = <Result>(run: () => Promise<Result>) => Promise.all(Array.from({ length: 40 }, run));

describe("Tasks that submit tasks", () => {
  test("to all workers have the outcomes, though all workers wait for each other", async () => {
    await using pool = plainPool({ workers: 2 });
    await pool.started;
    expect(await Promise.all([pool.run("ofAll"), pool.run("ofAll"), pool.run("ofAll")])).toEqual(Array(3).fill([3, 3]));
  });

  test("to all workers find records, though all others belong to tasks that wait for the same", async () => {
    await using pool = plainPool({ workers: 2, capacity: 32 });
    await pool.started;
    expect(await many(() => pool.run("ofAll"))).toEqual(Array(40).fill([3, 3]));
  });

  test("wait until there is room, and until all is done, though all records are theirs", async () => {
    await using pool = plainPool({ workers: 1, capacity: 32 });
    expect(await many(() => pool.run("readyAndDrained"))).toEqual(Array(40).fill(3));
  });

  test("end them by timeout, though all records are theirs: what hears of it ends, and what does not ends its worker", async () => {
    await using pool = plainPool({ workers: 1, capacity: 32, grace: 10_000 });
    expect(await many(() => pool.run("endsInTime", ["untilTold"]))).toEqual(Array(40).fill("TimeoutError"));
    await using deaf = plainPool({ workers: 1, capacity: 32, grace: 5 });
    await deaf.started;
    const outer = deaf.run("endsInTime", ["never"]);
    const others = many(() => deaf.run("thread"));
    expect(await outer).toBe("TimeoutError");
    expect(new Set(await others).size).toBe(1);
    expect(deaf.statistics().workers.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(40);
  });

  test("give them the pool's grace", async () => {
    await using pool = plainPool({ workers: 1, grace: 10_000 });
    expect(await pool.run("endsSlowly")).toBe("TimeoutError");
  });

  test("and forget them lose none when their worker is replaced", async () => {
    await using pool = plainPool({ workers: 1, capacity: 32, recycleAfter: 1 });
    const { shared, words } = wordsFor(pool as never);
    await pool.run("forgets", [shared, 300]);
    await until(() => Atomics.load(words, 0) === 300);
  });
});

test("A result that throws when it is looked at is the task's error, and ends no worker", async () => {
  await using pool = plainPool({ workers: 1 });
  expect(await reasonOf(pool.run("revoked"))).toMatchObject({ name: "TypeError" });
});

describe("Pool.map", () => {
  test("gives results while its source waits for them", async () => {
    await using pool = plainPool({ workers: 1 });
    let last = 1;
    let tell = () => {};
    const source = async function* () {
      while (last < 20) {
        const told = new Promise<void>((resolve) => {
          tell = resolve;
        });
        yield last;
        await told;
      }
    };
    for await (const result of pool.map("echo", source(), { concurrency: 4 })) {
      last = 2 * (result as number);
      tell();
    }
    expect(last).toBe(32);
  });

  test("ends when its consumer does, though its source has nothing more", async () => {
    await using pool = plainPool({ workers: 1 });
    const source = async function* () {
      yield 1;
      await new Promise(() => {});
    };
    for await (const result of pool.map("echo", source())) {
      expect(result).toBe(1);
      break;
    }
  });
});
