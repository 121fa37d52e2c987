import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { SharedSpace } from "landspout";
import { RateLimiter } from "./limiter.js";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    workers: { type: "string", default: `${availableParallelism()}` },
    rate: { type: "string", default: "1" },
    burst: { type: "string", default: "10" },
  },
});
const [port, workers, rate, burst] = [values.port, values.workers, values.rate, values.burst].map(Number);

/** Whether the servers can listen on one port, so that the system gives each some of the connections. */
const [major, minor] = process.versions.node.split(".").map(Number);
const sharesPort =
  process.platform === "linux" && (major > 23 || (major === 23 ? minor >= 1 : major === 22 && minor >= 12));

const shared = RateLimiter.share(new SharedSpace(), { rate, burst });

/** Starts a worker, and again when it dies; resolves with its port when it listens. */
async function start(number, listen) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { workerData: { shared, number, listen } });
  const [port] = await once(worker, "message");
  worker.on("error", (error) => console.error(`Worker ${number} died: ${error.message}`));
  worker.on("exit", () => start(number, { ...listen, port }));
  console.log(`Worker ${number} listens on http://localhost:${port}`);
  return port;
}

const first = await start(0, { port, reusePort: sharesPort });
for (let number = 1; number < workers; number++) {
  await start(number, sharesPort ? { port: first, reusePort: true } : { port: port && port + number });
}
console.log(`A client has ${burst} requests, and ${rate} more a second, over all workers.`);
