import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Disqualified } from "../comparison.js";
import { coreTimes, othersShare } from "../cores.js";
import type { Answer, TimedReport, WorkName } from "./crew-thread.js";
import type { Share } from "./peer.js";
import type { PeerName } from "./peers.js";
import { GATE, type Report, type Settings, STOP, WORDS } from "./work.js";

/** What all parties of a work did. */
export interface Result {
  /** By party. */
  readonly reports: readonly Report[];
  /** Nanoseconds from the first party's start to the last one's end. */
  readonly elapsed: number;
  /** Shared by the parties. */
  readonly words: Int32Array;
  /** The part of the cores' time that other programs had meanwhile, 0 to 1. */
  readonly others: number;
}

/** How long a thread may take to start, and to end after the time is over: milliseconds. */
const PATIENCE = 10_000;

/**
 * The threads of one peer: they do nothing but its works, so that what one peer compiles to is not shared with others.
 */
export class Crew {
  readonly #peer: PeerName;
  #threads: Worker[] = [];

  constructor(peer: PeerName) {
    this.#peer = peer;
  }

  /**
   * Each share's party works for `milliseconds`, all from the same moment on.
   *
   * @throws {Disqualified} where a party fails, breaks a promise, or does not stop; the threads are ended then
   */
  async run(work: WorkName, shares: readonly Share[], milliseconds: number, settings: Settings): Promise<Result> {
    while (this.#threads.length < shares.length) this.#threads.push(this.#start());
    const words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
    const threads = this.#threads.slice(0, shares.length);
    try {
      const ready = threads.map((thread) => answer(thread, PATIENCE));
      for (const [party, { handle, transfer = [] }] of shares.entries()) {
        threads[party]!.postMessage({ work, handle, party, words, settings }, [...transfer]);
      }
      await Promise.all(ready);
      const reports = threads.map((thread) => answer(thread, milliseconds + PATIENCE));
      const opened = coreTimes();
      Atomics.store(words, GATE, 1);
      Atomics.notify(words, GATE);
      setTimeout(() => Atomics.store(words, STOP, 1), milliseconds);
      const done = (await Promise.all(reports)) as TimedReport[];
      const others = othersShare(opened, coreTimes());
      const elapsed = Math.max(...done.map(({ to }) => to)) - Math.min(...done.map(({ from }) => from));
      return { reports: done, elapsed, words, others };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
    this.#threads = [];
  }

  #start(): Worker {
    const thread = new Worker(new URL("./crew-thread.js", import.meta.url), { workerData: this.#peer });
    // Answers are waited for one by one; between them nothing is lost.
    thread.setMaxListeners(0);
    return thread;
  }
}

/** The next answer of a thread. */
async function answer(thread: Worker, within: number): Promise<"ready" | TimedReport> {
  const expired = new AbortController();
  const timer = setTimeout(() => expired.abort(), within);
  try {
    const [said] = (await once(thread, "message", { signal: expired.signal })) as [Answer];
    if (said !== "ready" && "error" in said) throw new Disqualified(said.error);
    return said;
  } catch (error) {
    if (expired.signal.aborted) throw new Disqualified(`a thread does not answer within ${within / 1000} s`);
    throw error instanceof Disqualified ? error : new Disqualified(String(error));
  } finally {
    clearTimeout(timer);
  }
}
