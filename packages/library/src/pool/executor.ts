import { workerData } from "node:worker_threads";
import { receive } from "../receive.js";
import { microseconds } from "./clock.js";
import { purposeOfResult, readArguments, writeValue } from "./values.js";

const { pool, url, e } = receive(workerData) as any;
const tasks = await import(url);
const {
  space,
  handle: { address },
} = pool;
const k = space.kernel;
setInterval(() => {}, 1e9);
k.pool_come(address, e);
const bell = k.pool_bell_of_executor(address, e) >>> 2;
const words = space.words(bell * 4, 4);
let looks = 8;
let turned = performance.now();
const p = purposeOfResult("x");
for (;;) {
  const number = Atomics.load(words, bell);
  const t = k.pool_take(address, e, microseconds());
  if (t >= 0) {
    const J = k.pool_job_at(address, t) >>> 0;
    const [name, args] = readArguments(space, J);
    let how = 0;
    let v: any;
    try {
      v = tasks[name](...args);
      if (v && typeof v.then === "function") v = await v;
    } catch (x) {
      how = 1;
      v = x;
    }
    writeValue(space, v, p, (b: number) => k.pool_room_for_result(address, t, b));
    k.pool_complete(address, t, how);
    if (performance.now() - turned > 1) {
      await new Promise((r) => setImmediate(r));
      turned = performance.now();
    }
    continue;
  }
  if (k.pool_watch_bell(address, e, number, looks)) {
    looks = Math.min(2 * looks, 2048);
    continue;
  }
  looks = Math.max(8, looks >> 1);
  const w = (Atomics as any).waitAsync(words, bell, number);
  if (w.async) await w.value;
  turned = performance.now();
}
