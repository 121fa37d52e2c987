/**
 * Values that one makes and others wait for. While a value is made, a placeholder is in the map, with the address of a Mutex
 * that the maker holds. Others lock that Mutex. They get a FreedError when the placeholder is taken away: who does so, by a
 * write of the key or at the end of the making, frees the Mutex then, and they look again. They get the Mutex if the maker has
 * died: then they make the value. A placeholder whose Mutex is freed is one that its maker could not take away, as there
 * was no room to look for a long key: who meets it takes it away.
 */
import { DeadlockError, FreedError } from "../errors.js";
import { Mutex } from "../mutex.js";
import { Existing } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { timeoutError, type Wait } from "../waiting.js";
import type { Found } from "./entries.js";
import { type MapKey, ownKey } from "./keys.js";
import { Condition, DONE } from "./layout.js";
import type { Store } from "./store.js";

const WHAT = "get or insert";

/** The right to make a value: who has it, ends it by `keep` or `giveUp`. */
export class Making {
  readonly #store: Store;
  readonly #key: MapKey;
  readonly #mutex: Mutex;
  readonly #found: Found;

  constructor(store: Store, key: MapKey, mutex: Mutex, found: Found) {
    this.#store = store;
    this.#key = key;
    this.#mutex = mutex;
    this.#found = found;
  }

  /** Puts the value where the placeholder is, unless another has written there since. */
  keep(value: unknown): void {
    try {
      this.#store.put(this.#key, value, WHAT, this.#found);
    } catch (error) {
      this.giveUp();
      throw error;
    }
    free(this.#mutex);
  }

  /** Whether nobody has written the key since. */
  isStill(): boolean {
    return isOf(this.#mutex, this.#store.find(this.#key, WHAT));
  }

  /** Others make it. */
  giveUp(): void {
    try {
      this.#store.remove(this.#key, WHAT, this.#found);
    } catch {
      // It was freed, or the space is closed; or there is no room to look, and who meets the placeholder takes it away.
    }
    free(this.#mutex);
  }
}

/** What is there already, in another place than where placeholders are. */
type Elsewhere<There> = () => There | undefined;

/** The value that is there, or the right to make it. Blocks while another makes it. */
export function findOrMake<There = never>(
  space: SharedSpace,
  store: Store,
  given: MapKey,
  elsewhere?: Elsewhere<There>,
): Making | There | { readonly value: unknown } {
  const key = ownKey(given);
  for (;;) {
    const there = elsewhere?.();
    if (there !== undefined) return there;
    const found = findOrBegin(space, store, key);
    if (found instanceof Making || !found.maker) return found;
    const mutex = makersOf(space, found.maker);
    try {
      mutex.lock();
    } catch (error) {
      if (!(error instanceof FreedError)) throw isOwn(space, mutex, error) ? ownValue() : error;
      takeAway(store, key, found);
      continue;
    }
    const making = takeOver(store, key, mutex, found);
    if (making) return making;
  }
}

/** As `findOrMake`, without blocking. */
export async function findOrMakeAsync<There = never>(
  space: SharedSpace,
  store: Store,
  given: MapKey,
  wait: Wait,
  what = WHAT,
  elsewhere?: Elsewhere<There>,
): Promise<Making | There | { readonly value: unknown }> {
  const key = ownKey(given);
  const end = performance.now() + wait.timeout;
  for (;;) {
    wait.signal?.throwIfAborted();
    const there = elsewhere?.();
    if (there !== undefined) return there;
    const found = findOrBegin(space, store, key);
    if (found instanceof Making || !found.maker) return found;
    const mutex = makersOf(space, found.maker);
    // Of all waits together.
    const left = Math.max(end - performance.now(), 0);
    try {
      if (!(await mutex.lockIfAvailableAsync(left, { signal: wait.signal }))) throw timeoutError(what, wait.timeout);
    } catch (error) {
      if (!(error instanceof FreedError)) throw error;
      takeAway(store, key, found);
      continue;
    }
    const making = takeOver(store, key, mutex, found);
    if (making) return making;
  }
}

/** The right to make a value, if nobody else who lives has it. */
export function tryMake(space: SharedSpace, store: Store, given: MapKey): Making | undefined {
  const key = ownKey(given);
  const found = findOrBegin(space, store, key);
  if (found instanceof Making || !found.maker) return found instanceof Making ? found : undefined;
  const mutex = makersOf(space, found.maker);
  try {
    return mutex.tryLock() ? takeOver(store, key, mutex, found) : undefined;
  } catch (error) {
    if (error instanceof FreedError) takeAway(store, key, found);
    else if (!(error instanceof DeadlockError)) throw error;
    return undefined;
  }
}

/** What is there, which may be a placeholder; where nothing is, the right to make it. */
function findOrBegin(space: SharedSpace, store: Store, key: MapKey): Found | Making {
  for (;;) {
    const found = store.find(key, WHAT);
    if (found.condition !== Condition.ifNothing) return found;
    const making = begin(space, store, key);
    if (making) return making;
  }
}

function makersOf(space: SharedSpace, { address, identity }: NonNullable<Found["maker"]>): Mutex {
  return new Mutex(new Existing(space, address, identity));
}

/** Undefined: another was first. */
function begin(space: SharedSpace, store: Store, key: MapKey): Making | undefined {
  const mutex = new Mutex(space);
  mutex.lock();
  try {
    const { address, identity } = mutex.handle;
    if (store.reserve(key, address, identity, WHAT) === DONE) {
      const found = store.find(key, WHAT);
      if (isOf(mutex, found)) return new Making(store, key, mutex, found);
    }
  } catch (error) {
    free(mutex);
    throw error;
  }
  free(mutex);
  return undefined;
}

/** Of a maker that has died; undefined: what is there is another's by now. */
function takeOver(store: Store, key: MapKey, mutex: Mutex, before: Found): Making | undefined {
  try {
    const found = store.find(key, WHAT);
    if (isOf(mutex, found) && found.low === before.low && found.high === before.high) {
      return new Making(store, key, mutex, found);
    }
  } catch (error) {
    free(mutex);
    throw error;
  }
  free(mutex);
  return undefined;
}

/** A placeholder whose Mutex is freed; mostly it is there no more. */
function takeAway(store: Store, key: MapKey, found: Found): void {
  store.remove(key, WHAT, found);
}

function isOf({ handle }: Mutex, { maker }: Found): boolean {
  return maker?.address === handle.address && maker.identity === handle.identity;
}

/** Wakes all who wait, if nobody has yet; and this worker holds it no more. */
function free({ space: { kernel }, handle: { address, identity } }: Mutex): void {
  try {
    kernel.free_object(address, identity);
    kernel.forget_freed(address, identity);
  } catch {
    // The space is closed.
  }
}

/** Another than that of a cycle, which landspout/debug has found. */
function isOwn({ kernel, slot }: SharedSpace, { handle }: Mutex, error: unknown): boolean {
  return error instanceof DeadlockError && kernel.mutex_owner(handle.address) === slot;
}

function ownValue(): DeadlockError {
  return new DeadlockError(
    `Cannot ${WHAT}: received a key whose value this worker is making; expected one whose value another worker makes`,
  );
}
