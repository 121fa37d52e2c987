/** Steps with a monitor: a mutex and a condition, which protect a stock. */
import type { UnlockToken } from "#library/index.js";
import type { Scene } from "../scene.js";
import { type Actor, endures, FOR_EVER, pick } from "./actor.js";

/** Locks the monitor, and mends what it protects. */
async function enter({ scene, random }: Actor): Promise<UnlockToken> {
  const { monitor, words } = scene;
  const token = random.below(2) === 0 ? monitor.mutex.lock() : await monitor.mutex.lockAsync();
  mend(scene, token, words.stock);
  return token;
}

/** Who died may have put something there, and not have said so. */
export function mend({ monitor }: Scene, token: UnlockToken, stock: Int32Array): void {
  if (!token.abandoned) return;
  stock[1] = stock[0]!;
  monitor.filled.notify();
}

export async function put(actor: Actor): Promise<void> {
  const { scene, me, pass, wrong, random } = actor;
  const { stock, putting, put: done } = scene.words;
  const token = await enter(actor);
  putting[me]!++;
  if (stock[0] !== stock[1]) wrong("monitor: the stock is torn");
  stock[0]!++;
  pass();
  stock[1] = stock[0]!;
  scene.monitor.filled.notify(random.below(4) === 0 ? undefined : 1);
  done[me]!++;
  token.unlock();
}

/** Puts one there, if the monitor is to be had soon. */
export function give({ scene, me }: Actor): void {
  const { monitor, words } = scene;
  const token = monitor.mutex.lockIfAvailable(1000);
  if (token === null) return;
  mend(scene, token, words.stock);
  words.putting[me]!++;
  words.stock[0]!++;
  words.stock[1]!++;
  monitor.filled.notify(1);
  words.put[me]!++;
  token.unlock();
}

export async function get(actor: Actor): Promise<void> {
  const { scene, me, pass, wrong, random } = actor;
  const { filled } = scene.monitor;
  const { stock, closed, getting, got } = scene.words;
  const token = await enter(actor);
  const ready = () => {
    mend(scene, token, stock);
    return stock[0]! > 0 || closed[0] !== 0;
  };
  const isPatient = endures(actor);
  const milliseconds = isPatient ? FOR_EVER : pick(random, 0, 1, 3, FOR_EVER);
  let is = ready();
  if (!is) {
    if (random.below(2) === 0) is = filled.waitFor(token, milliseconds, ready);
    else {
      const aborts = !isPatient && random.below(2) === 0;
      const options = aborts ? { signal: AbortSignal.timeout(1 + random.below(3)) } : {};
      is = await filled.waitForAsync(token, milliseconds, ready, options).catch((error: Error) => {
        if (error.name !== "TimeoutError") throw error;
        return ready();
      });
    }
  }
  if (is && stock[0]! > 0) {
    if (stock[0] !== stock[1] && !token.abandoned) wrong("monitor: the stock is torn");
    getting[me]!++;
    stock[0]!--;
    pass();
    stock[1] = stock[0]!;
    got[me]!++;
  }
  token.unlock();
}
