/**
 * In a worker: the library's module is replaced by the instrumented one, and its exports are wrapped, before the library
 * instantiates it. The library itself does not know: what it calls is `WebAssembly.Module` and `WebAssembly.Instance`.
 */
import { libraryBytes } from "#library/modules.js";
import { Random } from "#machines/machines/random.js";
import { type Fate, FROZEN, type Life, NEVER, numbering, POINTS, WORDS } from "./fate.js";

/** Milliseconds that a pause takes at most. */
const LONGEST_PAUSE = 2;
/** Points that a victim passes until it dies where one more has died before. */
const PATIENCE = 100;

export interface Seam {
  /** The instrumented one. Absent: the library is as it is, and only the program's own code has points. */
  readonly module?: WebAssembly.Module;
  /** Points of the module's instructions. */
  readonly instructions: number;
  readonly control: Int32Array;
  /** By point: one more than the number of the scene in which a victim reached it first. */
  readonly reached: Int32Array;
  /** By point: how many have died there of late. */
  readonly died: Int32Array;
}

export class Victim {
  readonly #seam: Seam;
  readonly #program: number;
  #word = 0;
  #scene = 0;
  #random = new Random(0);
  #pauseEvery = 0;
  #untilPause = 0;
  #fate: Fate | undefined;
  #left = 0;

  constructor(seam: Seam) {
    this.#seam = seam;
    const { module: instrumented, instructions } = seam;
    const names = instrumented ? WebAssembly.Module.exports(instrumented).map(({ name }) => name) : [];
    const numbers = numbering(instructions, names.length);
    this.#program = numbers.program;
    if (!instrumented) return;
    const { Module, Instance } = WebAssembly;
    const point = (number: number) => this.#pass(number);

    function wrapped(exports: WebAssembly.Exports): WebAssembly.Exports {
      const wrap = (name: string, i: number) => {
        const original = exports[name]!;
        if (typeof original !== "function") return [name, original];
        const call = (...given: unknown[]) => {
          point(numbers.exports + 2 * i);
          const result: unknown = original(...given);
          point(numbers.exports + 2 * i + 1);
          return result;
        };
        return [name, call];
      };
      return Object.fromEntries(names.map(wrap));
    }

    Object.assign(WebAssembly, {
      Module: function Replaced(bytes: BufferSource) {
        return bytes === libraryBytes ? instrumented : new Module(bytes);
      },
      Instance: function Wrapped(module: WebAssembly.Module, imports: WebAssembly.Imports) {
        if (module !== instrumented) return new Instance(module, imports);
        const { exports } = new Instance(module, { ...imports, kills: { point } });
        return { exports: wrapped(exports) };
      },
    });
  }

  /** Begins a life, as the worker of a number in a scene. */
  begin(life: Life, worker: number, scene: number): void {
    this.#word = WORDS * worker;
    this.#scene = life.fate ? scene + 1 : 0;
    this.#random = new Random(life.seed);
    this.#pauseEvery = life.pauseEvery;
    this.#untilPause = this.#random.below(2 * life.pauseEvery);
    this.#fate = life.fate;
    this.#left = life.fate?.after ?? -1;
  }

  /** The program's own code. */
  pass(): void {
    this.#pass(this.#program);
  }

  /** Says in which step it is. */
  say(word: number, value: number): void {
    Atomics.store(this.#seam.control, this.#word + word, value);
  }

  #pass(point: number): void {
    const { control, reached } = this.#seam;
    control[this.#word + POINTS]!++;
    if (this.#scene !== 0 && reached[point] === 0) Atomics.compareExchange(reached, point, 0, this.#scene);
    if (this.#fate !== undefined && --this.#left < 0) this.#meet(this.#fate, point);
    if (--this.#untilPause < 0) {
      this.#untilPause = this.#random.below(2 * this.#pauseEvery);
      Atomics.wait(control, this.#word + NEVER, 0, (this.#random.below(1024) / 1024) * LONGEST_PAUSE);
    }
  }

  #meet({ how, at, exit, spreads }: Fate, point: number): void {
    if (at !== undefined && point !== at) return;
    if (spreads && this.#seam.died[point]! > -this.#left / PATIENCE) return;
    if ((how === "exits" || how === "throws") && point !== this.#program) return;
    this.#fate = undefined;
    this.say(FROZEN, point + 1);
    switch (how) {
      case "terminated":
        this.#freeze(point);
        break;
      case "memory":
        for (const hoard: unknown[] = []; ; ) hoard.push(new Array(100_000).fill(hoard.length));
      case "exits":
        if (exit !== undefined) {
          this.#fate = { how: "terminated", from: "steps", after: exit };
          this.#left = exit;
        }
        process.exit(3);
        break;
      case "throws":
        throw new Error("on purpose");
    }
  }

  #freeze(point: number): void {
    const { control } = this.#seam;
    Atomics.add(this.#seam.died, point, 1);
    this.say(FROZEN, point + 1);
    Atomics.notify(control, this.#word + FROZEN);
    Atomics.wait(control, this.#word + NEVER, 0);
  }
}
