/** A thread that calls a service through one binding: calls that block, and calls whose answers are promises. */
import { microseconds } from "../clock.js";
import { BlockingError, CallFailedError, ServiceClosedError, ServiceFullError } from "../errors.js";
import type { LibraryKernel } from "../kernel.js";
import { platform } from "../platform/current.js";
import { holdsTooMany } from "../results.js";
import type { SharedObject } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { SpinBudget } from "../spin-budget.js";
import type { Described, Description } from "./description.js";
import { Endpoint, type Party } from "./endpoint.js";
import { BLOCKING, HOLDS_TOO_MUCH, IS_CLOSING, isUnderWay, NONE_FREE, Phase } from "./layout.js";
import { readResult, readThrown, writeArguments } from "./values.js";

/** What the calls of a binding are bound by. */
export interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly waits: boolean;
}

/** A call without blocking that is under way, or waits for an A-stack. */
interface Pending {
  /** 0: it waits for one. */
  stack: number;
  readonly number: number;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Caller implements Party {
  readonly address: number;
  readonly #service: SharedObject;
  readonly #space: SharedSpace;
  readonly #kernel: LibraryKernel;
  readonly #endpoint: Endpoint;
  readonly #described: readonly Described[];
  readonly #labels: readonly string[];
  readonly #limits: Limits;
  readonly #budget = new SpinBudget();
  readonly #pending = new Set<Pending>();
  /** Of them, those that wait for an A-stack, in order. */
  readonly #queue: Pending[] = [];
  /** The A-stack that was used last. */
  #last = 0;
  #isOpen = true;

  constructor(service: SharedObject, description: Description, limits: Limits) {
    this.#service = service;
    this.#space = service.space;
    this.#kernel = service.space.kernel;
    this.address = service.handle.address;
    this.#endpoint = Endpoint.of(service.space);
    this.#described = description.procedures;
    this.#labels = this.#described.map(({ name }) => `${description.name}.${name}`);
    this.#limits = limits;
    limits.signal?.addEventListener("abort", this.#abort);
  }

  get isPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Calls, and blocks until the answer is there. */
  call(number: number, args: readonly unknown[]): unknown {
    const label = this.#labels[number]!;
    if (platform.isMainThread) {
      throw new BlockingError(
        `Cannot call ${label}: received a call that blocks, on a main thread; expected a worker, or the same procedure of .async`,
      );
    }
    this.#mustBeOpen(label);
    const { timeout } = this.#limits;
    const end = timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
    // Its memory stays what it is meanwhile; others' calls, which may be executed, are within the same.
    const stack = this.#claim(label, end);
    this.#write(stack, number, args);
    const length = this.#length;
    const outer = this.#endpoint.waitsFor;
    this.#endpoint.waitsFor = stack;
    this.#endpoint.path.push(label);
    try {
      const phase = this.#answered(stack, number, length, end);
      if (phase !== undefined) return this.#take(stack, number, phase);
    } finally {
      this.#endpoint.path.pop();
      this.#endpoint.waitsFor = outer;
    }
    this.#kernel.service_give_up(this.address, stack);
    throw this.#late(label);
  }

  /** Calls, and promises the answer. */
  callAsync(number: number, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const label = this.#labels[number]!;
      this.#mustBeOpen(label);
      const call: Pending = { stack: 0, number, args, resolve, reject, timer: undefined };
      if (this.#queue.length > 0 || !this.#begin(call)) {
        if (!this.#limits.waits) throw this.#full(label);
        this.#queue.push(call);
        this.#kernel.service_want(this.address);
      }
      this.#pending.add(call);
      const { timeout } = this.#limits;
      if (timeout < 2 ** 31) call.timer = setTimeout(() => this.#giveUp(call, this.#late(label)), timeout);
      if (this.#pending.size === 1) this.#endpoint.add(this);
      else this.#endpoint.listen();
    });
  }

  look(): boolean {
    if (this.#service.freed) {
      this.end(this.#service.freedError("call"));
      return false;
    }
    let any = false;
    for (const call of this.#pending) {
      if (call.stack === 0) continue;
      const phase = this.#kernel.service_phase(call.stack);
      if (isUnderWay(phase)) continue;
      any = true;
      this.#settle(call, () => call.resolve(this.#take(call.stack, call.number, phase)));
    }
    return this.#beginQueued() || any;
  }

  watch(budget: SpinBudget): boolean {
    for (const { stack } of this.#pending) {
      if (stack === 0) continue;
      if (isUnderWay(this.#kernel.service_watch_answer(stack, budget.looks))) return false;
      budget.paid();
      return this.look();
    }
    return false;
  }

  /** Calls in progress are rejected: the space is closed, or the service was freed, or the binding. */
  end(reason: Error): void {
    for (const call of this.#pending) this.#settle(call, () => call.reject(reason));
  }

  /** The binding is no more. Calls in progress go on without anybody who waits for them. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#limits.signal?.removeEventListener("abort", this.#abort);
    const reason = new ServiceClosedError(
      "Cannot call: received a call in progress of a Binding that was disposed of; expected one in use",
    );
    for (const call of this.#pending) this.#giveUp(call, reason);
  }

  readonly #abort = (): void => {
    for (const call of this.#pending) this.#giveUp(call, this.#limits.signal!.reason);
  };

  #giveUp(call: Pending, reason: unknown): void {
    if (!this.#pending.has(call)) return;
    if (call.stack !== 0 && !this.#service.freed) this.#kernel.service_give_up(this.address, call.stack);
    this.#settle(call, () => call.reject(reason));
  }

  #settle(call: Pending, how: () => void): void {
    this.#pending.delete(call);
    clearTimeout(call.timer);
    if (call.stack === 0) {
      const at = this.#queue.indexOf(call);
      if (at !== -1) this.#queue.splice(at, 1);
    }
    try {
      how();
    } catch (error) {
      call.reject(error);
    }
    if (this.#pending.size === 0) this.#endpoint.remove(this);
  }

  /** Those that waited for A-stacks; whether one has got one. */
  #beginQueued(): boolean {
    let any = false;
    for (let call = this.#queue[0]; call; call = this.#queue[0]) {
      try {
        if (!this.#begin(call)) {
          this.#kernel.service_want(this.address);
          // One may have become free before.
          if (!this.#begin(call)) return any;
        }
        this.#queue.shift();
      } catch (error) {
        this.#settle(call, () => {
          throw error;
        });
      }
      any = true;
    }
    return any;
  }

  /** False: no A-stack is free. */
  #begin(call: Pending): boolean {
    const stack = this.#claimOne(this.#labels[call.number]!);
    if (stack === NONE_FREE) return false;
    this.#write(stack, call.number, call.args);
    call.stack = stack;
    this.#kernel.service_call(this.address, stack, call.number, this.#length);
    return true;
  }

  #claim(label: string, end: number): number {
    const stack = this.#claimOne(label);
    if (stack !== NONE_FREE) return stack;
    if (!this.#limits.waits) throw this.#full(label);
    const later = this.#endpoint.waitFor(
      this.address,
      () => {
        this.#mustBeOpen(label);
        const its = this.#claimOne(label);
        if (its !== NONE_FREE) return its;
        this.#kernel.service_want(this.address);
        return this.#claimOne(label) || undefined;
      },
      end,
    );
    if (later === undefined) throw this.#late(label);
    return later;
  }

  /** NONE_FREE, or one. */
  #claimOne(label: string): number {
    const stack = this.#kernel.service_claim(this.address, this.#last) >>> 0;
    if (stack > HOLDS_TOO_MUCH) {
      this.#last = stack;
      return stack;
    }
    if (stack === HOLDS_TOO_MUCH) throw holdsTooMany(`call ${label}`);
    if (stack === IS_CLOSING) throw this.#closed(label);
    return NONE_FREE;
  }

  /** Bytes of the arguments that were written last. */
  #length = 0;

  #write(stack: number, number: number, args: readonly unknown[]): void {
    const room = (bytes: number) => this.#kernel.service_room_for_arguments(this.address, stack, bytes);
    try {
      const { signature } = this.#described[number]!;
      this.#length = writeArguments(this.#space, signature, args, room, this.#labels[number]!);
    } catch (error) {
      this.#kernel.service_release(this.address, stack);
      throw error;
    }
  }

  /** The phase that the call ends in; undefined: the time is over. */
  #answered(stack: number, number: number, length: number, end: number): number | undefined {
    const kernel = this.#kernel;
    const looks = kernel.enough_cores() !== 0 ? this.#budget.looks : 0;
    const phase = kernel.service_call_and_watch(this.address, stack, number | BLOCKING, length, looks);
    if (!isUnderWay(phase)) {
      if (looks > 0) this.#budget.paid();
      return phase;
    }
    const began = microseconds();
    const ended = this.#endpoint.waitFor(
      this.address,
      () => {
        if (this.#service.freed) throw this.#service.freedError("call");
        const its = kernel.service_phase(stack);
        return isUnderWay(its) ? undefined : its;
      },
      end,
    );
    this.#budget.slept((microseconds() - began) >>> 0);
    return ended;
  }

