/** By hand: questions and answers through a MessagePort. Who blocks sleeps on a word, and then takes the answer. */
import { receiveMessageOnPort } from "node:worker_threads";
import type { CallPeer } from "./peer.js";
import { type Line, startByPorts } from "./servers.js";
import type { SizeName } from "./values.js";

export interface Question {
  readonly id: number;
  readonly size: SizeName;
  readonly value: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value: unknown;
}

export const port: CallPeer = {
  start: (servers, callers) => startByPorts("./port-server.js", servers, callers),
  open(handle) {
    const { port, answers } = handle as Line;
    let id = 0;
    const waiting = new Map<number, (value: unknown) => void>();
    let listens = false;
    return {
      blocking: (size) => (value) => {
        port.postMessage({ id, size, value } satisfies Question);
        for (;;) {
          const before = Atomics.load(answers, 0);
          const answer = receiveMessageOnPort(port);
          if (answer) return (answer.message as Answer).value;
          Atomics.wait(answers, 0, before);
        }
      },
      promised: (size) => (value) => {
        if (!listens) {
          listens = true;
          port.on("message", ({ id, value }: Answer) => {
            waiting.get(id)!(value);
            waiting.delete(id);
          });
        }
        return new Promise((resolve) => {
          waiting.set(++id, resolve);
          port.postMessage({ id, size, value } satisfies Question);
        });
      },
    };
  },
};
