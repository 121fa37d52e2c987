/** The functions that a pool's module exports: its tasks. */
import { NoSuchTaskError } from "../errors.js";

// biome-ignore lint/suspicious/noExplicitAny: what the module exports takes what it takes.
export type TaskFunction = (...args: any[]) => unknown;

/** What a module is to have been loaded as: its exports, by name. */
type Exports = Readonly<Record<string, unknown>>;

export class TaskFunctions {
  readonly #url: string;
  readonly #exports: Exports;
  readonly #known = new Map<string, TaskFunction>();

  constructor(url: string, exports: Exports) {
    this.#url = url;
    this.#exports = exports;
  }

  /** @throws as the module; {Error} if there is none */
  static async load(url: string): Promise<TaskFunctions> {
    return new TaskFunctions(url, await import(url));
  }

  /** @throws {NoSuchTaskError} */
  named(name: string): TaskFunction {
    let task = this.#known.get(name);
    if (!task) {
      task = this.#find(name);
      if (!task) throw this.#noSuch(name);
      this.#known.set(name, task);
    }
    return task;
  }

  /** What is to be awaited before the first task; undefined: nothing. */
  get init(): TaskFunction | undefined {
    return this.#find("init");
  }

  /** An export, else a property of the default export: of an object, or of what a CommonJS module exports. */
  #find(name: string): TaskFunction | undefined {
    for (const holder of [this.#exports, this.#exports.default]) {
      if (holder === null || typeof holder !== "object" || !Object.hasOwn(holder, name)) continue;
      const found = (holder as Exports)[name];
      if (typeof found !== "function") continue;
      return holder === this.#exports ? (found as TaskFunction) : found.bind(holder);
    }
    return undefined;
  }

  #noSuch(name: string): NoSuchTaskError {
    const { default: byDefault } = this.#exports;
    const more = typeof byDefault === "object" && byDefault !== null ? Object.keys(byDefault) : [];
    const names = [...Object.keys(this.#exports), ...more];
    const functions = [...new Set(names)].filter((one) => one !== "init" && this.#find(one)).sort();
    const expected = functions.length === 0 ? "a module that exports functions" : `one of ${functions.join(", ")}`;
    return new NoSuchTaskError(
      `Cannot run ${JSON.stringify(name)}: received no function of that name in ${this.#url}; expected ${expected}`,
    );
  }
}
