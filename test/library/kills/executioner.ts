/**
 * A worker that is the parent of victims, so that the main thread may wait for what they hold. Uses no space itself.
 */
import { parentPort, workerData } from "node:worker_threads";
import { Actress, type Death, type End } from "./actress.js";
import type { Part } from "./player.js";
import type { Seam } from "./seam.js";

export interface Order {
  readonly part: Part;
  readonly end: End;
}

export type Report = Death | { readonly wrong: string };

const { source, seam, ready } = workerData as { readonly source: URL; readonly seam: Seam; readonly ready: number };
const waiting: Actress[] = [];

function prepare(): void {
  while (waiting.length < ready) waiting.push(new Actress(new URL(source), seam));
}

parentPort!.on("message", ({ part, end }: Order) => {
  const report = (what: Report) => parentPort!.postMessage(what);
  void waiting
    .shift()!
    .die(part, end, seam.control, (wrong) => report({ wrong }))
    .then(report);
  prepare();
});

prepare();
