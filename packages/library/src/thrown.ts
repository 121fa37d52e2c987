/**
 * What a task throws, on its way to its submitter. Structured clone keeps an error's name, message, stack and cause; `code`
 * and other properties of its own go beside it, for each error of the chain of causes.
 */
type Properties = Readonly<Record<string, unknown>>;

/** What was thrown; the own properties of it, of its cause, and so on; whether it is a DOMException. */
export type Thrown = readonly [thrown: unknown, own?: readonly (Properties | null)[], isDOMException?: boolean];

/** Causes of causes whose own properties are kept. */
const MOST_CAUSES = 16;
/** What structured clone keeps itself. */
const KEPT = ["name", "message", "stack", "cause"];

/** To be written, or posted. */
export function thrownOf(thrown: unknown): Thrown {
  const own = chainOf(thrown).map(propertiesOf);
  const isDOMException = thrown instanceof DOMException;
  if (isDOMException) return [thrown, own, true];
  return own.some((properties) => properties !== null) ? [thrown, own] : [thrown];
}

/** An error of the same name, message and stack, where its parts cannot be copied; undefined if it is no error. */
export function plain(thrown: unknown): Thrown | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const error = new Error(text(() => thrown.message));
  for (const key of ["name", "stack"] as const) {
    Object.defineProperty(error, key, { value: text(() => thrown[key]), configurable: true, writable: true });
  }
  return [error];
}

/** What was thrown, in forms that say less and less: to be told in the first one that can be copied. */
export function* formsOf(thrown: unknown): Generator<Thrown, void> {
  for (const form of [thrownOf, (one: unknown): Thrown => [one], plain]) {
    let its: Thrown | undefined;
    try {
      its = form(thrown);
    } catch {
      // Its getters throw.
    }
    if (its) yield its;
  }
}

/** What was thrown, once it has been read. */
export function thrownFrom([thrown, own = [], isDOMException = false]: Thrown): unknown {
  for (const [i, error] of chainOf(thrown).entries()) {
    for (const [key, value] of Object.entries(own[i] ?? {})) {
      const enumerable = !(key === "errors" && error.name === "AggregateError");
      Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
    }
  }
  return isDOMException ? domException(thrown as Error) : thrown;
}

function domException(read: Error): DOMException {
  const exception = new DOMException(read.message, read.name);
  for (const key of ["stack", "cause"] as const) {
    if (!Object.hasOwn(read, key)) continue;
    Object.defineProperty(exception, key, { value: read[key], configurable: true, writable: true });
  }
  return exception;
}

/** An error, its cause, and so on. */
function chainOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let error = thrown; error instanceof Error && chain.length < MOST_CAUSES; error = error.cause) chain.push(error);
  return chain;
}

/** Null: it has none that could be copied. */
function propertiesOf(error: Error): Properties | null {
  const keys = Object.keys(error).filter((key) => !KEPT.includes(key));
  if (error.name === "AggregateError" && !keys.includes("errors")) keys.push("errors");
  const entries = keys
    .map((key) => [key, Reflect.get(error, key)] as const)
    .filter(([, value]) => !["function", "symbol"].includes(typeof value));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** Of a property that may be a getter, and of any type. */
function text(get: () => unknown): string {
  try {
    return String(get());
  } catch {
    return "";
  }
}
