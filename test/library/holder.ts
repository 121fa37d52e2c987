import type { SpinningLock } from "#library/index.js";
import { inWorker, message } from "./in-worker.js";

/** A worker that has locked, and keeps it. */
export async function holder(lock: SpinningLock) {
  const worker = inWorker(
    ({ data, say }) => {
      data.lock.lock();
      say("holds");
      setInterval(() => {}, 1000);
    },
    { lock },
  );
  await message(worker);
  return worker;
}