  /** The answer of a call that has ended, whose A-stack is free then. */
  #take(stack: number, number: number, phase: number): unknown {
    const kernel = this.#kernel;
    const label = this.#labels[number]!;
    try {
      if (phase === Phase.failed) {
        throw new CallFailedError(
          `Cannot call ${label}: received no answer, as the worker that executed it ended, or nobody serves any more; expected an answer`,
        );
      }
      const at = kernel.service_answer_at(stack) >>> 0;
      const length = kernel.service_length(stack);
      if (phase === Phase.threw) throw readThrown(this.#space, at, length);
      return readResult(this.#space, this.#described[number]!.signature, at, length);
    } finally {
      kernel.service_release(this.address, stack);
    }
  }

  #mustBeOpen(label: string): void {
    if (!this.#isOpen) {
      throw new ServiceClosedError(
        `Cannot call ${label}: received a Binding that was disposed of; expected one in use`,
      );
    }
    this.#space.mustBeOpen();
    if (this.#service.freed) throw this.#service.freedError(`call ${label}`);
    this.#limits.signal?.throwIfAborted();
  }

  #closed(label: string): Error {
    return new ServiceClosedError(
      `Cannot call ${label}: received a service that is closed, or that nobody serves; expected one with a server`,
    );
  }

  #full(label: string): Error {
    return new ServiceFullError(
      `Cannot call ${label}: received one call more than there are A-stacks; expected fewer calls at once, or a larger { calls }`,
    );
  }

  #late(label: string): Error {
    return new DOMException(
      `Cannot call ${label}: received no answer in ${this.#limits.timeout} ms; expected one in that time`,
      "TimeoutError",
    );
  }
}
