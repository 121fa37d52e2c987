/**
 * The machine instructions that WebAssembly lacks: the module's only imports besides its memory. Waiting and waking
 * are WebAssembly's own `memory.atomic.wait32` and `memory.atomic.notify`.
 */

/** Which processor executes this, 0 to `processors() - 1`. Native: a load of one global. */
export declare function processor(): u32;

/** How many processors the machine has, 1 or more. Native: a load of one global. */
export declare function processors(): u32;

/**
 * A hint inside a spin-wait loop: nothing to do until memory changes. Native: `Atomics.pause` where the engine has it.
 */
export declare function pause(): void;

/** Computes for about `cycles` cycles without touching memory. Native: a counted loop, one iteration a cycle. */
export declare function work(cycles: u32): void;

/** The time, comparable between processors: nanoseconds on the native machine, cycles on the simulated one. */
export declare function clock(): f64;

/**
 * What the processor's hardware has counted so far, modulo 2^32: `kind` is one of the `Counter` values. 0 on machines that
 * do not count: the native and the checked one, and where nothing is cached.
 */
export declare function counter(kind: u32): u32;

/**
 * Sends one word to another processor, on machines that pass messages. Does not wait for the receiver; the messages from
 * one processor to another arrive in the order in which they were sent. `to` is 0 to `processors() - 1`.
 *
 * Simulated cluster: what its description says a send costs; the message then travels through the network while the
 * processor goes on. Machines whose processors share memory, the native one among them, refuse it.
 */
export declare function send(to: u32, value: u32): void;

/**
 * Waits for the next message from processor `from` and returns its word. Simulated cluster: until it is there, then what
 * the description says a receive costs; waiting touches nothing. Refused where `send` is.
 */
export declare function receive(from: u32): u32;

/**
 * A property is violated: ends the run of every processor. `reason` is one of the program's exported `Failure` values.
 */
export declare function fail(reason: u32): void;

/** A point for the measurements; free where nobody records. `event` is one of the program's exported `Event` values. */
export declare function mark(event: u32, value: u32): void;

/**
 * An object is asked for an operation, 0, 1, ..., one of the program's `Operation` values if it exports them. The checked
 * machine compares what is asked and answered with the object's specification: see
 * packages/machines/src/machines/checked/properties/history.ts. Free elsewhere.
 */
export declare function invoke(operation: u32, argument: u32): void;

/** What the operation that the processor invoked has answered; 0 if nothing. Free where `invoke` is. */
export declare function result(value: u32): void;

/** Why a kernel program calls `fail`. Exported, so that every machine can say the name. */
export enum Failure {
  OutOfSharedMemory = 1,
  OutOfLocalMemory = 2,
  LeftBarrierEarly = 3,
  NotExclusive = 4,
  Lost = 5,
  NotZero = 6,
  /** What was read together is not of one moment. */
  Torn = 7,
}

/** What processors count. */
export enum Counter {
  /** Misses of its own cache. */
  Misses = 1,
  /** Those of them that memory answered, because the cache that it shares with others missed, too; 0 if it shares none. */
  SharedMisses = 2,
}

/** What a kernel program marks. */
export enum Event {
  /** A processor is about to ask for the lock, or to arrive at the barrier; value: its number, or the episode. */
  Arrived = 1,
  /** A processor holds the lock; value: its number. */
  Acquired = 2,
  /** A processor has left the barrier; value: the episode. */
  Left = 3,
}
