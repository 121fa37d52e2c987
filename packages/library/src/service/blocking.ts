/** Calls that block: in the A-stack of the worker's own slot; within another one, in one that all share. */
import { microseconds } from "../clock.js";
import { BlockingError } from "../errors.js";
import { platform } from "../platform/current.js";
import { SpinBudget } from "../spin-budget.js";
import type { Client } from "./client.js";
import { ANSWERED, BLOCKING, CALLED, isUnderWay, NONE_FREE, SHORT_LOOKS } from "./layout.js";
import { fits, i32 } from "./signature.js";
import { SleepForAnswer, SleepForStack } from "./sleeps.js";

export class BlockingCalls {
  readonly #client: Client;
  readonly #budget = new SpinBudget();
  readonly #own: number;

  constructor(client: Client) {
    this.#client = client;
    this.#own = client.kernel.service_stack_of(client.address, client.space.slot) >>> 0;
  }

  /** The method of a binding for a procedure. */
  method(number: number): (...args: unknown[]) => unknown {
    const { signature } = this.#client.procedures[number]!;
    if (!signature?.isNumbers) return (...args) => this.#call(number, args);
    const { types } = signature.parameters;
    const [result] = signature.results.types;
    const [first, second, third, fourth] = types;
    // Without an array of the arguments, which would take half of the time.
    return (a?: unknown, b?: unknown, c?: unknown, d?: unknown, ...more: unknown[]) => {
      if (!fits(first, a) || !fits(second, b) || !fits(third, c) || !fits(fourth, d) || more.length > 0) {
        const given = [a, b, c, d, ...more];
        while (given.length > types.length && given.at(-1) === undefined) given.pop();
        return this.#call(number, given);
      }
      const value = this.#callNumbers(number, a as number, b as number, c as number, d as number);
      return result === i32 ? value! | 0 : result && value;
    };
  }

  #callNumbers(number: number, a: number, b: number, c: number, d: number): number | undefined {
    const client = this.#client;
    const { kernel, address, identity } = client;
    this.#mustBlock(number);
    const looks = SHORT_LOOKS * this.#budget.looks;
    const value = kernel.service_call_numbers(address, identity, number | BLOCKING, a, b, c, d, looks);
    const { outcome } = client;
    if (outcome === ANSWERED) {
      this.#budget.paid();
      return value;
    }
    if (outcome < 0) throw client.refused(number, -outcome);
    if (outcome !== NONE_FREE) return this.#await(this.#own, number, outcome, this.#end()) as number;
    const { types } = client.procedures[number]!.signature!.parameters;
    return this.#call(number, [a, b, c, d].slice(0, types.length)) as number;
  }

  /** Calls, and blocks until the answer is there. */
  #call(number: number, args: readonly unknown[]): unknown {
    const client = this.#client;
    this.#mustBlock(number);
    const end = this.#end();
    const stack = this.#claim(number, end);
    client.write(stack, number, args);
    const which = number | BLOCKING;
    let phase: number = CALLED;
    if (stack === this.#own) phase = client.beginOwn(number, which, args, SHORT_LOOKS * this.#budget.looks);
    else client.begin(stack, number, which, args);
    return this.#await(stack, number, phase, end);
  }

  #mustBlock(number: number): void {
    if (platform.isMainThread) {
      throw new BlockingError(
        `Cannot call ${this.#client.labels[number]}: received a call that blocks, on a main thread; expected a worker, or the same procedure of .async`,
      );
    }
    this.#client.mustBeOpen(number);
  }

  /** When the time of a call that begins now is over. */
  #end(): number {
    const { timeout } = this.#client.limits;
    return timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
  }

  #claim(number: number, end: number): number {
    const client = this.#client;
    const { kernel, address, identity } = client;
    const own = client.claimed(number, kernel.service_claim_own(address, identity) >>> 0);
    if (own !== NONE_FREE) return own;
    const stack = client.claim(number);
    if (stack !== NONE_FREE) return stack;
    if (!client.limits.waits) throw client.full(number);
    const later = client.endpoint.waitFor(
      address,
      () => {
        client.mustBeOpen(number);
        const its = client.claim(number);
        if (its !== NONE_FREE) return its;
        kernel.service_want(address);
        return client.claim(number) || undefined;
      },
      end,
      new SleepForStack(client),
    );
    if (later === undefined) throw client.late(number);
    return later;
  }

  /** The answer of a call that was watched. */
  #await(stack: number, number: number, watched: number, end: number): unknown {
    if (!isUnderWay(watched)) {
      this.#budget.paid();
      return this.#client.take(stack, number, watched);
    }
    const { endpoint, kernel, address } = this.#client;
    // Others' calls, which may be executed meanwhile, are within this one.
    const outer = endpoint.waitsFor;
    endpoint.waitsFor = stack;
    endpoint.path.push(this.#client.labels[number]!);
    let phase: number | undefined;
    try {
      phase = this.#sleep(stack, end);
    } catch (error) {
      if (!this.#client.freed) kernel.service_give_up(address, stack);
      throw error;
    } finally {
      endpoint.path.pop();
      endpoint.waitsFor = outer;
    }
    if (phase !== undefined) return this.#client.take(stack, number, phase);
    kernel.service_give_up(address, stack);
    throw this.#client.late(number);
  }

  /** The phase that the call ends in; undefined: the time is over. */
  #sleep(stack: number, end: number): number | undefined {
    const { endpoint, kernel, address } = this.#client;
    const began = microseconds();
    const ended = endpoint.waitFor(
      address,
      () => {
        if (this.#client.freed) throw this.#client.freedError("call");
        const its = kernel.service_phase(stack);
        return isUnderWay(its) ? undefined : its;
      },
      end,
      new SleepForAnswer(this.#client, stack),
    );
    this.#budget.slept((microseconds() - began) >>> 0);
    return ended;
  }
}
