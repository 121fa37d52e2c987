import { workerData } from "node:worker_threads";

export function surroundings() {
  return { env: { ...process.env }, argv: process.argv.slice(2), workerData };
}
