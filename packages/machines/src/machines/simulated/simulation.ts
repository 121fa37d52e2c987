import type { GuestMemory } from "../../processor/memory.js";
import type { Processors } from "../../processor/processors.js";
import { STOP } from "../../processor/stop.js";
import { stoppingInstruction } from "../../program/instructions.js";
import { PAGE } from "../../wasm/module.js";
import { Random } from "../random.js";
import { EventQueue } from "./events.js";
import { createMemorySystem } from "./memory/architecture.js";
import { countedAs } from "./memory/counts.js";
import { type MemorySystem, READ, type Requesters, WRITE } from "./memory/memory-system.js";
import { LastWrites } from "./memory/miss-history.js";
import { Messages } from "./network/messages.js";
import { type InstructionOptions, Instructions } from "./processors/instructions.js";
import { Parking } from "./processors/parking.js";
import { References } from "./processors/references.js";
import { NOBODY, Runner, TURN } from "./processors/runner.js";
import { SimulatedProcessor } from "./processors/simulated-processor.js";
import { Sleepers } from "./processors/sleepers.js";
import type { SimulationOptions } from "./simulation-options.js";

/** The most stops of one processor in a row, so that one alone can be interrupted. */
const AT_ONCE = 1000;

/** The instructions within which processors begin: those that begin together might stay in step. */
const STAGGER = 64;

/**
 * Processors that execute register code against a memory system, in simulated cycles. Each is in order and blocking: it
 * computes up to its next access of memory, which takes place as an event of its own, and goes on when that has ended.
 *
 * A processor that spins on lines which its cache holds is parked: taken out of the queue until one of them is lost or
 * written. Within a cycle, what happens to lines comes before what processors do (the events' keys), so that cycles and
 * counts are the same as if it had not been parked.
 */
export class Simulation implements Requesters {
  /** What happens to memory, links and messages. */
  readonly events = new EventQueue();
  /** Processors, of which it knows when the next access is due. */
  readonly runner: Runner;
  readonly processors: readonly SimulatedProcessor[];
  readonly memory: MemorySystem;
  /** Absent on machines without messages. */
  readonly messages: InstructionOptions["messages"];
  readonly #options: SimulationOptions;
  readonly #instructions: Instructions;
  readonly #references: References;
  /** Absent where nobody is parked. */
  readonly #parking: Parking | undefined;
  #running: number;
  // Of the options, what each reference asks for.
  readonly #contexts: Processors;
  readonly #guest: GuestMemory;
  readonly #cycles: number;

