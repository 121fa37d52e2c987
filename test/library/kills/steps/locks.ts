/** Steps with locks: what each protects is a number in two copies, and who is inside. */
import { AbandonedError, type UnlockToken } from "#library/index.js";
import { LOCKS, type LockName } from "../scene.js";
import { type Actor, pick, wait } from "./actor.js";

/** The token that holds the lock, also where that is told by an error. */
function told(error: unknown): UnlockToken {
  if (error instanceof AbandonedError) return error.token;
  throw error;
}

export async function lock(actor: Actor, name: LockName): Promise<void> {
  const { scene } = actor;
  const token = await wait<UnlockToken>(
    actor,
    (milliseconds) => scene[name].lockIfAvailable(milliseconds),
    (milliseconds, options) => scene[name].lockIfAvailableAsync(milliseconds, options),
  ).catch(told);
  if (token) inside(actor, name, token);
}

/** As `lock`, in the forms that unlock by themselves. */
export async function within(actor: Actor, name: LockName): Promise<void> {
  const { scene, random } = actor;
  const { copies, inside: who } = scene.words.locks[name];
  const work = (token: UnlockToken) => {
    try {
      change(actor, name, token);
    } catch (error) {
      // One that dies of an error lets the lock go first: what it protects must be whole then.
      copies[0] = copies[1]!;
      Atomics.store(who, 0, 0);
      throw error;
    }
  };
  try {
    if (random.below(2) === 0) scene[name].withLock(work);
    else await scene[name].withLockAsync(work);
  } catch (error) {
    // Before the work was called.
    inside(actor, name, told(error));
  }
}

/** Changes what a lock protects, and unlocks. */
function inside(actor: Actor, name: LockName, token: UnlockToken): void {
  change(actor, name, token);
  token.unlock();
}

/** Adds 1 to both copies of what a lock protects. */
function change({ scene, me, pass, wrong }: Actor, name: LockName, token: UnlockToken): void {
  const { copies, inside, abandoned, done } = scene.words.locks[name];
  const other = Atomics.exchange(inside, 0, me + 1);
  if (token.abandoned) abandoned[0]!++;
  else if (other !== 0) wrong(`${name}: worker ${other - 1} was inside`);
  else if (copies[0] !== copies[1]) wrong(`${name}: what it protects is torn, but was not abandoned`);
  copies[1] = copies[0]!;
  copies[0]!++;
  pass();
  copies[1]!++;
  done[me]!++;
  Atomics.store(inside, 0, 0);
}

/** By each lock: blocks so many milliseconds at most. */
export const LOCK_STEPS = LOCKS.map((name) => (actor: Actor, milliseconds: number): void => {
  let token: UnlockToken | null;
  try {
    token = actor.scene[name].lockIfAvailable(milliseconds);
  } catch (error) {
    token = told(error);
  }
  if (token) inside(actor, name, token);
});

export async function read(actor: Actor): Promise<void> {
  const { rwLock, words } = actor.scene;
  const { copies, inside } = words.locks.rwLock;
  const token = await wait<UnlockToken>(
    actor,
    (milliseconds) => rwLock.lockSharedIfAvailable(milliseconds),
    (milliseconds, options) => rwLock.lockSharedIfAvailableAsync(milliseconds, options),
  );
  if (!token) return;
  for (let look = 0; look < 2 && !token.abandoned; look++) {
    if (inside[0] !== 0) actor.wrong(`rwLock: worker ${inside[0]! - 1} writes while others read`);
    if (copies[0] !== copies[1]) actor.wrong("rwLock: what it protects is torn, but was not abandoned");
    actor.pass();
  }
  token.unlock();
}

/** Two at once, neither of which blocks. */
export async function both(actor: Actor): Promise<void> {
  const name = pick(actor.random, ...LOCKS);
  const lock = async () => {
    const token = await actor.scene[name].lockAsync().catch(told);
    inside(actor, name, token);
  };
  await Promise.all([lock(), lock()]);
}
