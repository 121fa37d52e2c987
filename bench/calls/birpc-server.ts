import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import { channelOf } from "./birpc.js";
import type { Line } from "./servers.js";
import { PROCEDURES } from "./values.js";

parentPort!.on("message", ({ port }: Line) => createBirpc(PROCEDURES, channelOf(port)));
parentPort!.postMessage("serves");
