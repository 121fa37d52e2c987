import type { Instance, Stacks } from "../../../processor/stacks.js";
import { CAUSE, type Cause, INTERRUPT } from "../../../program/privileged.js";
import type { PrivilegedDescription } from "../../presets/description.js";
import type { BootedProcessor, Entered, Frames, Suspended } from "./booted-processor.js";

/** Traps, interrupts and calls of one context that have not returned. */
const MOST_SEGMENTS = 1000;

/** The functions that a kernel exports for the machine, by their numbers. */
export interface KernelEntries {
  /** The module's start function, if it has one: executed before `boot`, by one processor after the other. */
  readonly start: number | undefined;
  readonly boot: number;
  readonly handleTrap: number;
  readonly handleInterrupt: number;
}

export interface ModesOptions {
  readonly description: PrivilegedDescription;
  readonly stacks: Stacks;
  readonly entries: KernelEntries;
  /** Where the kernel is told what the machine has. */
  readonly information: number;
  /** The processor executes up to its next stop, from its time on, with the result of its last one. */
  readonly goOn: (processor: BootedProcessor) => void;
  /** What the processor has stopped for is due at its time; what interrupts it may come before, from a time on. */
  readonly due: (processor: BootedProcessor, from: number) => void;
  /** Nothing is due of it any more. */
  readonly withdraw: (processor: BootedProcessor) => void;
  /** The processor has executed the kernel's start function. */
  readonly started: (processor: BootedProcessor) => void;
  /** The kernel is about to drop frames of the processor's stack, from the top down to these, which `call` began. */
  readonly abandons: (processor: BootedProcessor, frames: Frames) => void;
  /** Says that a processor failed. */
  readonly fail: (processor: BootedProcessor, why: string) => Error;
}

/**
 * How processors get into the kernel and out of it. A trap or an interrupt puts a segment of the kernel above the frames that
 * it stops, `call` one of a program above the kernel's; what returns takes its own away.
 */
export class Modes {
  readonly #options: ModesOptions;
  readonly #pageBits: number;

  constructor(options: ModesOptions) {
    this.#options = options;
    this.#pageBits = Math.log2(options.description.page);
  }

  /** The processor begins the kernel's first function, which does not return. */
  boot(processor: BootedProcessor): void {
    const { entries, information } = this.#options;
    const first = entries.start ?? entries.boot;
    const by = entries.start === undefined ? "base" : "start";
    const parameters = entries.start === undefined ? [information] : [];
    this.#push(processor, processor.instance, first, parameters, false, { by, interrupts: false });
    this.#begin(processor);
  }

  /** The kernel is entered, for what the processor was about to do. */
  trap(processor: BootedProcessor, cause: Cause, number: number, words: readonly number[]): void {
    const { description, entries, stacks } = this.#options;
    processor.traps[cause]++;
    processor.frames.suspended = processor.suspend(0, stacks.blockOf(processor.index));
    const [a = 0, b = 0, c = 0, d = 0] = words;
    const entered: Entered = { by: cause, interrupts: processor.interrupts, trap: { number, words } };
    this.#push(processor, processor.instance, entries.handleTrap, [CAUSE[cause], number, a, b, c, d], false, entered);
    processor.interrupts = false;
    processor.trapWords = words;
    processor.at += description.trap.enter;
    this.#begin(processor);
  }

  /** The processor, of which something is due, takes the first of its pending interrupts. */
  interrupt(processor: BootedProcessor, now: number): void {
    const { description, entries, stacks, withdraw } = this.#options;
    withdraw(processor);
    processor.frames.suspended = processor.suspend(processor.at - now, stacks.blockOf(processor.index));
    processor.at = now;
    const [number, argument] = takeInterrupt(processor);
    const entered: Entered = { by: "interrupt", interrupts: processor.interrupts };
    this.#push(processor, processor.instance, entries.handleInterrupt, [number, argument], false, entered);
    processor.interrupts = false;
    processor.at += description.interrupt.take;
    this.#begin(processor);
  }

  /** The kernel calls a function of a program on the present stack. */
  call(processor: BootedProcessor, instance: Instance, function_: number, parameters: readonly number[]): void {
    const entered: Entered = { by: "call", interrupts: processor.interrupts };
    processor.at += this.#options.description.call.enter;
    this.#push(processor, instance, function_, parameters, true, entered);
    this.#begin(processor);
  }

  /** The function with which the processor's topmost segment began has returned. */
  returned(processor: BootedProcessor): void {
    const { stacks, description, fail } = this.#options;
    const { by } = processor.frames.entered;
    if (by === "start") {
      this.#options.started(processor);
      const { segment } = processor.frames;
      const entered: Entered = { by: "base", interrupts: false };
      this.#push(
        processor,
        processor.instance,
        this.#options.entries.boot,
        [this.#options.information],
        false,
        entered,
      );
      processor.frames = { ...processor.frames, below: undefined };
      stacks.release(segment);
      this.#begin(processor);
      return;
    }
    if (by === "base") throw fail(processor, "its context's first function returned; expected it to go on for ever");
    if (by === "FAULT") throw fail(processor, "the handler of a fault returned; expected it to abandon");
    const result = stacks.result(processor.index);
    // Ways into the kernel and out of it are the kernel's time.
    if (by !== "call") processor.at += description.trap.leave;
    this.#pop(processor);
    if (by === "call") processor.at += description.call.leave;
    if (by === "interrupt" || by === "TRANSLATION_MISS" || by === "READ_ONLY") this.#resume(processor);
    else this.#return(processor, result);
  }

