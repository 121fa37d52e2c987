import type { MessagePort } from "node:worker_threads";

/** What a package, or a program without one, offers of what is measured. */
export interface Peer {
  /** Makes a lock that nobody else uses; what is returned locks and unlocks it, as a program writes it. */
  readonly pair?: () => () => void;
  /** As `pair`, in a form that does not block the thread, as often as it is told to. */
  readonly awaitedPairs?: () => (pairs: number) => Promise<void>;
  readonly lock?: Shared<Lock | RequestedLock>;
  readonly monitor?: Shared<Monitor>;
  readonly channel?: Shared<Endpoint, ChannelShape>;
  readonly counter?: Shared<Counter>;
  readonly allocator?: Shared<Allocator>;
}

/** An object that threads share: the main thread creates it, and each party attaches its share. */
export interface Shared<Attached, Shape = number> {
  /** Shape: the number of parties, where nothing else is said. */
  create(shape: Shape): Share[];
  attach(handle: never): Attached;
}

/** One party's share of an object, as it goes through `postMessage`. */
export interface Share {
  readonly handle: unknown;
  readonly transfer?: readonly MessagePort[];
}

export interface Lock {
  acquire(): void;
  release(): void;
}

/** A lock that calls the critical section, and never blocks the thread. */
export interface RequestedLock {
  request(section: () => void): Promise<unknown>;
}

/** A lock with one condition. */
export interface Monitor extends Lock {
  /** Releases the lock, sleeps, acquires it again; may return without a reason. */
  wait(): void;
  /** Wakes one thread that waits. */
  notify(): void;
}

/** As many producers as consumers; the producers are the first parties. */
export interface ChannelShape {
  readonly producers: number;
  readonly consumers: number;
  /** Of a message: a multiple of 8. */
  readonly bytes: number;
}

export interface Endpoint {
  /** Sends a number in a message of the shape's bytes; blocks while the channel is full. */
  send?(number: number): void;
  /** No more comes from this producer. */
  close?(): void;
  /** Gives every message to `take`, until nothing more comes to this consumer. */
  consume?(take: (number: number) => void): void | Promise<void>;
}

export interface Counter {
  add(amount: number): void;
  /** Exact once nobody adds. */
  read(): number;
}

/** Of blocks of memory; what stands for one is the peer's. */
export interface Allocator<Block = unknown> {
  /** @throws if there is no room */
  allocate(bytes: number): Block;
  free(block: Block): void;
  /** Writes the first and the last word of a block of so many bytes. */
  stamp(block: Block, bytes: number, stamp: number): void;
  /** Whether both are still there. */
  intact(block: Block, bytes: number, stamp: number): boolean;
}

/** How many messages a channel holds. */
export const CAPACITY = 1024;

/** The message after which a consumer gets no more; numbers that are sent are not negative. */
export const END = -1;

/** As many shares of the same handle as there are parties. */
export function shares(parties: number, handle: unknown): Share[] {
  return Array.from({ length: parties }, () => ({ handle }));
}