  constructor(options: SimulationOptions) {
    const { description, contexts, guest, all, participants, placement } = options;
    const { architecture } = description;
    this.#options = options;
    this.#contexts = contexts;
    this.#guest = guest;
    this.#cycles = options.cycles;
    this.#running = participants;
    const random = new Random(options.seed);
    const ranks = random.permutation(all);
    const { cyclesPerInstruction } = description.processor;
    this.runner = new Runner(contexts, guest, ranks);
    const { allocate } = this.runner;
    const writes = new LastWrites(allocate);
    const memory = createMemorySystem(description, all, placement, writes, this.events, this, allocate);
    this.memory = memory;
    const parks = options.parking && memory.line > 0;
    this.runner.connect(writes, memory, cyclesPerInstruction, parks);
    const sleepers = new Sleepers(guest, description.processor, this.events, (processor) => this.#goOn(processor));
    const schedule = (processor: SimulatedProcessor) => this.#schedule(processor);
    const written = (address: number, size: number, now: number) => this.#parking?.written(address, size, now);
    const references = new References({ description, memory, guest, writes, sleepers, schedule, written });
    this.#references = references;
    const advance = (processor: SimulatedProcessor) => void this.#advance(processor);
    this.#parking = parks ? new Parking({ runner: this.runner, memory, references, advance }) : undefined;
    if (architecture.kind === "cluster") {
      const network = new Messages(description.processor.maximum, architecture, this.events);
      this.messages = { network, ...architecture.messages };
    }
    this.#instructions = new Instructions({
      machine: description.name,
      processors: all,
      events: this.events,
      messages: this.messages,
      counter: (processor, kind) => countedAs(kind, processor, this.memory.counts()),
      networkReferences: this.memory.networkReferences,
      onMark: options.onMark,
      eventName: options.eventName,
      fail: (processor, reason) =>
        options.failed(processor.index, `fail(${options.failureName(reason)}) ${this.placeOf(processor.index)}`),
    });
    this.processors = ranks.map(
      (rank, index) => new SimulatedProcessor(index, rank, memory.line, this.runner.recordOf(index)),
    );
    for (const processor of this.processors) {
      processor.at = random.below(STAGGER) * cyclesPerInstruction;
      this.#goOn(processor);
    }
  }

  /** Whether a processor that the run waits for has not ended. */
  get running(): boolean {
    return this.#running > 0;
  }

  /** The time of the next event; Infinity if there is none. */
  get nextTime(): number {
    return Math.min(this.events.nextTime, this.runner.nextDue);
  }

  /**
   * Lets events happen, at most so many, until the participants have ended or the cycles are used up; within a cycle, what
   * happens to lines and messages before what processors do. What the runner does without a break is one event.
   */
  happen(most: number): void {
    for (let events = 0; events < most && this.#running > 0; events++) {
      const time = this.events.nextTime;
      const due = this.runner.nextDue;
      if (Math.min(time, due) > this.#cycles) return;
      if (due < time) {
        const ahead = Math.min(time + this.memory.notice, this.events.nextDisturbance);
        this.#act(this.runner.go(time, ahead, this.#cycles, AT_ONCE));
      } else {
        const event = this.events.take();
        if (event === undefined) return;
        event.happen(time);
      }
    }
  }

  /** What a processor does that the runner has come to. */
  #act(came: number): void {
    if (came === NOBODY) return;
    const processor = this.processors[came >> 2]!;
    const turn = came & 3;
    if (turn === TURN.stopped) {
      if (this.#settleStop(processor, processor.kind)) this.#schedule(processor);
    } else if (this.#execute(processor, turn === TURN.spins)) {
      this.#goOn(processor);
    }
  }

  perform(index: number): void {
    const { now } = this.events;
    this.#options.onReference?.(index, now);
    this.#references.perform(this.processors[index]!, now);
  }

  resume(index: number, now: number): void {
    const processor = this.processors[index]!;
    if (this.#references.resume(processor, now)) this.#goOn(processor);
  }

  disturb(index: number, line: number, now: number): void {
    const processor = this.processors[index]!;
    this.#references.lose(processor, line);
    if (processor.parked && processor.lines.includes(line)) this.#parking!.unpark(processor, now);
  }

  /** Where a processor is, for people: in which function, on which line. */
  placeOf(index: number): string {
    const { ended, access } = this.processors[index]!;
    if (ended !== undefined) return `ends at cycle ${ended}`;
    const { function: name, file, line } = this.#contexts.locationAt(index, access.pc);
    return `in ${name}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Brings all processors to where they are at a time, so that memory may be changed, or looked at, from outside. */
  settle(now: number): void {
    for (const processor of this.processors) if (processor.parked) this.#parking!.unpark(processor, now);
  }

  #schedule(processor: SimulatedProcessor): void {
    this.runner.schedule(processor.index, processor.at);
  }

  /** The processor computes up to its next access, which is due then. */
  #goOn(processor: SimulatedProcessor): void {
    if (this.#advance(processor)) this.#schedule(processor);
  }

  /** The processor computes; whether it comes to something that must wait for its turn. */
  #advance(processor: SimulatedProcessor): boolean {
    return this.#settleStop(processor, this.runner.advance(processor.index));
  }

  /** The processor has stopped, and goes on as long as it need not wait for its turn; whether it must. */
  #settleStop(processor: SimulatedProcessor, first: number): boolean {
    const contexts = this.#contexts;
    let kind = first;
    for (let stops = 1; ; stops++) {
      if (kind === STOP.call) {
        processor.resetSpin();
        processor.instruction = stoppingInstruction(contexts.code.module, contexts.stop.import);
        const [first = 0, second = 0] = contexts.arguments(processor.index);
        processor.first = Number(first) >>> 0;
        processor.second = Number(second) >>> 0;
        if (!this.#instructions.executeAtOnce(processor)) return true;
      } else if (kind === STOP.returned) {
        processor.ended = processor.at;
        if (processor.index < this.#options.participants) this.#running--;
        return false;
      } else if (kind === STOP.trap) {
        throw this.#options.failed(processor.index, contexts.trapMessage(processor.index));
      } else if (kind !== STOP.fence) {
        return true;
      }
      if (stops === AT_ONCE) break;
      kind = this.runner.advance(processor.index);
    }
    // Others get their turn before it goes on, for it may do such things for ever.
    processor.kind = STOP.budget;
    return true;
  }

  /** The processor's due access or instruction takes place, at `processor.at`; whether it is over. */
  #execute(processor: SimulatedProcessor, spins: boolean): boolean {
    const { kind } = processor;
    switch (kind) {
      case STOP.load:
        if (this.#parking?.parks(processor, spins)) return false;
        return this.#references.refer(processor, READ);
      case STOP.store:
        processor.resetSpin();
        return this.#references.refer(processor, WRITE);
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        processor.resetSpin();
        return this.#references.refer(processor, this.#references.ofReadModifyWrite(processor));
      case STOP.wait:
      case STOP.notify:
        processor.resetSpin();
        return this.#references.refer(processor, READ);
      case STOP.memorySize:
      case STOP.memoryGrow:
        this.#resize(processor);
        return true;
      case STOP.call:
        return this.#instructions.execute(processor, () => this.#goOn(processor));
      default:
        return true;
    }
  }

  /** memory.size and memory.grow. */
  #resize(processor: SimulatedProcessor): void {
    const guest = this.#guest;
    // The size is no line that a processor could be woken by.
    processor.resetSpin();
    processor.high = 0;
    const pages = processor.access.low;
    processor.low = processor.kind === STOP.memoryGrow ? guest.grow(pages >>> 0) : guest.size / PAGE;
    this.#contexts.setMemoryBytes(guest.size);
  }
}
