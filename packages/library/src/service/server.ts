/** A thread that serves a service: it takes calls, executes its procedures, and answers. */
import { DeadlockError } from "../errors.js";
import type { SharedObject } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import type { SpinBudget } from "../spin-budget.js";
import type { Described, Description, Procedures } from "./description.js";
import { Endpoint, type Party } from "./endpoint.js";
import { BLOCKING, PROCEDURE, RUNNING, SHORT_LOOKS, VALUES } from "./layout.js";
import { fits, type Signature, standFor } from "./signature.js";
import { placeIn, type Room, readValue, writeResult, writeThrown } from "./values.js";

/** Milliseconds for which calls are executed one after the other, before other things have their turn. */
const TURN = 1;

export class Server implements Party {
  readonly address: number;
  readonly isPending = true;
  readonly #service: SharedObject;
  readonly #space: SharedSpace;
  readonly #endpoint: Endpoint;
  readonly #described: readonly Described[];
  readonly #functions: readonly ((...args: unknown[]) => unknown)[];
  readonly #labels: readonly string[];
  /** Of each procedure, what executes it with the arguments in an A-stack. */
  readonly #invoke: readonly ((stack: number) => unknown)[];
  readonly #words: Int32Array;
  readonly #depth: number;
  #executing = 0;
  #hasEnded = false;
  #whenEnded: (() => void)[] = [];

  constructor(service: SharedObject, procedures: Procedures, description: Description, depth: number) {
    this.#service = service;
    this.#space = service.space;
    this.address = service.handle.address;
    this.#endpoint = Endpoint.of(service.space);
    this.#described = description.procedures;
    this.#functions = this.#described.map(({ name }) => procedures[name]!.bind(procedures));
    this.#labels = this.#described.map(({ name }) => `${description.name}.${name}`);
    this.#depth = depth;
    const { kernel } = this.#space;
    const last = kernel.service_stack_at(this.address, kernel.service_stacks(this.address) - 1);
    this.#words = this.#space.words(last, kernel.service_bytes(this.address));
    this.#invoke = this.#described.map((_, number) => this.#invoker(number));
    this.#endpoint.add(this);
  }

