import type { GuestMemory } from "../../processor/memory.js";
import type { Processors } from "../../processor/processors.js";
import { STOP } from "../../processor/stop.js";
import { stoppingInstruction } from "../../program/instructions.js";
import { Random } from "../random.js";
import { EventQueue } from "./events.js";
import { createMemorySystem } from "./memory/architecture.js";
import {
  type MemorySystem,
  PENDING,
  READ,
  READ_MODIFY_WRITE,
  type Reference,
  type Requesters,
  WRITE,
} from "./memory/memory-system.js";
import { LastWrites } from "./memory/miss-history.js";
import { Messages } from "./network/messages.js";
import { type InstructionOptions, Instructions } from "./processors/instructions.js";
import { LackingInstructions } from "./processors/lacking-instructions.js";
import { LoadLinked } from "./processors/load-linked.js";
import { NOBODY, Runner, TURN } from "./processors/runner.js";
import { SimulatedProcessor } from "./processors/simulated-processor.js";
import { Sleepers } from "./processors/sleepers.js";
import { Watchers } from "./processors/watchers.js";
import type { SimulationOptions } from "./simulation-options.js";

/** Bytes. */
const PAGE = 65536;

/** The most stops of one processor in a row, so that one alone can be interrupted. */
const AT_ONCE = 1000;

/** The instructions within which processors begin: those that begin together might stay in step. */
const STAGGER = 64;

