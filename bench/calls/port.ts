/** By hand: questions and answers through a MessagePort. Who blocks sleeps on a word, and then takes the answer. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
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

/** The next message, for which the thread sleeps on a word that is another one after each message. */
export function next<Message>(port: MessagePort, count: Int32Array): Message {
  for (;;) {
    const before = Atomics.load(count, 0);
    const received = receiveMessageOnPort(port);
    if (received) return received.message as Message;
    Atomics.wait(count, 0, before);
  }
}

/** There is another message. */
export function counted(count: Int32Array): void {
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}

/** The server has an event loop, as one that does anything else besides. */
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
        return next<Answer>(port, answers).value;
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

/** The server does nothing but wait for its one caller. */
export const blockingPort: CallPeer = {
  start: (servers, callers) => startByPorts("./blocking-port-server.js", servers, callers),
  open(handle) {
    const { port, answers, questions } = handle as Line;
    return {
      blocking: (size) => (value) => {
        port.postMessage({ id: 0, size, value } satisfies Question);
        counted(questions);
        return next<Answer>(port, answers).value;
      },
    };
  },
};
