import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Key, MapPeer } from "./peer.js";

/** The thread that has the Map, and answers. */
const OWNER = `
  import { parentPort } from "node:worker_threads";
  const map = new Map();
  parentPort.on("message", (port) => {
    port.on("message", ([key, value]) => {
      if (value === undefined) port.postMessage(map.get(key));
      else { map.set(key, value); port.postMessage(undefined); }
    });
  });
  parentPort.postMessage("ready");`;

const owners = new Map<MessagePort, Worker>();

export const port: MapPeer = {
  async make() {
    const owner = new Worker(new URL(`data:text/javascript,${encodeURIComponent(OWNER)}`));
    await once(owner, "message");
    const { port1, port2 } = new MessageChannel();
    owner.postMessage(port1, [port1]);
    owners.set(port2, owner);
    return port2;
  },
  open(handle) {
    const port = handle as MessagePort;
    const answers: ((answer: unknown) => void)[] = [];
    port.on("message", (answer) => answers.shift()!(answer));
    const ask = (question: unknown) =>
      new Promise((resolve) => {
        answers.push(resolve);
        port.postMessage(question);
      });
    return { get: (key: Key) => ask([key]), set: (key: Key, value: unknown) => ask([key, value]) };
  },
  async close(handle) {
    await owners.get(handle as MessagePort)?.terminate();
    owners.delete(handle as MessagePort);
  },
};
