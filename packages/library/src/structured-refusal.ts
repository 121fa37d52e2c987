/** Values that cannot be sent: which, and where in the message. */

const EXPECTED = "what structured clone copies";

/** What errors say of a value that is written. */
export interface Purpose {
  /** What cannot be done with it. */
  readonly verb: string;
  /** Its parts, for people, by their path within the value. */
  readonly place: (path: string) => string;
  /** Whose it is: objects of the space have to be of the same. */
  readonly owner: string;
  /** Why it must not be longer. */
  readonly limit: string;
}

export const MESSAGE: Purpose = {
  verb: "send",
  place: (path) => `message${path}`,
  owner: "the Channel's",
  limit: "the capacity - 8",
};

/** Thrown from within the value; whoever contains it puts before the path where. */
export class Refusal {
  #path = "";
  #isDeep = false;
  readonly #received: string;
  readonly #expected: string;
  readonly #make: (message: string) => Error;

  constructor(received: string, expected = EXPECTED, make: (message: string) => Error = dataCloneError) {
    this.#received = received;
    this.#expected = expected;
    this.#make = make;
  }

  within(part: string): this {
    this.#path = part + this.#path;
    return this;
  }

  /** Within a container that is written after all else: the path to it is not known any more. */
  deep(): this {
    this.#isDeep = true;
    return this;
  }

  toError({ verb, place }: Purpose): Error {
    const at = this.#path === "" ? "" : ` at ${this.#isDeep ? `${place("")} ... ${this.#path}` : place(this.#path)}`;
    return this.#make(`Cannot ${verb}: received ${this.#received}${at}; expected ${this.#expected}`);
  }
}

/** What was thrown by a part of a value, as the value throws it. */
export function within(error: unknown, part: string): unknown {
  return error instanceof Refusal ? error.within(part) : error;
}

/** A property, as programs name it. */
export function member(key: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)) return `.${key}`;
  return /^(0|[1-9]\d*)$/.test(key) ? `[${key}]` : `[${JSON.stringify(key)}]`;
}

export function dataCloneError(message: string): Error {
  return new DOMException(message, "DataCloneError");
}
