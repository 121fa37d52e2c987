/** Values that cannot be sent: which, and where in the message. */

const EXPECTED = "what structured clone copies";

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

  toError(): Error {
    const at = this.#path === "" ? "" : ` at message${this.#isDeep ? " ... " : ""}${this.#path}`;
    return this.#make(`Cannot send: received ${this.#received}${at}; expected ${this.#expected}`);
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
