import { parentPort, workerData } from "node:worker_threads";
import { bytes, f64, procedure, receive, Service, type SharedSpace } from "#library/index.js";
import { PROCEDURES } from "./values.js";

const { space, isFixed } = receive(workerData) as { space: SharedSpace; isFixed: boolean };
const fixed = {
  "8 bytes": procedure([f64], f64)((value) => value + 1),
  "200 bytes": procedure([bytes(200)], bytes(200))((value) => value),
  "4,096 bytes": procedure([bytes(4096)], bytes(4096))((value) => value),
};
new Service(space, { name: "calls", procedures: isFixed ? fixed : PROCEDURES });
parentPort!.postMessage("serves");
