import { Worker } from "node:worker_threads";
export class Manager {
  started = Promise.resolve();
  #workers: Worker[] = [];
  constructor(parts: any) {
    for (let e = 0; e < parts.settings.workers; e++) {
      const w = new Worker(new URL("./executor.js", import.meta.url), {
        workerData: { pool: { handle: parts.handle }, url: parts.url, e },
      });
      w.unref();
      this.#workers.push(w);
    }
  }
  attend(_f: number) {}
  post() {}
  takeResult() {}
  async close(_force: boolean) {
    for (const w of this.#workers) await w.terminate();
  }
}
