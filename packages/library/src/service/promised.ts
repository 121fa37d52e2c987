/** Calls whose answers are promises, each in one of the A-stacks that all share. */
import { ServiceClosedError } from "../errors.js";
import type { SpinBudget } from "../spin-budget.js";
import type { Client } from "./client.js";
import type { Party } from "./endpoint.js";
import { isUnderWay, NONE_FREE, SHORT_LOOKS } from "./layout.js";

/** A call that is under way, or waits for an A-stack. */
interface Pending {
  /** 0: it waits for one. */
  stack: number;
  readonly number: number;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells landspout/debug that the wait is over. */
  ends: (() => void) | undefined;
  isSettled: boolean;
}

/** Of the calls without an answer, how many a look passes, the oldest ones, unless it is thorough. */
const WINDOW = 8;
/** One look of so many is thorough. */
const THOROUGH = 16;

export class PromisedCalls implements Party {
  readonly address: number;
  readonly #client: Client;
  /** In the order in which they were made; those that are settled go when a look passes them. */
  readonly #calls: Pending[] = [];
  /** The first one that may not be settled. */
  #first = 0;
  #looks = 0;
  /** Of them, those that wait for an A-stack. */
  readonly #queue: Pending[] = [];
  #count = 0;

  constructor(client: Client) {
    this.#client = client;
    this.address = client.address;
    client.limits.signal?.addEventListener("abort", this.#abort);
  }

  get isPending(): boolean {
    return this.#count > 0;
  }

  /** The method of a binding for a procedure. */
  method(number: number): (...args: unknown[]) => Promise<unknown> {
    return (...args) =>
      new Promise((resolve, reject) => {
        this.#call({ stack: 0, number, args, resolve, reject, timer: undefined, ends: undefined, isSettled: false });
      });
  }

  #call(call: Pending): void {
    const { limits, kernel, endpoint } = this.#client;
    this.#client.mustBeOpen(call.number);
    if (this.#queue.length > 0 || !this.#begin(call)) {
      if (!limits.waits) throw this.#client.full(call.number);
      this.#queue.push(call);
      kernel.service_want(this.address);
      call.ends = this.#client.space.watcher?.beginsWithoutBlocking(this.address);
    }
    this.#calls.push(call);
    const { timeout } = limits;
    if (timeout < 2 ** 31) call.timer = setTimeout(() => this.#giveUp(call, this.#client.late(call.number)), timeout);
    if (++this.#count === 1) endpoint.add(this);
    else endpoint.listen();
  }

  look(isThorough: boolean): boolean {
    const client = this.#client;
    if (client.freed) {
      this.end(client.freedError("call"));
      return false;
    }
    const calls = this.#calls;
    const most = isThorough || this.#looks++ % THOROUGH === 0 ? calls.length : WINDOW;
    let any = false;
    for (let at = this.#first, passed = 0; at < calls.length && passed < most; at++) {
      const call = calls[at]!;
      if (!call.isSettled && !this.#isAnswered(call)) {
        passed++;
        continue;
      }
      any = true;
      if (at === this.#first) this.#first++;
    }
    this.#forgetSettled();
    return this.#beginQueued() || any;
  }

  watch(budget: SpinBudget): boolean {
    const call = this.#calls.find((its) => !its.isSettled);
    if (!call || call.stack === 0) return false;
    if (isUnderWay(this.#client.kernel.service_watch_answer(call.stack, SHORT_LOOKS * budget.looks))) return false;
    budget.paid();
    return this.look(false);
  }

  /** Calls in progress are rejected: the space is closed, or the service was freed, or the binding. */
  end(reason: Error): void {
    for (const call of this.#calls) if (!call.isSettled) this.#settle(call, () => call.reject(reason));
  }

  /** The binding is no more. Calls in progress go on without anybody who waits for them. */
  close(): void {
    if (!this.#client.isOpen) return;
    this.#client.isOpen = false;
    this.#client.limits.signal?.removeEventListener("abort", this.#abort);
    this.#giveUpAll(
      new ServiceClosedError(
        "Cannot call: received a call in progress of a Binding that was disposed of; expected one in use",
      ),
    );
  }

  readonly #abort = (): void => this.#giveUpAll(this.#client.limits.signal!.reason);

  #giveUpAll(reason: unknown): void {
    for (const call of this.#calls) this.#giveUp(call, reason);
  }

  #giveUp(call: Pending, reason: unknown): void {
    if (call.isSettled) return;
    const { freed, kernel } = this.#client;
    if (call.stack !== 0 && !freed) kernel.service_give_up(this.address, call.stack);
    this.#settle(call, () => call.reject(reason));
  }

  /** Whether it is settled now. */
  #isAnswered(call: Pending): boolean {
    const { stack, number } = call;
    if (stack === 0) return false;
    const phase = this.#client.kernel.service_phase(stack);
    if (isUnderWay(phase)) return false;
    this.#settle(call, () => call.resolve(this.#client.take(stack, number, phase)));
    return true;
  }

  #settle(call: Pending, how: () => void): void {
    call.isSettled = true;
    if (call.timer !== undefined) clearTimeout(call.timer);
    call.ends?.();
    if (call.stack === 0) {
      const at = this.#queue.indexOf(call);
      if (at !== -1) this.#queue.splice(at, 1);
    }
    try {
      how();
    } catch (error) {
      call.reject(error);
    }
    if (--this.#count === 0) this.#client.endpoint.remove(this);
  }

  #forgetSettled(): void {
    if (this.#count === 0) {
      this.#calls.length = 0;
      this.#first = 0;
    } else if (this.#first > this.#calls.length / 2) {
      this.#calls.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** Those that waited for A-stacks; whether one has got one. */
  #beginQueued(): boolean {
    let any = false;
    for (let call = this.#queue[0]; call; call = this.#queue[0]) {
      try {
        if (!this.#begin(call)) {
          this.#client.kernel.service_want(this.address);
          // One may have become free before.
          if (!this.#begin(call)) return any;
        }
        this.#queue.shift();
      } catch (error) {
        const failed = call;
        this.#settle(failed, () => failed.reject(error));
      }
      any = true;
    }
    return any;
  }

  /** False: no A-stack is free. */
  #begin(call: Pending): boolean {
    const client = this.#client;
    const { number, args } = call;
    const stack = client.claim(number);
    if (stack === NONE_FREE) return false;
    client.write(stack, number, args);
    call.stack = stack;
    const { watcher } = client.space;
    if (watcher !== undefined) {
      call.ends?.();
      call.ends = watcher.beginsWithoutBlocking(stack);
    }
    client.begin(stack, number, number, args);
    return true;
  }
}
