import { createContext } from "node:vm";
import { MessageChannel, moveMessagePortToContext, receiveMessageOnPort } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { ForeignHandleError, type Handle, Mutex, receive, SharedSpace } from "#library/index.js";
import { message as answer, exit, inWorker } from "./in-worker.js";

const mutex = new Mutex(new SharedSpace());

describe("receive", () => {
  test("takes a message of another realm, as tests get that run in one", () => {
    const { port1, port2 } = new MessageChannel();
    const there = moveMessagePortToContext(port2, createContext());
    port1.postMessage({ list: [mutex], map: new Map([[mutex, 1]]), set: new Set([mutex]) });
    const { list, map, set } = receive(receiveMessageOnPort(there as never)!.message);
    expect(list).not.toBeInstanceOf(Array);
    for (const its of [list[0], [...map.keys()][0], [...set][0]]) expect(its).toBeInstanceOf(Mutex);
    expect(list[0].space).toBe(mutex.space);
    port1.close();
  });

  test("makes an object of each handle: one that comes twice is one object, also as the key of a map", () => {
    const message = receive(structuredClone({ mutex, map: new Map([[mutex, [mutex]]]), set: new Set([mutex]) }));
    const [[key, [element]]] = [...message.map] as [[Mutex, [Mutex]]];
    expect(message.mutex).toBeInstanceOf(Mutex);
    for (const same of [key, element, [...message.set][0]]) expect(same).toBe(message.mutex);
  });

  test("makes a space of the handle of one", async () => {
    const { space } = mutex;
    const message = structuredClone({ mutex, space });
    expect(() => new Mutex(message.space)).toThrow("received a SharedSpace as a message brings it; expected one that");
    expect(receive(message).space).toBe(space);
    const worker = inWorker(({ data, library, say }) => say(new library.Mutex(data.space).handle), { space });
    const ended = exit(worker);
    const { identity } = await answer<Handle>(worker);
    expect(identity >>> 24).toBe(mutex.handle.identity >>> 24);
    await ended;
  });

  test("goes into a message of any depth", () => {
    const message: unknown[] = [];
    let inmost = message;
    for (let depth = 0; depth < 100_000; depth++) {
      const next: unknown[] = [];
      inmost.push(next);
      inmost = next;
    }
    inmost.push(structuredClone(mutex));
    receive(message);
    expect(inmost[0]).toBeInstanceOf(Mutex);
  });

  test("leaves a message as it is that has no handles, also a frozen one", () => {
    const message = Object.freeze({ list: Object.freeze([1, Object.freeze({})]), map: new Map([[1, 2]]) });
    expect(receive(message)).toBe(message);
  });

  test("loses nothing of a message with a handle that is none", () => {
    const wrong = { handle: { ...mutex.handle, address: 4 } };
    const message = { map: new Map([[1, wrong]]), set: new Set<unknown>([1, wrong]) };
    expect(() => receive(message.map)).toThrow(ForeignHandleError);
    expect(() => receive(message.set)).toThrow(ForeignHandleError);
    expect(message).toEqual({ map: new Map([[1, wrong]]), set: new Set([1, wrong]) });
  });
});
