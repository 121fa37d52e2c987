import { parentPort } from "node:worker_threads";
import type { Answer, Question } from "./port.js";
import type { Line } from "./servers.js";
import { PROCEDURES } from "./values.js";

parentPort!.on("message", ({ port, answers }: Line) => {
  port.on("message", ({ id, size, value }: Question) => {
    port.postMessage({ id, value: PROCEDURES[size](value) } satisfies Answer);
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
});
parentPort!.postMessage("serves");