  /** Drops the frames above the innermost `call`, which returns a result. */
  abandon(processor: BootedProcessor, result: number): void {
    const { description, abandons, fail } = this.#options;
    let frames: Frames | undefined = processor.frames;
    while (frames !== undefined && frames.entered.by !== "call") frames = frames.below;
    if (frames === undefined) throw fail(processor, "it abandoned; expected to be called by what a `call` called");
    abandons(processor, frames);
    while (processor.frames !== frames) this.#pop(processor);
    this.#pop(processor);
    processor.at += description.call.leave;
    this.#return(processor, result);
  }

  /** The processor has come to another context, whose top is its frames now: that goes on, with 0 where it waits for a result. */
  goOnWith(processor: BootedProcessor): void {
    this.#run(processor);
    this.#return(processor, 0);
  }

  /** Goes on after the lookup of a page of code. */
  fetched(processor: BootedProcessor): void {
    const { after } = processor;
    processor.after = undefined;
    if (after === undefined) this.#options.goOn(processor);
    else this.#goOnAs(processor, after);
  }

  #push(
    processor: BootedProcessor,
    instance: Instance,
    function_: number,
    parameters: readonly number[],
    user: boolean,
    entered: Entered,
  ): void {
    const { stacks, fail } = this.#options;
    const below: Frames | undefined = processor.frames;
    const depth = (below?.depth ?? 0) + 1;
    if (depth > MOST_SEGMENTS) {
      throw fail(
        processor,
        `call stack exhausted: ${MOST_SEGMENTS} traps, interrupts and calls that have not returned,`,
      );
    }
    try {
      const segment = stacks.open(processor.index, instance, function_, parameters);
      processor.frames = { segment, user, entered, below, depth, suspended: undefined };
    } catch (error) {
      throw fail(processor, (error as Error).message);
    }
    this.#run(processor);
  }

  #pop(processor: BootedProcessor): void {
    const { segment, below, entered } = processor.frames;
    processor.frames = below!;
    this.#run(processor);
    this.#options.stacks.release(segment);
    processor.interrupts = entered.interrupts;
  }

  /** The processor executes its topmost frames. */
  #run(processor: BootedProcessor): void {
    const { segment, user } = processor.frames;
    if (!user) segment.instance = processor.instance;
    this.#options.stacks.run(processor.index, segment);
    processor.change(user ? "user" : "kernel");
    processor.translation.enter(user);
  }

  /** The processor begins its topmost segment. */
  #begin(processor: BootedProcessor): void {
    if (this.#fetches(processor)) return;
    this.#options.goOn(processor);
  }

  /** The processor's topmost frames get a result, and go on. */
  #return(processor: BootedProcessor, result: number): void {
    processor.frames.suspended = undefined;
    processor.low = result;
    processor.high = 0;
    this.#begin(processor);
  }

  /** The processor does what it was about to do when its kernel was entered. */
  #resume(processor: BootedProcessor): void {
    const suspended = processor.frames.suspended!;
    processor.frames.suspended = undefined;
    if (!suspended.fetches && this.#fetches(processor, suspended)) return;
    this.#goOnAs(processor, suspended);
  }

  #goOnAs(processor: BootedProcessor, suspended: Suspended): void {
    const from = processor.at;
    processor.resumeAs(suspended, this.#options.stacks.blockOf(processor.index));
    this.#options.due(processor, from);
  }

  /**
   * Whether the page with the code that the processor is to execute has to be looked up: that is due then.
   *
   * @param after what comes then, if not the next instruction
   */
  #fetches(processor: BootedProcessor, after?: Suspended): boolean {
    const { stacks, due } = this.#options;
    const { translation, user, index } = processor;
    if (!translation.translates(user)) return false;
    const page = stacks.pageOf(index, this.#pageBits);
    if (translation.find(page, false, user) === "found") return false;
    processor.fetchNext(page, after);
    due(processor, processor.at);
    return true;
  }
}

/** The number and the argument of the interrupt that comes first. */
function takeInterrupt(processor: BootedProcessor): [number: number, argument: number] {
  const { pendingInterrupts, completions, interruptsTaken } = processor;
  if (pendingInterrupts & (1 << INTERRUPT.timer)) {
    processor.pendingInterrupts &= ~(1 << INTERRUPT.timer);
    interruptsTaken.timer++;
    return [INTERRUPT.timer, 0];
  }
  if (completions.length > 0) {
    interruptsTaken.completion++;
    return [INTERRUPT.completion, completions.shift()!];
  }
  const number = 31 - Math.clz32(pendingInterrupts & -pendingInterrupts);
  processor.pendingInterrupts &= ~(1 << number);
  interruptsTaken.processor++;
  return [number, 0];
}
