import { parentPort } from "node:worker_threads";
import { type Answer, counted, type Question } from "./port.js";
import type { Line } from "./servers.js";
import { PROCEDURES } from "./values.js";

parentPort!.on("message", ({ port, answers }: Line) => {
  port.on("message", ({ id, size, value }: Question) => {
    port.postMessage({ id, value: PROCEDURES[size](value) } satisfies Answer);
    counted(answers);
  });
});
parentPort!.postMessage("serves");
