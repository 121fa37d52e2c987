import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { SharedSpace, WorkerDiedError } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "../in-worker.js";
import { deathsPool, reasonOf, until, urlOf, wordsFor } from "./pools.js";
import type { programs } from "./tasks/programs.js";

describe("A task whose worker dies", () => {
  test("by process.exit rejects with a WorkerDiedError that has the exit code; the pool goes on", async () => {
    await using pool = deathsPool({ workers: 1 });
    const died = await reasonOf(pool.run("exit", [7]));
    expect(died).toBeInstanceOf(WorkerDiedError);
    expect(died).toMatchObject({ exitCode: 7 });
    expect(died.cause).toBeUndefined();
    expect(await pool.run("live")).toBe("alive");
  });

  test.each(["uncaught", "unhandled"] as const)("of an error that is %s has it as its cause", async (name) => {
    await using pool = deathsPool({ workers: 1 });
    const died = await reasonOf(pool.run(name));
    expect(died).toBeInstanceOf(WorkerDiedError);
    expect(died).toMatchObject({ exitCode: 1, cause: { name: "RangeError" } });
    expect(await pool.run("live")).toBe("alive");
  });

  test("later, of what a task has left behind, is told as a warning", async () => {
    await using pool = deathsPool({ workers: 1 });
    const warnings: (Error & { code?: string })[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on("warning", hear);
    const told = () => warnings.find(({ code }) => code === "LANDSPOUT_POOL");
    await pool.run("throwLater");
    await until(() => told() !== undefined);
    process.off("warning", hear);
    expect(told()!.message).toMatch(/^Worker 0 of a Pool has ended.*RangeError: left behind/s);
    expect(await pool.run("live")).toBe("alive");
  });

  test("without memory says so", async () => {
    await using pool = deathsPool({ workers: 1, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    const died = await reasonOf(pool.run("outOfMemory"));
    expect(died).toBeInstanceOf(WorkerDiedError);
    expect(died).toMatchObject({ cause: { code: "ERR_WORKER_OUT_OF_MEMORY" } });
    expect(await pool.run("live")).toBe("alive");
  });

  test("takes what else the worker had in progress with it, and nothing that waits", async () => {
    await using pool = deathsPool({ workers: 1, concurrency: 3 });
    const { shared, words } = wordsFor(pool as never);
    const waiting = [reasonOf(pool.run("wait", [shared])), reasonOf(pool.run("wait", [shared]))];
    await until(() => Atomics.load(words, 0) === 2);
    const exits = reasonOf(pool.run("exit", [4]));
    const behind = Array.from({ length: 20 }, () => pool.run("live"));
    for (const died of [...waiting, exits]) expect(await died).toMatchObject({ name: "WorkerDiedError", exitCode: 4 });
    expect(await Promise.all(behind)).toEqual(Array(20).fill("alive"));
  });

  test("is executed again, where it has retries", async () => {
    await using pool = deathsPool({ workers: 2 });
    const { shared, words } = wordsFor(pool as never);
    words[0] = 3;
    expect(await pool.run("dieSometimes", [shared], { retries: 3 })).toBe("alive");
    words[0] = 2;
    expect(await reasonOf(pool.run("dieSometimes", [shared], { retries: 1 }))).toBeInstanceOf(WorkerDiedError);
    expect(words[0]).toBe(0);
  });

  test("has one outcome, whoever dies when", async () => {
    await using pool = deathsPool({ workers: 3, concurrency: 2 });
    const tasks = Array.from({ length: 150 }, (_, i) =>
      i % 15 === 7 ? pool.run("exit", [i]) : pool.run("live", [], { retries: 100 }),
    );
    const outcomes = await Promise.allSettled(tasks);
    for (const [i, outcome] of outcomes.entries()) {
      if (i % 15 !== 7) expect(outcome).toMatchObject({ status: "fulfilled", value: "alive" });
      else expect(outcome).toMatchObject({ status: "rejected", reason: { name: "WorkerDiedError", exitCode: i } });
    }
  });
});

describe("A task that does not stop", () => {
  test("is ended with its worker, when grace is over, and another worker takes its place", async () => {
    await using pool = deathsPool({ workers: 1, grace: 1 });
    expect(await reasonOf(pool.run("forEver", [], { timeout: 1 }))).toMatchObject({ name: "TimeoutError" });
    expect(await pool.run("live")).toBe("alive");
    const controller = new AbortController();
    const { shared, words } = wordsFor(pool as never);
    const aborted = reasonOf(pool.run("wait", [shared], { signal: controller.signal }));
    await until(() => Atomics.load(words, 0) === 1);
    controller.abort();
    expect((await aborted).name).toBe("AbortError");
    expect(await pool.run("live")).toBe("alive");
  });

  test("of another thread, too", async () => {
    await using pool = deathsPool({ workers: 1, grace: 1 });
    const worker = inWorker(
      async ({ data, say }: InWorker<{ pool: typeof pool }>) => {
        const reason = await data.pool.run("forEver", [], { timeout: 1 }).catch((error) => error.name);
        say([reason, await data.pool.run("live")]);
      },
      { pool },
    );
    expect(await message(worker)).toEqual(["TimeoutError", "alive"]);
  });
});

describe("A submitter that dies", () => {
  test("takes its tasks with it: their workers are free again, and so are their records", async () => {
    await using pool = deathsPool({ workers: 1, capacity: 32, concurrency: 2 });
    const { shared, words } = wordsFor(pool as never);
    await pool.started;
    const worker = inWorker(
      ({ data }: InWorker<{ pool: typeof pool; shared: typeof shared }>) => {
        void data.pool.run("wait", [data.shared], { timeout: 1 }).catch(() => {});
        for (let i = 0; i < 20; i++) void data.pool.run("live");
      },
      { pool, shared },
    );
    await until(() => Atomics.load(words, 0) === 1);
    const ended = exit(worker);
    await worker.terminate();
    await ended.catch(() => {});
    expect(await pool.run("live")).toBe("alive");
    // The task that waits is nobody's, and goes on until its worker ends.
    expect(await reasonOf(pool.run("exit", [1]))).toBeInstanceOf(WorkerDiedError);
    expect(await pool.run("live")).toBe("alive");
    // Resolves only when all records are free.
    await pool.close();
  });
});

describe("The maker of a pool", () => {
  test("that dies ends its tasks for all who wait for them", async () => {
    const maker = inWorker(
      async ({ library, data: { space, url }, say, hear }: InWorker<{ space: SharedSpace; url: string }>) => {
        const pool = new library.Pool(url, { workers: 1, space });
        hear(() => {});
        await pool.started;
        say({ pool });
      },
      { space: new SharedSpace(), url: urlOf("deaths.js").href },
    );
    const { pool } = await message<{ pool: unknown }>(maker);
    const submitter = inWorker(
      async ({ data, say, hear }: InWorker<{ pool: ReturnType<typeof deathsPool> }>) => {
        hear(() => {});
        const waits = data.pool.run("forEver").catch((error: Error) => error.name);
        say("submitted");
        const reason = await waits;
        // Nothing is waited for that cannot come.
        await data.pool.ready();
        await data.pool.drain();
        say(reason);
      },
      { pool: pool as never },
    );
    expect(await message(submitter)).toBe("submitted");
    const heard = message(submitter);
    await maker.terminate();
    expect(await heard).toBe("PoolClosedError");
    await submitter.terminate();
  });
});

const run = promisify(execFile);

/** What a program prints that has a pool, and how it ends. */
async function program(does: keyof typeof programs): Promise<string> {
  const file = fileURLToPath(new URL("./tasks/programs.js", import.meta.url));
  const { stdout } = await run(process.execPath, [file, does], { timeout: 120_000 });
  return stdout;
}

describe("Node", () => {
  test("ends with a pool that is idle and that nobody has closed", async () => {
    expect(await program("run")).toBe("3\n");
    expect(await program("make")).toBe("made\n");
  });

  test("has pools in programs that it is given as a text", async () => {
    const { href } = new URL(import.meta.resolve("#library/index.js"));
    const source = `import { Pool } from ${JSON.stringify(href)};
      const pool = new Pool(${JSON.stringify(urlOf("plain.js").href)}, { workers: 1 });
      console.log(await pool.run("add", [1, 2]));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source], { timeout: 120_000 });
    expect(stdout).toBe("3\n");
  });

  test("goes on as long as a task has no outcome, workers start, or the pool closes", async () => {
    expect(await program("echo")).toBe("5\n");
    expect(await program("start")).toBe("2\n");
    expect(await program("close")).toBe("closed\n");
  });
});
