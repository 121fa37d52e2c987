import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import type { Line } from "./servers.js";
import { PROCEDURES } from "./values.js";

parentPort!.on("message", ({ port }: Line) => expose(PROCEDURES, nodeEndpoint(port)));
parentPort!.postMessage("serves");
