/** Work done while something is held, which is let go whatever becomes of the work. */
import { mustBeSynchronous, mustNotBePromise } from "./synchronous.js";

/** What is held, and how it is let go: a token, or a permit. */
interface Held {
  [Symbol.dispose](): void;
}

export function workHolding<H extends Held, T>(what: string, form: string, work: (held: H) => T, hold: () => H): T {
  const expected = `work that is done when it returns, or ${form}`;
  mustBeSynchronous(work, what, expected);
  const held = hold();
  let result: T;
  try {
    result = mustNotBePromise(work(held), what, expected);
  } catch (error) {
    letGo(held);
    throw error;
  }
  held[Symbol.dispose]();
  return result;
}

/** `work` is checked by whoever calls this, before it asks for what is to be held. */
export async function workHoldingAsync<H extends Held, T>(work: (held: H) => T, hold: Promise<H>): Promise<Awaited<T>> {
  const held = await hold;
  let result: Awaited<T>;
  try {
    result = await work(held);
  } catch (error) {
    letGo(held);
    throw error;
  }
  held[Symbol.dispose]();
  return result;
}

/** After work that failed: its error is the cause, also where it has freed what is held, or closed the space. */
function letGo(held: Held): void {
  try {
    held[Symbol.dispose]();
  } catch {}
}
