import type { Instance, Stacks } from "../../../processor/stacks.js";
import type { BootedProcessor, Frames } from "./booted-processor.js";

/** A stack that a kernel knows by its number. */
interface Context {
  readonly kind: "context";
  /** The top of it while no processor executes it; undefined meanwhile. */
  top: Frames | undefined;
  /** Whether it has not begun. */
  fresh: boolean;
}

interface NumberedInstance {
  readonly kind: "instance";
  readonly instance: Instance;
}

/** The most contexts and instances at a time. */
const MOST = 1_000_000;

/** The contexts and instances that there are, by their numbers. A method throws a text, for the kernel's programmer. */
export class Contexts {
  readonly #stacks: Stacks;
  readonly #images: number;
  readonly #processors: readonly BootedProcessor[];
  readonly #byNumber = new Map<number, Context | NumberedInstance>();
  #last = 0;

  /** @param images how many there are, the kernel among them */
  constructor(stacks: Stacks, images: number, processors: readonly BootedProcessor[]) {
    this.#stacks = stacks;
    this.#images = images;
    this.#processors = processors;
  }

  /** A new context that a processor executes from its begin. */
  open(processor: BootedProcessor): void {
    processor.context = this.#number({ kind: "context", top: undefined, fresh: false });
  }

  createInstance(image: number, original: number): number {
    if (image < 1 || image >= this.#images) {
      throw new RangeError(
        `received image ${image}; expected ${this.#images === 1 ? "none, since there is none" : `1 to ${this.#images - 1}`}`,
      );
    }
    if (original === 0) return this.#number({ kind: "instance", instance: this.#stacks.createInstance(image) });
    const from = this.instance(original);
    if (from.image !== image) throw new RangeError(`received image ${image}; expected ${from.image}, the original's`);
    return this.#number({ kind: "instance", instance: this.#stacks.createInstance(image, from) });
  }

  instance(number: number): Instance {
    const found = this.#byNumber.get(number);
    if (found?.kind !== "instance") throw new RangeError(`received ${number}; expected the number of an instance`);
    return found.instance;
  }

  /** Sets an i32 global of an instance. */
  setGlobal(number: number, global: number, value: number): void {
    const instance = this.instance(number);
    const { globals } = this.#stacks.codeOf(instance.image).module;
    if (globals[global]?.type !== "i32" || !globals[global].mutable) {
      throw new RangeError(
        `received global ${global}; expected a mutable one of type i32 of the image's ${globals.length}`,
      );
    }
    this.#stacks.setGlobal(instance, global, value);
  }

  /** Frames of the processor's context that are of one instance go on with another. */
  replaceInstance(processor: BootedProcessor, from: number, to: number): void {
    const [old, replacement] = [this.instance(from), this.instance(to)];
    if (old.image !== replacement.image)
      throw new RangeError(`received an instance of image ${replacement.image}; expected one of image ${old.image}`);
    for (let frames: Frames | undefined = processor.frames; frames !== undefined; frames = frames.below) {
      if (frames.segment.instance === old) frames.segment.instance = replacement;
    }
  }

  /** A context that begins at a function of the kernel. */
  create(processor: BootedProcessor, function_: number, argument: number): number {
    const segment = this.#stacks.open(processor.index, processor.instance, function_, [argument]);
    const entered = { by: "base", interrupts: false } as const;
    return this.#number({
      kind: "context",
      top: { segment, user: false, entered, below: undefined, depth: 1, suspended: undefined },
      fresh: true,
    });
  }

  /** A copy of the processor's context; its number. */
  copy(processor: BootedProcessor): number {
    this.#stacks.run(processor.index, undefined);
    const copyOf = (frames: Frames): Frames => ({
      ...frames,
      segment: this.#stacks.copy(frames.segment),
      below: frames.below && copyOf(frames.below),
    });
    const top = copyOf(processor.frames);
    this.#stacks.run(processor.index, processor.frames.segment);
    return this.#number({ kind: "context", top, fresh: false });
  }

  /** The processor keeps its context and has another one. */
  switchTo(processor: BootedProcessor, number: number): void {
    if (number === processor.context) return;
    const next = this.#context(number);
    if (next.top === undefined)
      throw new RangeError(`received context ${number}; expected one that runs on no processor`);
    const present = this.#context(processor.context);
    this.#stacks.run(processor.index, undefined);
    present.top = processor.frames;
    processor.frames = next.top;
    next.top = undefined;
    processor.context = number;
    if (next.fresh) processor.interrupts = false;
    next.fresh = false;
  }

  release(number: number): void {
    const found = this.#byNumber.get(number);
    if (found === undefined)
      throw new RangeError(`received ${number}; expected the number of a context or an instance`);
    if (found.kind === "instance") {
      this.#refuseUsed(number, found.instance);
      this.#stacks.releaseInstance(found.instance);
    } else {
      if (found.top === undefined)
        throw new RangeError(`received context ${number}; expected one that runs on no processor`);
      for (let frames: Frames | undefined = found.top; frames; frames = frames.below)
        this.#stacks.release(frames.segment);
    }
    this.#byNumber.delete(number);
  }

  #refuseUsed(number: number, instance: Instance): void {
    const stacks = [...this.#byNumber].map(([context, known]) => [
      context,
      known.kind === "context" ? known.top : undefined,
    ]);
    const running = this.#processors.map(({ context, frames }) => [context, frames]);
    for (const [context, top] of [...stacks, ...running] as [number, Frames | undefined][]) {
      for (let frames = top; frames !== undefined; frames = frames.below) {
        if (frames.segment.instance !== instance) continue;
        throw new RangeError(`received instance ${number}; expected one without frames: context ${context} has some`);
      }
    }
  }

  #context(number: number): Context {
    const found = this.#byNumber.get(number);
    if (found?.kind !== "context") throw new RangeError(`received ${number}; expected the number of a context`);
    return found;
  }

  #number(numbered: Context | NumberedInstance): number {
    if (this.#byNumber.size === MOST)
      throw new RangeError(`received ${MOST} contexts and instances; expected to release some`);
    this.#byNumber.set(++this.#last, numbered);
    return this.#last;
  }
}
