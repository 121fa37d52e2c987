import { classOf } from "../classes.js";
import { revive } from "../reviving.js";

/** Results that executors have posted to the maker, until it takes them. */
export class Results {
  readonly #come = new Map<string, unknown>();
  readonly #awaited = new Map<string, (value: unknown) => void>();

  put(job: number, generation: number, value: unknown): void {
    const key = `${job} ${generation}`;
    const resolve = this.#awaited.get(key);
    if (resolve) {
      this.#awaited.delete(key);
      resolve(revive(value, classOf));
    } else this.#come.set(key, value);
  }

  /** A promise of it if it has not come yet. */
  take(job: number, generation: number): unknown {
    const key = `${job} ${generation}`;
    if (this.#come.has(key)) {
      const value = this.#come.get(key);
      this.#come.delete(key);
      return revive(value, classOf);
    }
    return new Promise((resolve) => this.#awaited.set(key, resolve));
  }
}
