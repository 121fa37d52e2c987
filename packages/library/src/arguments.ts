/**
 * Arguments, checked before anything is done. Each wrong one gets one error, "Cannot X: received Y; expected Z": a RangeError
 * if it has the right type and a wrong value, else a TypeError. `what` is X.
 */

/** A class, also one whose constructor is protected. */
interface Class<T> {
  readonly name: string;
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): boolean;
  isOne?(value: unknown): boolean;
}

/** Letters that may differ between an option's name and what was meant. */
const MISSPELT = 2;
/** Characters of a received value that errors show. */
const SHOWN = 40;

/**
 * @param option where the call takes several times
 * @throws {TypeError | RangeError} if it is no time: milliseconds, 0 to Infinity
 */
export function mustBeTime(value: unknown, what: string, option?: string): asserts value is number {
  if (typeof value === "number" && value >= 0) return;
  throw wrong(what, value, `${option ? `${option}, ` : ""}milliseconds, 0 to Infinity`, "number");
}

/** @throws {TypeError | RangeError} if it is no whole number in the range */
export function mustBeWhole(
  value: unknown,
  what: string,
  least: number,
  most: number,
  as: string,
): asserts value is number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw wrong(what, value, `${as}, a whole number, ${least} to ${most}`, "number");
}

/** @throws {TypeError} if it is no function */
export function mustBeFunction(value: unknown, what: string, as: string): void {
  if (typeof value !== "function") throw wrong(what, value, `${as}, a function`);
}

/** @throws {TypeError} if it is no true or false */
export function mustBeBoolean(value: unknown, what: string, option: string): void {
  if (typeof value !== "boolean") throw wrong(what, value, `${option}: true or false`);
}

/** @throws {TypeError | RangeError} if it is none of the texts */
export function mustBeOneOf(value: unknown, what: string, option: string, texts: readonly string[]): void {
  if (texts.includes(value as string)) return;
  throw wrong(what, value, `${option}: ${texts.map((text) => JSON.stringify(text)).join(" or ")}`, "string");
}

/** The value, if it is of a class. @throws {TypeError} */
export function mustBeA<T>(kind: Class<T>, value: T, what: string): T {
  if (isA(kind, value)) return value;
  const sent = ownValue(ownValue(value, "handle"), "landspout");
  const isPlainOrSame = isPlain(value) || sent === kind.name;
  if (typeof sent !== "string" || !isPlainOrSame) throw wrong(what, value, aOrAn(kind.name));
  const as = isPlain(value)
    ? "as a message brings it; expected one that receive returns"
    : "of another copy of the library, or a Proxy of one; expected one of this copy";
  throw new TypeError(`Cannot ${what}: received ${aOrAn(sent)} ${as}`);
}

/** @throws {TypeError} if it is no plain object, or one with an option that there is not */
export function mustBeOptions(value: unknown, what: string, known: readonly string[]): void {
  if (value === undefined) return;
  if (!isPlain(value)) throw wrong(what, value, optionsFor(value, known));
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const expected = near ?? (known.length === 0 ? "no options" : known.join(" or "));
    throw new TypeError(`Cannot ${what}: received the option ${shown(name)}; expected ${expected}`);
  }
}

/** @throws {TypeError} if it is no AbortSignal */
export function mustBeSignal(value: unknown, what: string): void {
  if (isSignal(value)) return;
  throw wrong(what, value, "signal: an AbortSignal");
}

/** The error of a wrong argument; a RangeError if it has the type that `typeof` gives of a right one. */
export function wrong(what: string, value: unknown, expected: string, type?: string): TypeError | RangeError {
  const message = `Cannot ${what}: received ${described(value)}; expected ${expected}`;
  return typeof value === type ? new RangeError(message) : new TypeError(message);
}

/** A value as errors show it. Calls no getter: an error must not do what the program has not asked for. */
export function described(value: unknown): string {
  try {
    return describedWhole(value);
  } catch {
    // A proxy that was revoked, or one whose handlers throw.
    return typeof value === "function" ? "a function" : "an object";
  }
}

function describedWhole(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shown(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return nameOf(value) ? `the function ${nameOf(value)}` : "a function";
    case "object":
      break;
    default:
      return String(value);
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isPlain(value)) return inBraces(value);
  const name = nameOfClass(value);
  return name ? aOrAn(name) : "an object";
}

/** What a property of its own is, if it is no getter; of a proxy that was revoked nothing is. */
function ownValue(object: unknown, name: string): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, name)?.value;
  } catch {
    return undefined;
  }
}

/** The name of a function, "" for none. */
function nameOf(value: unknown): string {
  const name = typeof value === "function" ? ownValue(value, "name") : "";
  return typeof name === "string" ? name : "";
}

function nameOfClass(object: object): string {
  let prototype: object | null = Object.getPrototypeOf(object);
  while (prototype !== null && !Object.hasOwn(prototype, "constructor")) prototype = Object.getPrototypeOf(prototype);
  return nameOf(ownValue(prototype, "constructor"));
}

function inBraces(object: object): string {
  const entries = Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, { enumerable }]) => enumerable)
    .map(([name, { value, get, set }]) =>
      get || set || (value !== null && ["object", "function"].includes(typeof value))
        ? name
        : `${name}: ${described(value)}`,
    );
  const text = entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  return text.length > SHOWN ? "an object" : text;
}

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
}

export function aOrAn(kind: string): string {
  // Said with a vowel: an RwLock, an McsLock, an UnlockToken; a Uint8Array.
  return /^([AEIO]|Un|Rw|Mcs)/.test(kind) && !/^Once/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function optionsFor(value: unknown, known: readonly string[]): string {
  if (typeof value === "number" && known.includes("timeout")) return `{ timeout: ${value} }`;
  if (isA(AbortSignal, value) && known.includes("signal")) return "{ signal }";
  return known.length === 0 ? "no options" : `options, { ${known.join(", ")} }`;
}

/** Also one of another realm, as tests run in. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** `instanceof`, and no Proxy, where the class can tell; a proxy that was revoked is of no class. */
function isA<T>(kind: Class<T>, value: unknown): value is T {
  try {
    return value instanceof (kind as never) && kind.isOne?.(value) !== false;
  } catch {
    return false;
  }
}

/** As whoever gets it uses it: also of another realm. */
function isSignal(value: unknown): boolean {
  try {
    const { aborted, addEventListener, removeEventListener, throwIfAborted } = (value ?? {}) as Partial<AbortSignal>;
    const called = [addEventListener, removeEventListener, throwIfAborted];
    return typeof aborted === "boolean" && called.every((method) => typeof method === "function");
  } catch {
    return false;
  }
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((other) => ({ other, distance: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= MISSPELT ? near.other : undefined;
}

/** Of two words: how many letters have to be changed, added or removed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
