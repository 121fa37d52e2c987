import { parentPort } from "node:worker_threads";
import { type Answer, counted, next, type Question } from "./port.js";
import type { Line } from "./servers.js";
import { PROCEDURES } from "./values.js";

parentPort!.on("message", ({ port, answers, questions }: Line) => {
  for (;;) {
    const { id, size, value } = next<Question>(port, questions);
    port.postMessage({ id, value: PROCEDURES[size](value) } satisfies Answer);
    counted(answers);
  }
});
parentPort!.postMessage("serves");
