import type { GuestMemory } from "../../../processor/memory.js";
import { REGISTER, type Stacks } from "../../../processor/stacks.js";
import { STOP } from "../../../processor/stop.js";
import { stoppingInstruction } from "../../../program/instructions.js";
import { FAULT, PRIVILEGED_INSTRUCTIONS, type PrivilegedInstruction } from "../../../program/privileged.js";
import { PAGE } from "../../../wasm/module.js";
import type { MachineDescription } from "../../presets/description.js";
import { Random } from "../../random.js";
import { EventQueue } from "../events.js";
import { createMemorySystem } from "../memory/architecture.js";
import { countedAs } from "../memory/counts.js";
import { type MemorySystem, READ, type Requesters, WRITE } from "../memory/memory-system.js";
import { LastWrites } from "../memory/miss-history.js";
import type { Placement } from "../memory/placement.js";
import { Instructions } from "../processors/instructions.js";
import { RECORD } from "../processors/record.js";
import { References } from "../processors/references.js";
import { NOBODY, Runner } from "../processors/runner.js";
import { Sleepers } from "../processors/sleepers.js";
import type { BootOptions, ProgramFault } from "./boot-run.js";
import { BootedProcessor, type Frames } from "./booted-processor.js";
import { Contexts } from "./contexts.js";
import type { Device } from "./devices/device.js";
import { Requests } from "./devices/requests.js";
import { faultOf } from "./faults.js";
import { KernelInstructions } from "./instructions.js";
import { Interrupts } from "./interrupts.js";
import { type KernelEntries, Modes } from "./modes.js";
import { TransferAgent } from "./transfers.js";
import { TranslatedReferences } from "./translated-references.js";
import { Translation } from "./translation.js";

/** Segments of one stack that a text names. */
const MOST_PLACES = 8;

/** The most fences of one processor in a row, so that one alone can be interrupted. */
const AT_ONCE = 1000;

/** The instructions within which processors begin: those that begin together might stay in step. */
const STAGGER = 64;

export interface BootedSimulationOptions {
  readonly description: MachineDescription;
  readonly stacks: Stacks;
  readonly processors: number;
  /** Images, the kernel among them. */
  readonly images: number;
  /** By image: what people call it. */
  readonly nameOf: (image: number) => string;
  readonly guest: GuestMemory;
  readonly placement: Placement;
  readonly entries: KernelEntries;
  readonly information: number;
  /** The names that the kernel gives reasons of `fail` and events. */
  readonly failureName: (reason: number) => string;
  readonly eventName: (event: number) => string;
  readonly onMark: BootOptions["onMark"];
  /** Makes the devices, in the order of their numbers. `stop` ends the run with a status. */
  readonly createDevices: (surroundings: {
    readonly transfers: TransferAgent;
    readonly schedule: (time: number, run: (now: number) => void) => void;
    readonly stop: (status: number, now: number) => void;
  }) => readonly Device[];
  readonly onFault: (fault: ProgramFault) => void;
  readonly seed: number;
  readonly cycles: number;
}

/** Processors that execute a kernel and what that runs, in simulated cycles; see Simulation, whose parts it is made of. */
export class BootedSimulation implements Requesters {
  readonly events = new EventQueue();
  readonly runner: Runner;
  readonly processors: readonly BootedProcessor[];
  readonly memory: MemorySystem;
  readonly requests: Requests;
  /** How the run ended; undefined before. */
  ended: { readonly status: number; readonly at: number } | undefined;
  readonly #options: BootedSimulationOptions;
  readonly #references: References;
  readonly #translated: TranslatedReferences;
  readonly #instructions: Instructions;
  readonly #kernelInstructions: KernelInstructions;
  readonly #modes: Modes;
  readonly #interrupts: Interrupts;
  readonly #agent: TransferAgent;

