/** A thread that calls a service through one binding: what calls that block and calls whose answers are promises have in common. */
import { CallFailedError, ServiceClosedError, ServiceFullError } from "../errors.js";
import type { LibraryKernel } from "../kernel.js";
import { holdsTooMany } from "../results.js";
import type { SharedObject } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import type { Described, Description } from "./description.js";
import { Endpoint } from "./endpoint.js";
import { ANSWERED, FAILED, HOLDS_TOO_MUCH, IS_CLOSING, NONE_FREE, THREW, VALUES } from "./layout.js";
import { standFor } from "./signature.js";
import { placeIn, readThrown, readValue, writeArguments } from "./values.js";

/** What the calls of a binding are bound by. */
export interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly waits: boolean;
}

export class Client {
  readonly address: number;
  readonly identity: number;
  readonly space: SharedSpace;
  readonly kernel: LibraryKernel;
  readonly endpoint: Endpoint;
  readonly procedures: readonly Described[];
  /** What they are called in errors. */
  readonly labels: readonly string[];
  readonly limits: Limits;
  isOpen = true;
  readonly #service: SharedObject;
  readonly #words: Int32Array;
  readonly #outcome: number;
  /** Bytes of the arguments that were written last. */
  #length = 0;
  /** The shared A-stack that was used last. */
  #last = 0;

  constructor(service: SharedObject, description: Description, limits: Limits) {
    const { space, handle } = service;
    this.#service = service;
    this.space = space;
    this.kernel = space.kernel;
    this.address = handle.address;
    this.identity = handle.identity;
    this.endpoint = Endpoint.of(space);
    this.procedures = description.procedures;
    this.labels = this.procedures.map(({ name }) => `${description.name}.${name}`);
    this.limits = limits;
    const outcome = this.kernel.service_outcome();
    this.#words = space.words(outcome, 4);
    this.#outcome = outcome >>> 2;
  }

  get freed(): boolean {
    return this.#service.freed;
  }

  freedError(what: string): Error {
    return this.#service.freedError(what);
  }

  /** @throws {ServiceClosedError} {SpaceClosedError} {FreedError}, or what the signal is aborted with */
  mustBeOpen(number: number): void {
    if (!this.isOpen) {
      throw new ServiceClosedError(
        `Cannot call ${this.labels[number]}: received a Binding that was disposed of; expected one in use`,
      );
    }
    this.space.mustBeOpen();
    if (this.freed) throw this.freedError(`call ${this.labels[number]}`);
    this.limits.signal?.throwIfAborted();
  }

  /** A shared A-stack, or NONE_FREE. @throws {ServiceClosedError} {SpaceFullError} */
  claim(number: number): number {
    return this.claimed(number, this.kernel.service_claim(this.address, this.identity, this.#last) >>> 0);
  }

  /** What claiming has answered: an A-stack, or NONE_FREE. @throws as `claim` */
  claimed(number: number, stack: number): number {
    if (stack > HOLDS_TOO_MUCH) {
      this.#last = stack;
      return stack;
    }
    if (stack === NONE_FREE) return NONE_FREE;
    throw this.refused(number, stack);
  }

  refused(number: number, code: number): Error {
    if (code === HOLDS_TOO_MUCH) return holdsTooMany(`call ${this.labels[number]}`);
    if (code === IS_CLOSING && this.freed) return this.freedError(`call ${this.labels[number]}`);
    return new ServiceClosedError(
      `Cannot call ${this.labels[number]}: received a service that is closed, or that nobody serves; expected one with a server`,
    );
  }

  /** Writes arguments, but for what stands on the line; or lets the A-stack go. @throws as `writeArguments` */
  write(stack: number, number: number, args: readonly unknown[]): void {
    const { kernel, address, space } = this;
    const label = this.labels[number]!;
    const room = (bytes: number) => kernel.service_room_for_arguments(address, stack, bytes);
    try {
      const parameters = this.procedures[number]!.signature?.parameters;
      if (!parameters) this.#length = writeArguments(space, args, room, label);
      else {
        parameters.check(args, `call ${label}`);
        const { size } = parameters;
        if (size > 0) parameters.write(space, placeIn(room, size, `call ${label}`), args);
      }
    } catch (error) {
      kernel.service_release(address, stack);
      throw error;
    }
  }

  /** Calls by a shared A-stack, with the arguments that were written last. */
  begin(stack: number, number: number, which: number, args: readonly unknown[]): void {
    const { kernel, address } = this;
    if (!this.procedures[number]!.signature) kernel.service_call(address, stack, which, this.#length);
    else {
      const [a, b, c, d] = args;
      kernel.service_call_values(address, stack, which, standFor(a), standFor(b), standFor(c), standFor(d));
    }
  }

  /** As `begin`, by the A-stack of one's own, and watches; the phase. */
  beginOwn(number: number, which: number, args: readonly unknown[], looks: number): number {
    const { kernel, address } = this;
    if (!this.procedures[number]!.signature) return kernel.service_call_own(address, which, this.#length, looks);
    const [a, b, c, d] = args;
    kernel.service_call_own_values(address, which, standFor(a), standFor(b), standFor(c), standFor(d), looks);
    return this.outcome;
  }

  /** What became of the last call by the A-stack of one's own. */
  get outcome(): number {
    return this.#words[this.#outcome]!;
  }

  /** The answer of a call that has ended, whose A-stack is free then. @throws what it threw; {CallFailedError} */
  take(stack: number, number: number, phase: number): unknown {
    const { kernel, space, address } = this;
    try {
      if (phase === FAILED) throw this.#failed(number);
      const { signature } = this.procedures[number]!;
      const at = kernel.service_answer_at(stack) >>> 0;
      if (phase === ANSWERED && signature) return signature.result(space, stack + VALUES, at);
      const length = kernel.service_length(stack);
      if (phase === THREW) throw readThrown(space, at, length);
      return readValue(space, at, length);
    } finally {
      kernel.service_release(address, stack);
    }
  }

  #failed(number: number): Error {
    return new CallFailedError(
      `Cannot call ${this.labels[number]}: received no answer, as the worker that executed it ended, or nobody serves any more; expected an answer`,
      this.labels[number]!,
    );
  }

  full(number: number): Error {
    return new ServiceFullError(
      `Cannot call ${this.labels[number]}: received one call more than there are A-stacks; expected fewer calls at once, or a larger { calls }`,
    );
  }

  late(number: number): Error {
    return new DOMException(
      `Cannot call ${this.labels[number]}: received no answer in ${this.limits.timeout} ms; expected one in that time`,
      "TimeoutError",
    );
  }
}
