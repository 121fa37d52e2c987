import { Pool, type PoolOptions } from "#library/index.js";
import { type PoolPeer, type RunningPool, TASKS, type TaskName } from "./peer.js";

export function landspout(options: PoolOptions = {}): PoolPeer {
  return {
    start: (workers) => {
      const pool = new Pool(TASKS, { ...options, workers });
      return {
        run: (task, argument) => pool.run(task, argument === undefined ? [] : [argument]),
        map: (task, count) => pool.map(task, Array(count).keys()),
        transfer: (task, buffer) => pool.run(task, [buffer], { transfer: [buffer] }),
        keyed: (task, argument, key) => pool.run(task, [argument], { key }),
        close: () => pool.close({ force: true }),
      };
    },
  };
}

/** A pool for each worker, and the program says which one has a key: it never moves. */
export const sharded: PoolPeer = {
  start: (workers) => {
    const pools = single(workers);
    return {
      ...several(pools),
      keyed: (task, argument, key) => pools[key % workers]!.run(task, [argument]),
    };
  },
};

/** A pool for each worker, and the program gives a task to the one with the fewest, whatever its key. */
export const leastBusy: PoolPeer = {
  start: (workers) => {
    const pools = single(workers);
    const tasks = pools.map(() => 0);
    const keyed = async (task: TaskName, argument: unknown) => {
      const least = tasks.indexOf(Math.min(...tasks));
      tasks[least]!++;
      try {
        return await pools[least]!.run(task, [argument]);
      } finally {
        tasks[least]!--;
      }
    };
    return { ...several(pools), keyed };
  },
};

function single(workers: number): Pool[] {
  return Array.from({ length: workers }, () => new Pool(TASKS, { workers: 1 }));
}

function several(pools: readonly Pool[]): RunningPool {
  return {
    run: (task, argument) => pools[0]!.run(task, [argument]),
    close: () => Promise.all(pools.map((pool) => pool.close({ force: true }))),
  };
}