  #invoker(number: number): (stack: number) => unknown {
    const parameters = this.#described[number]!.signature?.parameters;
    const its = this.#functions[number]!;
    const space = this.#space;
    const { kernel } = space;
    if (!parameters) {
      return (stack) => {
        const at = kernel.service_arguments_at(stack) >>> 0;
        return its(...(readValue(space, at, kernel.service_length(stack)) as unknown[]));
      };
    }
    const room = parameters.size > 0 ? (stack: number) => kernel.service_arguments_at(stack) >>> 0 : () => 0;
    const read = (stack: number, at: number, i: number) => parameters.read(space, stack + VALUES, at, i, false);
    // Without an array of the arguments.
    switch (parameters.types.length) {
      case 0:
        return () => its();
      case 1:
        return (stack) => its(read(stack, room(stack), 0));
      case 2:
        return (stack) => {
          const at = room(stack);
          return its(read(stack, at, 0), read(stack, at, 1));
        };
      default:
        return (stack) => {
          const at = room(stack);
          return its(...parameters.types.map((_, i) => read(stack, at, i)));
        };
    }
  }

  /** Resolves when the thread serves no more, and all that it has begun is answered. */
  get ended(): Promise<void> {
    if (this.#hasEnded) return Promise.resolve();
    return new Promise((resolve) => this.#whenEnded.push(resolve));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  look(): boolean {
    if (this.#service.freed) {
      this.end();
      return false;
    }
    const { kernel } = this.#space;
    const stack = kernel.service_take(this.address) >>> 0;
    if (stack !== 0) {
      this.#execute(stack);
      return true;
    }
    if (kernel.service_state(this.address) !== 0 && this.#executing === 0) this.#leave();
    return false;
  }

  watch(budget: SpinBudget): boolean {
    const { kernel } = this.#space;
    if (this.#hasEnded || this.#service.freed) return false;
    let stack = kernel.service_watch(this.address, SHORT_LOOKS * budget.looks) >>> 0;
    if (stack === 0) return false;
    const end = performance.now() + TURN;
    for (let i = 1; stack !== 0; i++) {
      budget.paid();
      const isLast = i % 16 === 0 && performance.now() > end;
      stack = this.#execute(stack, isLast ? 0 : SHORT_LOOKS * budget.looks) >>> 0;
    }
    return true;
  }

  /** The space is closed, or the service was freed. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#endpoint.remove(this);
    for (const ended of this.#whenEnded) ended();
  }

  /** Serves no more; calls that it executes fail. */
  #leave(): void {
    this.#space.kernel.service_leave(this.address);
    this.end();
  }

  /** Takes no more calls, answers those that it has begun, and leaves. */
  async leave(): Promise<void> {
    this.#endpoint.remove(this);
    this.#space.kernel.service_wake(this.address);
    while (this.#executing > 0 && !this.#hasEnded) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    if (!this.#hasEnded && !this.#service.freed) this.#leave();
    else this.end();
  }

  readonly #whenIdle: (() => void)[] = [];

  /** With looks, the next call, in RUNNING; or 0. */
  #execute(stack: number, looks = 0): number {
    const { kernel } = this.#space;
    const word = this.#words[(stack + PROCEDURE) >>> 2]!;
    const number = word & ~BLOCKING;
    const { path } = this.#endpoint;
    const label = this.#labels[number]!;
    let value: unknown;
    path.push(label);
    this.#executing++;
    this.#endpoint.depth++;
    try {
      if (this.#endpoint.depth > this.#depth) throw this.#tooDeep(label);
      value = this.#invoke[number]!(stack);
      if (isPromise(value) && this.#waitsForCaller(stack, word)) {
        // What it comes to has nobody who hears of it.
        Promise.resolve(value).catch(() => {});
        throw this.#waits(label);
      }
    } catch (error) {
      return this.#answer(stack, number, true, error, looks);
    } finally {
      this.#endpoint.depth--;
      path.pop();
    }
    if (!isPromise(value)) return this.#answer(stack, number, false, value, looks);
    // A thenable may throw where it is asked, too.
    Promise.resolve(value).then(
      (result) => this.#settle(stack, number, false, result),
      (error) => this.#settle(stack, number, true, error),
    );
    return looks === 0 ? 0 : kernel.service_take(this.address);
  }

  #settle(stack: number, number: number, threw: boolean, value: unknown): void {
    this.#answer(stack, number, threw, value, 0);
    this.#endpoint.listen();
  }

  #answer(stack: number, number: number, threw: boolean, value: unknown, looks: number): number {
    if (--this.#executing === 0) for (const idle of this.#whenIdle.splice(0)) idle();
    // What lies there now may be another's.
    if (this.#hasEnded || this.#service.freed) return 0;
    const { kernel } = this.#space;
    const label = this.#labels[number]!;
    const room = (bytes: number) => kernel.service_room_for_answer(this.address, stack, bytes);
    let isError = threw;
    let length: number;
    try {
      const { signature } = this.#described[number]!;
      if (!threw && signature) {
        const its = this.#writeFixed(signature, value, room, label);
        return kernel.service_answer_value(this.address, stack, its, looks);
      }
      length = threw ? writeThrown(this.#space, value, room, label) : writeResult(this.#space, value, room, label);
    } catch (error) {
      isError = true;
      length = writeThrown(this.#space, error, room, label);
    }
    const as = isError ? 1 : 0;
    if (looks > 0) return kernel.service_answer_and_watch(this.address, stack, as, length, looks);
    kernel.service_answer(this.address, stack, as, length);
    return 0;
  }

  /** Writes an answer of fixed size; what stands for it. */
  #writeFixed({ results }: Signature, value: unknown, room: Room, label: string): number {
    const [type] = results.types;
    if (type === undefined) return 0;
    if (!fits(type, value)) results.check([value], `return from ${label}`);
    if (results.size > 0) results.write(this.#space, placeIn(room, results.size, `return from ${label}`), [value]);
    return standFor(value);
  }

  /** Whether the caller blocks until this thread has answered, which blocks until the caller has. */
  #waitsForCaller(stack: number, word: number): boolean {
    const { kernel } = this.#space;
    const waits = this.#endpoint.waitsFor;
    if (!(word & BLOCKING) || waits === 0 || kernel.service_phase(waits) !== RUNNING) return false;
    return kernel.service_slot(waits) === kernel.service_caller(stack);
  }

  #tooDeep(label: string): DeadlockError {
    return new DeadlockError(
      `Cannot call ${label}: received a call within ${this.#depth} that wait for each other, ${this.#endpoint.path.join(" -> ")}; expected fewer, or a larger { depth }`,
    );
  }

  #waits(label: string): DeadlockError {
    return new DeadlockError(
      `Cannot call ${label}: received a call that waits for itself, ${this.#endpoint.path.join(" -> ")}; expected a procedure that is not asynchronous, or an asynchronous call`,
    );
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}
