/** A thread that submits tasks until it dies. */
import { workerData } from "node:worker_threads";
import { type Pool, receive, type SharedBuffer } from "#library/index.js";

const { pool, shared, first, count } = receive(workerData) as {
  readonly pool: Pool;
  readonly shared: SharedBuffer;
  readonly first: number;
  readonly count: number;
};

const tasks = Array.from({ length: count }, async (_, i) => {
  const id = first + i;
  const large = "x".repeat(i % 5 === 0 ? 5000 : 10);
  return pool.run(i % 3 === 0 ? "long" : "short", [shared, id, large], i % 2 === 0 ? { key: i % 7 } : {});
});
await Promise.allSettled(tasks);
