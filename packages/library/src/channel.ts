import { mustBeA, mustBeOneOf, mustBeOptions, mustBeTime, mustBeWhole, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import { copyIn, copyOut, copyWords, FEW_WORDS } from "./copy.js";
import { ChannelClosedError } from "./errors.js";
import { nextTurn } from "./event-loop.js";
import { type LibraryKernel, NOW, WAIT } from "./kernel.js";
import { holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { StructuredReader } from "./structured-reader.js";
import type { StructuredWriter } from "./structured-writer.js";
import { withWriter } from "./structured-writers.js";
import { waitInTurn } from "./turns.js";
import { isBytes } from "./views.js";
import { type Attempt, TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of the kernel; kernel/library/channel.ts. An address is a multiple of 4, and so not TIMED_OUT.
const CLOSED = 1;
const HOLDS_TOO_MANY = 4;

/** What this worker's attempts answer beside those. */
const DONE = 0;

/** Bytes before a payload, that begin with their number; kernel/library/channel.ts. */
const HEADER = 8;

const CODECS = ["structured", "bytes"] as const;
const LEAST_CAPACITY = 16;
const MOST_CAPACITY = 2 ** 30;

const SEND = "send to a Channel";
const RECEIVE = "receive from a Channel";

/** Kinds of turns. */
const SENDING = 1;
const RECEIVING = 2;

/** Messages that are iterated over until the event loop turns, which takes as long as some three of them. */
const MESSAGES_A_TURN = 32;

const reader = new StructuredReader();

export interface ChannelOptions {
  /**
   * Bytes of the messages that the channel can hold: 16 to 2^30, rounded up to a power of two. Each message takes its
   * length, padded to a multiple of 8, and 8 bytes more. The space reserves twice the capacity. Default: 64 KiB.
   */
  readonly capacity?: number | undefined;
  /**
   * What is sent. `bytes`: a Uint8Array. `structured`: values, as structured clone copies them, and objects of the same
   * space. Default: structured.
   */
  readonly codec?: (typeof CODECS)[number] | undefined;
}

/**
 * A bounded queue of messages, for many senders and many receivers. Each message is received once, in the order in
 * which they were sent. A worker that dies while it sends has sent the whole message or nothing. If a worker dies while
 * it receives, it has received the message, or another worker gets the message.
 *
 * Messages are copied; nothing is transferred. A message is anything that structured clone copies: undefined, null,
 * booleans, numbers, bigints, strings, dates, regular expressions, arrays, objects, maps, sets, array buffers, views
 * and errors. It may be of any depth. What occurs twice, cycles, and holes of arrays are kept. Instances of classes
 * arrive as plain objects.
 *
 * Three things differ from structured clone. Objects of the space arrive as these objects. A view of a part of an array
 * buffer arrives with that part alone. Refused are shared memory, and what says by its `Symbol.toStringTag` that it is
 * more than its properties, as a Blob.
 *
 * A message is written completely before it is sent. If it cannot be copied, nothing is sent, and the error says where
 * in the message the problem is.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there.
 *
 * See docs/library/channel.md.
 *
 * @example
 * ```ts
 * import { Channel, SharedSpace } from "landspout";
 *
 * const jobs = new Channel<{ id: number }>(new SharedSpace(), { capacity: 1024 });
 * jobs.send({ id: 1 });
 * console.log(jobs.sendIfAvailable({ id: 2 }, 100), jobs.used <= jobs.capacity); // true true
 * console.log(jobs.receive()?.id, jobs.receiveIfAvailable(100)?.id, jobs.receiveIfAvailable(0)); // 1 2 null
 * jobs.close();
 * for await (const job of jobs) console.log(job);
 * ```
 */
export class Channel<T = unknown> extends SharedObject {
  /** Bytes of the messages that the channel can hold. */
  readonly capacity: number;
  readonly #address: number;
  readonly #isOfBytes: boolean;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Of the message received last, if the codec is bytes. */
  #copy: Uint8Array | undefined;
  #length = 0;

  /**
   * @throws {RangeError} if an option is out of its range
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options: ChannelOptions = {}) {
    super(space, "Channel", (kernel) => create(kernel, options));
    const { kernel } = this.space;
    const { address } = this.handle;
    this.#address = address;
    this.capacity = kernel.channel_capacity(address);
    this.#isOfBytes = CODECS[kernel.channel_codec(address)] === "bytes";
    const end = kernel.channel_end(address) >>> 0;
    this.#bytes = this.space.bytes(end, 0);
    this.#words = this.space.words(end, 0);
  }

  /** `channel.send(value)`. */
  static send<T>(channel: Channel<T>, value: T): void {
    mustBeA<Channel<T>>(Channel, channel, SEND).send(value);
  }

  /** `channel.sendIfAvailable(value, milliseconds)`. */
  static sendIfAvailable<T>(channel: Channel<T>, value: T, milliseconds: number): boolean {
    return mustBeA<Channel<T>>(Channel, channel, SEND).sendIfAvailable(value, milliseconds);
  }

  /** `channel.sendAsync(value, options)`. */
  static async sendAsync<T>(channel: Channel<T>, value: T, options?: WaitOptions): Promise<void> {
    return mustBeA<Channel<T>>(Channel, channel, SEND).sendAsync(value, options);
  }

  /** `channel.receive()`. */
  static receive<T>(channel: Channel<T>): T | undefined {
    return mustBeA<Channel<T>>(Channel, channel, RECEIVE).receive();
  }

  /** `channel.receiveIfAvailable(milliseconds)`. */
  static receiveIfAvailable<T>(channel: Channel<T>, milliseconds: number): T | undefined | null {
    return mustBeA<Channel<T>>(Channel, channel, RECEIVE).receiveIfAvailable(milliseconds);
  }

  /** `channel.receiveAsync(options)`. */
  static async receiveAsync<T>(channel: Channel<T>, options?: WaitOptions): Promise<T | undefined> {
    return mustBeA<Channel<T>>(Channel, channel, RECEIVE).receiveAsync(options);
  }

  /** `channel.close()`. */
  static close(channel: Channel): boolean {
    return mustBeA(Channel, channel, "close a Channel").close();
  }

  /** Whether the channel is closed: nothing can be sent any more. @throws {FreedError} */
  get closed(): boolean {
    this.mustExist("look at a Channel");
    return this.space.kernel.channel_is_closed(this.#address) === 1;
  }

  /**
   * Bytes of the messages in the channel, 0 to `capacity`. The number may be out of date at once. @throws {FreedError}
   */
  get used(): number {
    this.mustExist("look at a Channel");
    return this.space.kernel.channel_used(this.#address);
  }

  /**
   * Sends. Blocks until there is room.
   *
   * @throws {ChannelClosedError}
   * @throws {RangeError} if the message is longer than the capacity - 8 bytes
   * @throws {DOMException} of name `DataCloneError`, if the value cannot be copied
   * @throws {ForeignHandleError} if the value contains an object of another space
   * @throws {TypeError} if the codec is `bytes`, and the value is not a Uint8Array
   * @throws {BlockingError} if there is no room, on a browser's main thread
   * @throws {FreedError}
   */
  send(value: T): void {
    this.sendIfAvailable(value, Number.POSITIVE_INFINITY);
  }

  /**
   * Sends if there is room within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for ever.
   *
   * @returns whether it was sent
   * @throws as `send`
   */
  sendIfAvailable(value: T, milliseconds: number): boolean {
    mustBeTime(milliseconds, SEND);
    this.mustExist("send");
    if (this.#isOfBytes) {
      const bytes = checked(value);
      return this.#send(bytes, bytes.length, milliseconds);
    }
    return this.#written(value, ({ bytes, at, words }) => this.#send(bytes, at, milliseconds, words));
  }

  /** What a function does with the writer that has written the value; it gives it back then. */
  #written<R>(value: unknown, use: (writer: StructuredWriter) => R): R {
    return withWriter((writer) => {
      writer.write(value, this.space, this.capacity - HEADER);
      // A getter may have freed it.
      this.mustExist("send");
      return use(writer);
    });
  }

  /**
   * Sends without blocking. The promise resolves when it is sent. It sends the value as it is at the time of the call.
   *
   * @throws as `send`; a DOMException of name `TimeoutError`; the signal's reason
   */
  async sendAsync(value: T, options?: WaitOptions): Promise<void> {
    const { timeout, signal } = waitOptions(SEND, options);
    const { attempt } = this.toSend(value);
    if (!isDone(await waitInTurn(this, attempt, timeout, signal, SENDING), "send")) throw timeoutError("send", timeout);
  }

  /**
   * Receives. Blocks until there is a message.
   *
   * @returns undefined if the channel is closed and empty
   * @throws {DOMException} of name `DataCloneError`, if there is no memory to read the message; the message is lost
   *   then, and later ones can be received
   * @throws {BlockingError} if there is no message, on a browser's main thread
   * @throws {FreedError}
   */
  receive(): T | undefined {
    return this.receiveIfAvailable(Number.POSITIVE_INFINITY) as T | undefined;
  }

  /**
   * Receives if there is a message within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for ever.
   *
   * @returns null if there was none in that time, undefined if the channel is closed and empty
   * @throws as `receive`
   */
  receiveIfAvailable(milliseconds: number): T | undefined | null {
    mustBeTime(milliseconds, RECEIVE);
    this.mustExist("receive");
    let result = this.#attemptToReceive(NOW);
    if (result === WAIT && milliseconds > 0) {
      result = waitBlocking(this, (as) => this.#attemptToReceive(as), milliseconds);
    }
    return isDone(result, "receive") ? this.#received() : result === CLOSED ? undefined : null;
  }

  /**
   * Receives bytes into the beginning of `target`, at a quarter of the cost of a new Uint8Array. Blocks until there is
   * a message.
   *
   * @returns how many bytes; undefined if the channel is closed and empty
   * @throws {RangeError} if the message is longer than `target`; it stays in the channel
   * @throws {TypeError} if the channel's codec is not `bytes`
   * @throws as `receive`
   * @example
   * ```ts
   * import { Channel, SharedSpace } from "landspout";
   *
   * const channel = new Channel<Uint8Array>(new SharedSpace(), { codec: "bytes" });
   * channel.send(new Uint8Array([1, 2, 3]));
   * console.log(channel.receiveInto(new Uint8Array(8)), channel.closed); // 3 false
   * ```
   */
  receiveInto(target: Uint8Array): number | undefined {
    if (!isBytes(target)) throw wrong(RECEIVE, target, "a Uint8Array to receive into");
    this.mustExist("receive");
    if (!this.#isOfBytes) {
      throw new TypeError("Cannot receive into bytes: received a Channel of values; expected one whose codec is bytes");
    }
    const attempt = (as: number) => this.#attemptToReceive(as, target);
    const result = waitBlocking(this, attempt);
    return isDone(result, "receive") ? this.#length : undefined;
  }

  /**
   * Receives without blocking.
   *
   * @returns undefined if the channel is closed and empty
   * @throws as `receive`, but no BlockingError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async receiveAsync(options?: WaitOptions): Promise<T | undefined> {
    const [message] = await this.#next(options);
    return message;
  }

  /**
   * The messages, until the channel is closed and empty. Timers and I/O get their turns, also while the channel is
   * never empty.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (let received = 1, next = await this.#next(); next.length > 0; next = await this.#next(), received++) {
      yield next[0]!;
      if (received % MESSAGES_A_TURN === 0) await new Promise<void>(nextTurn);
    }
  }

  /**
   * Closes the channel: nothing can be sent any more, and its messages can still be received. Never blocks.
   *
   * @returns false if it was closed before
   * @throws {FreedError}
   */
  close(): boolean {
    this.mustExist("close");
    const result = this.space.kernel.channel_close(this.#address);
    mustHold(result, "close");
    return result === 1;
  }

  /** @internal */
  protected override madeWith(options?: ChannelOptions): unknown[] {
    const { capacity } = options ?? {};
    const isSame = Number.isInteger(capacity) && capacity! >= LEAST_CAPACITY && roundedUp(capacity!) === this.capacity;
    return [{ capacity: isSame ? capacity : this.capacity, codec: this.#isOfBytes ? "bytes" : "structured" }];
  }

  #mustFit(length: number): void {
    if (length > this.capacity - HEADER) {
      throw new RangeError(
        `Cannot send: received a message of ${length} bytes; expected at most ${this.capacity - HEADER}, the capacity - ${HEADER}`,
      );
    }
  }

  #send(bytes: Uint8Array, length: number, milliseconds: number, words?: Int32Array): boolean {
    this.#mustFit(length);
    let result = this.#attemptToSend(bytes, length, NOW, words);
    if (result === WAIT && milliseconds > 0) {
      result = waitBlocking(this, (as) => this.#attemptToSend(bytes, length, as, words), milliseconds);
    }
    return isDone(result, "send");
  }

  /** The next message; none if the channel is closed and empty. */
  async #next(options?: WaitOptions): Promise<[] | [T]> {
    const { timeout, signal } = waitOptions(RECEIVE, options);
    const receipt = this.toReceive();
    const result = await waitInTurn(this, receipt.attempt, timeout, signal, RECEIVING);
    if (result === TIMED_OUT) throw timeoutError("receive", timeout);
    return isDone(result, "receive") ? [receipt.done(result) as T] : [];
  }

  /** @internal Attempts to send a value as it is now, and what their result means. */
  toSend(value: T): Operation<undefined> {
    this.mustExist("send");
    const bytes = this.#isOfBytes ? checked(value).slice() : this.#written(value, (writer) => writer.written());
    this.#mustFit(bytes.length);
    return {
      attempt: (as) => this.#attemptToSend(bytes, bytes.length, as),
      done: (result) => void isDone(result, "send"),
    };
  }

  /** @internal Attempts to receive, and the message after the one that did. */
  toReceive(): Operation<T | undefined> {
    this.mustExist("receive");
    let message: T | undefined;
    const attempt = (as: number) => {
      const result = this.#attemptToReceive(as);
      // Others may receive before the promise goes on.
      if (result === DONE) message = this.#received();
      return result;
    };
    return { attempt, done: (result) => (isDone(result, "receive") ? message : undefined) };
  }

  /** A guarded section: nothing in it may call what others wrote, or wait. */
  #attemptToSend(bytes: Uint8Array, length: number, as: number, words?: Int32Array): number {
    const { kernel } = this.space;
    const at = kernel.channel_reserve(this.#address, length, as);
    if (isResult(at)) return at;
    try {
      // A payload begins at a multiple of 8, and is padded to one.
      if (words && length <= FEW_WORDS * 4) copyWords(words, 0, length, this.#words, at >>> 2);
      else copyIn(bytes, length, this.#bytes, at >>> 0);
    } catch (error) {
      kernel.channel_cancel(this.#address);
      throw error;
    }
    kernel.channel_commit(this.#address);
    return DONE;
  }

  /** A guarded section, as `#attemptToSend`. Leaves the message where `#received` finds it. */
  #attemptToReceive(as: number, target?: Uint8Array): number {
    const { kernel } = this.space;
    const at = kernel.channel_take(this.#address, as);
    if (isResult(at)) return at;
    try {
      const begin = at >>> 0;
      const length = this.#words[(begin - HEADER) >>> 2]!;
      this.#length = length;
      if (target) copyOut(this.#bytes, begin, length, target);
      else if (this.#isOfBytes) this.#copy = this.#bytes.slice(begin, begin + length);
      else reader.load(this.#bytes, this.#words, begin, length);
    } catch (error) {
      kernel.channel_put_back(this.#address);
      throw error;
    }
    kernel.channel_finish(this.#address);
    return DONE;
  }

  #received(): T {
    return (this.#isOfBytes ? this.#copy : reader.read(this.space)) as T;
  }
}
addClass("Channel", Channel);

/** What can be attempted, and what was done then. */
interface Operation<R> {
  readonly attempt: Attempt;
  done(result: number): R;
}

function create(kernel: LibraryKernel, options: ChannelOptions): number {
  const what = "make a Channel";
  mustBeOptions(options, what, ["capacity", "codec"]);
  const { capacity = 65536, codec = "structured" } = options;
  mustBeWhole(capacity, what, LEAST_CAPACITY, MOST_CAPACITY, "capacity");
  mustBeOneOf(codec, what, "codec", CODECS);
  return kernel.channel_create(roundedUp(capacity), CODECS.indexOf(codec));
}

function roundedUp(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(capacity));
}

function checked(value: unknown): Uint8Array {
  if (isBytes(value)) return value;
  throw wrong(SEND, value, "a Uint8Array, as the Channel's codec is bytes");
}

/** Whether what an attempt began with is a result, and not the address of a payload. */
function isResult(at: number): boolean {
  return at === WAIT || at === CLOSED || at === HOLDS_TOO_MANY;
}

/** Of an attempt's result: false where the time was over, or nothing is left to receive. */
function isDone(result: number, verb: string): boolean {
  if (result === CLOSED && verb === "send") {
    throw new ChannelClosedError("Cannot send: received a Channel that is closed; expected an open one");
  }
  mustHold(result, verb);
  return result === DONE;
}

function mustHold(result: number, verb: string): void {
  if (result === HOLDS_TOO_MANY) {
    throw holdsTooMany(verb);
  }
}