/**
 * Processors that execute register code against a memory system, in simulated cycles. Each is in order and blocking: it
 * computes up to its next access of memory, which takes place as an event of its own, and goes on when that has ended.
 *
 * A processor that spins on lines which its cache holds is parked: taken out of the queue until one of them is lost or
 * written. Then it is brought to where it would be, by whole turns of its loop and the loads of the last one that come
 * before that moment. Within a cycle, what happens to lines comes before what processors do (the events' keys), so that
 * cycles and counts are the same as if it had not been parked.
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
  readonly #writes: LastWrites;
  readonly #instructions: Instructions;
  readonly #lacking: LackingInstructions;
  readonly #watchers = new Watchers();
  readonly #sleepers: Sleepers;
  /** Absent where read-modify-writes are executed as one. */
  readonly #linked: LoadLinked | undefined;
  #running: number;
  // Of the options, what each reference asks for.
  readonly #contexts: Processors;
  readonly #guest: GuestMemory;
  readonly #cycles: number;
  readonly #line: number;
  readonly #parking: boolean;

  constructor(options: SimulationOptions) {
    const { description, contexts, guest, all, participants, placement } = options;
    const { architecture } = description;
    this.#options = options;
    this.#contexts = contexts;
    this.#guest = guest;
    this.#cycles = options.cycles;
    this.#running = participants;
    this.#sleepers = new Sleepers(guest, description.processor, this.events, (processor) => this.#goOn(processor));
    const random = new Random(options.seed);
    const ranks = random.permutation(all);
    const { cyclesPerInstruction } = description.processor;
    this.runner = new Runner(contexts, guest, ranks);
    const { allocate } = this.runner;
    this.#writes = new LastWrites(allocate);
    const memory = createMemorySystem(description, all, placement, this.#writes, this.events, this, allocate);
    this.memory = memory;
    this.#line = memory.line;
    this.#parking = options.parking && memory.line > 0;
    this.runner.connect(this.#writes, memory, cyclesPerInstruction, this.#parking);
    this.#lacking = new LackingInstructions(description);
    this.#linked = description.readModifyWrite.linked && new LoadLinked(guest, memory.line);
    if (architecture.kind === "cluster") {
      const network = new Messages(description.processor.maximum, architecture, this.events);
      this.messages = { network, ...architecture.messages };
    }
    this.#instructions = new Instructions({
      machine: description.name,
      processors: all,
      events: this.events,
      messages: this.messages,
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
    const processor = this.processors[index]!;
    this.#options.onReference?.(index, this.events.now);
    if (processor.lastLine === 0 || processor.halfWay) this.#takeEffect(processor, this.events.now);
  }

  resume(index: number, now: number): void {
    const processor = this.processors[index]!;
    processor.stallCycles += now - processor.at;
    processor.at = now;
    processor.pending = false;
    if (processor.lastLine > 0 && !processor.halfWay) {
      processor.halfWay = true;
      this.#schedule(processor);
      return;
    }
    this.#linked?.returned(processor);
    if (this.#end(processor) && !processor.asleep) this.#goOn(processor);
  }

  disturb(index: number, line: number, now: number): void {
    const processor = this.processors[index]!;
    this.#linked?.lost(processor, line);
    if (processor.parked && processor.lines.includes(line)) this.#unpark(processor, now);
  }

  /** Where a processor is, for people: in which function, on which line. */
  placeOf(index: number): string {
    const contexts = this.#contexts;
    const { ended } = this.processors[index]!;
    const location = contexts.locationOf(index);
    if (ended !== undefined || location === undefined) return `ends at cycle ${ended}`;
    const { function: name, file, line } = location;
    return `in ${name}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Brings all processors to where they are at a time, so that memory may be changed, or looked at, from outside. */
  settle(now: number): void {
    for (const processor of this.processors) if (processor.parked) this.#unpark(processor, now);
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
        if (this.#parks(processor, spins)) return false;
        return this.#refer(processor, READ);
      case STOP.store:
        processor.resetSpin();
        return this.#refer(processor, WRITE);
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        processor.resetSpin();
        return this.#refer(processor, this.#linked?.next(processor) ?? READ_MODIFY_WRITE);
      case STOP.wait:
      case STOP.notify:
        processor.resetSpin();
        return this.#refer(processor, READ);
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

  #refer(processor: SimulatedProcessor, kind: Reference): boolean {
    const { access, index } = processor;
    if (processor.lastLine > 0 && !processor.halfWay) return this.#referFirstHalf(processor, kind);
    const from = Math.max(access.address, processor.lastLine);
    const bytes = access.address + access.size - from;
    const cycles = this.memory.reference(index, kind, from, bytes, processor.at);
    if (cycles === PENDING) {
      processor.pending = true;
      processor.resetSpin();
      return false;
    }
    this.#takeEffect(processor, processor.at);
    processor.at += cycles;
    return this.#end(processor) && !processor.asleep;
  }

  /** Of an access that lies in two lines: it takes effect with the second reference. */
  #referFirstHalf(processor: SimulatedProcessor, kind: Reference): false {
    const { access, index, lastLine } = processor;
    const cycles = this.memory.reference(index, kind, access.address, lastLine - access.address, processor.at);
    if (cycles === PENDING) {
      processor.pending = true;
    } else {
      processor.halfWay = true;
      processor.at += cycles;
      this.#schedule(processor);
    }
    return false;
  }

  /** The reference is over; whether the access is, too. */
  #end(processor: SimulatedProcessor): boolean {
    const { kind } = processor;
    processor.halfWay = false;
    if (kind === STOP.load || kind === STOP.store) return true;
    const { overhead } = this.#options.description.readModifyWrite;
    if (processor.again) {
      processor.again = false;
      // Between load-linked and store-conditional; where that failed, it begins again at once.
      if (processor.conditional) processor.at += overhead;
      this.#schedule(processor);
      return false;
    }
    if (!this.#linked && (kind === STOP.readModifyWrite || kind === STOP.compareExchange)) processor.at += overhead;
    return true;
  }

  /** The access reads or writes memory. */
  #takeEffect(processor: SimulatedProcessor, now: number): void {
    const { kind, access } = processor;
    const guest = this.#guest;
    if (kind === STOP.load) {
      guest.load(access.address, access.size);
    } else if (kind === STOP.wait) {
      this.#sleepers.wait(processor, now);
      return;
    } else if (kind === STOP.notify) {
      this.#sleepers.notify(processor, now);
      return;
    } else {
      if (kind !== STOP.store) {
        this.#lacking.refuse(processor);
        if (this.#linked?.stores(processor) === false) return;
      }
      if (this.#watchers.any) {
        const watchers = this.#watchers.of(access.address, access.size, this.#line);
        for (const watcher of watchers) this.#unpark(watcher, now);
      }
      this.#writes.write(access.address, access.size);
      guest.perform(kind, access);
    }
    processor.low = guest.low;
    processor.high = guest.high;
  }

  /** Whether the processor, about to load, spins on lines that its cache holds: then it is parked. */
  #parks(processor: SimulatedProcessor, spins: boolean): boolean {
    const { index } = processor;
    if (!this.#parking) return false;
    if (processor.lastLine > 0) {
      processor.resetSpin();
      return false;
    }
    if (!spins && !this.runner.spins(index)) return false;
    if (!processor.lines.every((line) => this.memory.hits(index, READ, line))) return false;
    processor.parked = true;
    this.#watchers.add(processor);
    return true;
  }

  #unpark(processor: SimulatedProcessor, now: number): void {
    processor.parked = false;
    this.#watchers.remove(processor);
    const turns = Math.max(0, Math.floor((now - 1 - processor.at) / processor.period));
    processor.at += turns * processor.period;
    processor.instructions += turns * processor.turnInstructions;
    this.memory.countHits(processor.index, turns * processor.turnLoads);
    processor.resetSpin();
    while (processor.at < now) {
      // A turn that computes for long has stops for that, too.
      if (processor.kind === STOP.load) this.#refer(processor, READ);
      this.#advance(processor);
    }
    this.#schedule(processor);
  }
}