  constructor(options: BootedSimulationOptions) {
    const { description, stacks, guest, processors: count, placement, information, entries } = options;
    const privileged = description.privileged!;
    this.#options = options;
    const random = new Random(options.seed);
    const ranks = random.permutation(count);
    const { cyclesPerInstruction } = description.processor;
    this.runner = new Runner(stacks, guest, ranks, Math.log2(privileged.page));
    const { allocate } = this.runner;
    const writes = new LastWrites(allocate);
    // One more than processors: what moves data for devices.
    this.memory = createMemorySystem(description, count + 1, placement, writes, this.events, this, allocate);
    const memory = this.memory;
    this.runner.connect(writes, memory, cyclesPerInstruction, false);
    this.#agent = new TransferAgent(count, memory, guest, writes, this.events);
    const fail = (processor: BootedProcessor, why: string) => this.#failed(processor, why);
    const sleepers = new Sleepers(guest, description.processor, this.events, () => {});
    const schedule = (processor: { index: number; at: number }) => this.runner.schedule(processor.index, processor.at);
    this.#references = new References({ description, memory, guest, writes, sleepers, schedule, written: () => {} });
    this.processors = ranks.map((rank, index) => {
      const translation = new Translation(privileged, stacks, index, guest.size, random);
      const record = this.runner.recordOf(index);
      return new BootedProcessor(index, rank, memory.line, record, translation, stacks.createInstance(0));
    });
    const goOn = (processor: BootedProcessor) => this.#goOn(processor);
    const due = (processor: BootedProcessor, from: number) => this.#due(processor, from);
    const withdraw = (processor: BootedProcessor) => this.runner.withdraw(processor.index);
    this.#modes = new Modes({
      description: privileged,
      stacks,
      entries,
      information,
      goOn,
      due,
      withdraw,
      started: (processor) => this.#started(processor),
      abandons: (processor, called) => {
        const cause = faultOf(processor.frames, called, (trap) => stacks.trapText(trap));
        if (cause === undefined) return;
        options.onFault({ processor: processor.index, at: processor.at, cause, place: this.placeOf(processor) });
      },
      fail,
    });
    this.#interrupts = new Interrupts(this.events, this.processors, memory.notice, (processor, now) =>
      this.#arrived(processor, now),
    );
    const devices = options.createDevices({
      transfers: this.#agent,
      schedule: (time, run) => this.events.call(time, count, run),
      stop: (status, at) => {
        this.ended = { status, at };
      },
    });
    this.requests = new Requests(devices, this.#interrupts);
    const contexts = new Contexts(stacks, options.images, this.processors);
    this.#kernelInstructions = new KernelInstructions({
      description: privileged,
      stacks,
      contexts,
      modes: this.#modes,
      interrupts: this.#interrupts,
      processors: count,
      memory: guest.size,
      requests: this.requests,
    });
    this.#translated = new TranslatedReferences({
      description: privileged,
      runner: this.runner,
      events: this.events,
      memory,
      guest,
      writes,
      references: this.#references,
      miss: (...missed) => this.#kernelInstructions.miss(...missed),
      goOn,
      again: (processor) => this.#due(processor, processor.at),
      fail,
    });
    this.#instructions = new Instructions({
      machine: description.name,
      processors: count,
      events: this.events,
      messages: undefined,
      counter: (processor, kind) => countedAs(kind, processor, memory.counts()),
      networkReferences: memory.networkReferences,
      onMark: options.onMark,
      eventName: options.eventName,
      fail: (processor, reason) => fail(this.processors[processor.index]!, `fail(${options.failureName(reason)})`),
    });
    for (const processor of this.processors) {
      const registers = stacks.registersOf(processor.index);
      registers.setUint32(REGISTER.processor, processor.index, true);
      registers.setUint32(REGISTER.processors, count, true);
      processor.at = random.below(STAGGER) * cyclesPerInstruction;
      contexts.open(processor);
      if (processor.index === 0 || entries.start === undefined) this.#modes.boot(processor);
    }
  }

  /** A processor has executed the kernel's start function: the next one does, from then on. */
  #started(processor: BootedProcessor): void {
    const next = this.processors[processor.index + 1];
    if (next === undefined) return;
    next.at = Math.max(next.at, processor.at);
    this.#modes.boot(next);
  }

  get physicalMemory(): WebAssembly.Memory {
    return this.#options.guest.memory;
  }

  get running(): boolean {
    return this.ended === undefined;
  }

  /** The time of the next event; Infinity if there is none. */
  get nextTime(): number {
    return Math.min(this.events.nextTime, this.runner.nextDue);
  }

  /** As Simulation's. */
  happen(most: number): void {
    const { cycles } = this.#options;
    for (let events = 0; events < most && this.ended === undefined; events++) {
      const time = this.events.nextTime;
      const due = this.runner.nextDue;
      if (Math.min(time, due) > cycles) return;
      if (due < time) {
        const ahead = Math.min(time + this.memory.notice, this.events.nextDisturbance);
        const came = this.runner.go(time, ahead, cycles, AT_ONCE);
        if (came === NOBODY) continue;
        const processor = this.processors[came >> 2]!;
        if (this.#execute(processor)) this.#goOn(processor);
      } else {
        const event = this.events.take();
        if (event === undefined) return;
        event.happen(time);
      }
    }
  }

  perform(index: number): void {
    const processor = this.processors[index];
    if (processor === undefined) this.#agent.perform();
    else if (processor.errand) processor.errand.perform();
    else this.#references.perform(processor, this.events.now);
  }

  resume(index: number, now: number): void {
    const processor = this.processors[index];
    if (processor === undefined) {
      this.#agent.resume(now);
    } else if (processor.errand) {
      const { goOn } = processor.errand;
      processor.errand = undefined;
      processor.stallCycles += now - processor.at;
      processor.at = now;
      processor.pending = false;
      goOn();
    } else if (this.#references.resume(processor, now)) {
      this.#goOn(processor);
    } else if (!processor.pending && processor.interruptible) {
      this.#modes.interrupt(processor, now);
    }
  }

  disturb(index: number, line: number): void {
    const processor = this.processors[index];
    if (processor !== undefined) this.#references.lose(processor, line);
  }

  /** Where a processor is, for people: its frames by image, function and line, the innermost first. */
  placeOf({ index, mode, frames, access, kind }: BootedProcessor): string {
    const { stacks, nameOf } = this.#options;
    const places: string[] = [];
    for (let at: Frames | undefined = frames; at !== undefined; at = at.below) {
      if (places.length === MOST_PLACES) {
        places.push(`${at.depth} more`);
        break;
      }
      const { segment, suspended } = at;
      const running = stacks.running(index) === segment;
      // What is about to look its page up has not stopped at an instruction.
      const fetches = running ? kind === STOP.fetch : (suspended?.fetches ?? true);
      const pc = fetches ? stacks.pcOf(segment, index) : running ? access.pc : suspended!.words[RECORD.pc / 4]!;
      const { function: name, file, line } = stacks.locationAt(segment, pc, index);
      places.push(`${name} of ${nameOf(segment.instance.image)}${file === undefined ? "" : ` (${file}:${line})`}`);
    }
    return `${mode === "idle" ? "idle " : ""}in ${places.join(", below it ")}`;
  }

  #failed(processor: BootedProcessor, why: string): Error {
    return new Error(
      `Cannot go on with ${this.#options.nameOf(0)}: processor ${processor.index} failed: ${why} ${this.placeOf(processor)}`,
    );
  }

  /** The processor executes up to its next stop, which is due then. */
  #goOn(processor: BootedProcessor): void {
    const from = processor.at;
    for (let stops = 1; this.runner.advance(processor.index) === STOP.fence && stops < AT_ONCE; stops++);
    this.#due(processor, from);
  }

  /** What the processor has stopped for is due at its time, unless an interrupt comes before that. */
  #due(processor: BootedProcessor, from: number): void {
    this.runner.schedule(processor.index, processor.at);
    if (processor.interruptible) this.#modes.interrupt(processor, from);
  }

  /** An interrupt is pending. */
  #arrived(processor: BootedProcessor, now: number): void {
    if (processor.mode === "idle") {
      processor.at = now;
      processor.change("kernel");
      this.#goOn(processor);
    } else if (!processor.pending && processor.interruptible) {
      this.#modes.interrupt(processor, now);
    }
  }

  /** What the processor stopped for takes place, at its time; whether it goes on. */
  #execute(processor: BootedProcessor): boolean {
    const { kind, user, access, virtual } = processor;
    const modes = this.#modes;
    switch (kind) {
      case STOP.load:
        return this.#translated.refer(processor, READ);
      case STOP.store:
        return this.#translated.refer(processor, WRITE);
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        return this.#translated.refer(processor, this.#references.ofReadModifyWrite(processor));
      case STOP.wait:
        if (!user) throw this.#failed(processor, "memory.atomic.wait in kernel mode");
        modes.trap(processor, "WAIT", access.size, [virtual, access.low, access.high, access.low2, access.high2]);
        return false;
      case STOP.notify:
        if (user) modes.trap(processor, "NOTIFY", access.low, [virtual]);
        else processor.low = processor.high = 0;
        return !user;
      case STOP.memorySize:
      case STOP.memoryGrow:
        return this.#resize(processor);
      case STOP.call:
        return this.#import(processor);
      case STOP.returned:
        modes.returned(processor);
        return false;
      case STOP.trap:
        if (!user) throw this.#failed(processor, this.#options.stacks.trapText(processor.trap));
        modes.trap(processor, "FAULT", FAULT.first + processor.trap, []);
        return false;
      case STOP.fetch:
        if (this.#translated.fetch(processor)) modes.fetched(processor);
        return false;
      case STOP.probe:
        return this.#translated.probe(processor);
      default:
        return true;
    }
  }

  #resize(processor: BootedProcessor): boolean {
    const { kind, user, access } = processor;
    if (user) {
      const grows = kind === STOP.memoryGrow;
      this.#modes.trap(processor, grows ? "GROW" : "SIZE", grows ? access.low : 0, []);
      return false;
    }
    processor.high = 0;
    // Physical memory does not grow.
    processor.low = kind === STOP.memoryGrow && access.low !== 0 ? -1 : this.#options.guest.size / PAGE;
    return true;
  }

  #import(processor: BootedProcessor): boolean {
    const { stacks } = this.#options;
    const code = stacks.codeOf(processor.frames.segment.instance.image);
    const { module, name } = code.module.imports[processor.imported]!;
    const words = stacks.argumentsOf(processor.index, processor.imported, processor.argumentsAt);
    if (processor.user) {
      if (this.#kernelInstructions.enter(processor, module, name, processor.imported, words)) return false;
    } else if (name in PRIVILEGED_INSTRUCTIONS) {
      return this.#privileged(processor, name as PrivilegedInstruction, words);
    } else if (name === "trap") {
      throw this.#failed(processor, "trap in kernel mode");
    }
    processor.instruction = stoppingInstruction(code.module, processor.imported);
    processor.first = (words[0] ?? 0) >>> 0;
    processor.second = (words[1] ?? 0) >>> 0;
    return this.#instructions.execute(processor, () => {});
  }

  #privileged(processor: BootedProcessor, name: PrivilegedInstruction, words: readonly number[]): boolean {
    try {
      return this.#kernelInstructions.execute(processor, name, words) === "goes on";
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.#failed(processor, `${name}(${words.map((word) => word >>> 0).join(", ")}) ${error.message},`);
    }
  }
}
