import { STOP } from "../../../processor/stop.js";
import { Cells } from "../system/cells.js";
import type { Loaded } from "../system/loading.js";
import { Vectors } from "../system/vectors.js";
import type { SequentialObject } from "./linearizability.js";
import { executeToEnd } from "./predicates.js";

/** In the place of the instance after a call, where there was none. */
const NO_CALL = -1;

/**
 * A sequential object that an entry point `(operation: i32, argument: i32) -> i32` describes: each call executes one
 * operation, on an instance and a memory of their own that are as the program finds them at first, and returns its result,
 * or calls `fail` if the operation cannot take place.
 */
export class Specification implements SequentialObject {
  readonly initial: number;
  readonly #loaded: Loaded;
  readonly #entry: string;
  readonly #cells: Cells;
  /** States: the instance after the last call, then the words of memory that were written. */
  readonly #states = new Vectors();
  readonly #known = new Map<string, ReturnType<SequentialObject["after"]>>();

  constructor(loaded: Loaded, entry: string) {
    this.#loaded = loaded;
    this.#entry = entry;
    this.#cells = new Cells(1, loaded.memory.buffer.slice(0));
    this.initial = this.#states.numberOf(Int32Array.of(NO_CALL), 1);
  }

  after(state: number, operation: number, argument: number): ReturnType<SequentialObject["after"]> {
    const key = `${state} ${operation} ${argument}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#execute(state, operation, argument));
    return this.#known.get(key);
  }

  #execute(number: number, operation: number, argument: number): ReturnType<SequentialObject["after"]> {
    const { prepare, local } = this.#loaded;
    const cells = this.#cells;
    const before = new Int32Array(this.#states.lengthOf(number));
    cells.unpack(0, before, this.#states.read(number, before));
    const last = cells.values[0]!;
    const call = { entry: this.#entry, arguments: [operation, argument] };
    const begin = prepare(call, last === NO_CALL ? undefined : local.at(last));
    const end = executeToEnd(local, cells, begin, ({ kind, address, size }) =>
      cells.touch(0, address, size, kind !== STOP.load),
    );
    if (end.effect === "end") return undefined;
    const [result] = end.kind === STOP.returned ? local.results(end) : [];
    if (typeof result !== "number") {
      const why = end.kind === STOP.trap ? end.trap : end.kind === STOP.returned ? "no i32" : "no end";
      throw new Error(
        `Cannot specify operation ${operation} by ${this.#entry}: received ${why}; expected its result, or fail`,
      );
    }
    cells.values[0] = end.number;
    cells.commit();
    const words = new Int32Array(cells.packed);
    return { state: this.#states.numberOf(words, cells.pack(0, words)), result };
  }
}
