import type { GuestMemory } from "../../processor/memory.js";
import type { Processors } from "../../processor/processors.js";
import { STOP } from "../../processor/stop.js";
import { createMemorySystem } from "./architecture.js";
import { EventQueue } from "./events.js";
import { type InstructionOptions, Instructions } from "./instructions.js";
import { LackingInstructions } from "./lacking-instructions.js";
import { LoadLinked } from "./load-linked.js";
import {
  type MemorySystem,
  PENDING,
  READ,
  READ_MODIFY_WRITE,
  type Reference,
  type Requesters,
  WRITE,
} from "./memory-system.js";
import { Messages } from "./messages.js";
import { LastWrites } from "./miss-history.js";
import { Random } from "./random.js";
import type { Setup } from "./setup.js";
import { SimulatedProcessor } from "./simulated-processor.js";
import { Sleepers } from "./sleepers.js";
import { SpinDetector } from "./spin.js";
import { Watchers } from "./watchers.js";

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
  /** Processors whose next access is due. */
  readonly #due = new EventQueue();
  readonly processors: readonly SimulatedProcessor[];
  readonly memory: MemorySystem;
  /** Absent on machines without messages. */
  readonly messages: InstructionOptions["messages"];
  readonly #setup: Setup;
  readonly #writes = new LastWrites();
  readonly #instructions: Instructions;
  readonly #lacking: LackingInstructions;
  readonly #watchers = new Watchers();
  readonly #sleepers: Sleepers;
  /** Absent where read-modify-writes are executed as one. */
  readonly #linked: LoadLinked | undefined;
  #running: number;
  // Of the setup, what each reference asks for.
  readonly #contexts: Processors;
  readonly #guest: GuestMemory;
  readonly #cycles: number;
  readonly #cyclesPerInstruction: number;
  readonly #line: number;
  readonly #parking: boolean;

  constructor(setup: Setup) {
    const { description, contexts, guest, all, participants, placement } = setup;
    const { architecture } = description;
    this.#setup = setup;
    this.#contexts = contexts;
    this.#guest = guest;
    this.#cycles = setup.cycles;
    this.#cyclesPerInstruction = description.processor.cyclesPerInstruction;
    this.#running = participants;
    this.#sleepers = new Sleepers(guest, description.processor, this.events, (processor) => this.#goOn(processor));
    const memory = createMemorySystem(description, all, placement, this.#writes, this.events, this);
    this.memory = memory;
    this.#line = memory.line;
    this.#parking = setup.parking && memory.line > 0;
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
      onMark: setup.onMark,
      fail: (processor, reason) =>
        setup.failed(processor.index, `fail(${setup.failureName(reason)}) ${this.placeOf(processor.index)}`),
    });
    const random = new Random(setup.seed);
    this.processors = random.permutation(all).map((rank, index) => {
      const spin = new SpinDetector(contexts, index, this.memory.line, this.#writes);
      return new SimulatedProcessor(index, rank, spin, (processor) => this.#act(processor));
    });
    for (const processor of this.processors) {
      processor.at = random.below(STAGGER) * description.processor.cyclesPerInstruction;
      this.#goOn(processor);
    }
  }

  /** Whether a processor that the run waits for has not ended. */
  get running(): boolean {
    return this.#running > 0;
  }

  /** The time of the next event; Infinity if there is none. */
  get nextTime(): number {
    return Math.min(this.events.nextTime, this.#due.nextTime);
  }

  /**
   * Lets events happen, at most so many, until the participants have ended or the cycles are used up; within a cycle, what
   * happens to lines and messages before what processors do.
   */
  happen(most: number): void {
    for (let events = 0; events < most && this.#running > 0 && this.nextTime <= this.#cycles; events++) {
      const event = this.events.nextTime <= this.#due.nextTime ? this.events.take() : this.#due.take();
      if (event === undefined) return;
      event.happen(event.time);
    }
  }

  /** What a processor does when its access is due. */
  #act(processor: SimulatedProcessor): void {
    for (let accesses = 0; accesses < AT_ONCE; accesses++) {
      if (accesses > 0 && !this.#keepsGoing(processor)) break;
      if (!this.#execute(processor)) return;
      if (!this.#advance(processor)) return;
    }
    this.#due.schedule(processor.due, processor.at);
  }

  /** Whether nobody else comes first, or it may go ahead of them. A computation without an end has its turn each time. */
  #keepsGoing(processor: SimulatedProcessor): boolean {
    const { at, access } = processor;
    if (at > this.#cycles || access.kind === STOP.budget) return false;
    return at < this.nextTime || this.#mayGoAhead(processor);
  }

  /** Whether its access hits, and comes before anything that others' accesses, due or under way, could do to its cache. */
  #mayGoAhead({ at, access, lastLine, index }: SimulatedProcessor): boolean {
    const { lookahead, notice } = this.memory;
    if (at >= this.#due.nextTime + lookahead || at >= this.events.nextTime + notice) return false;
    if (at >= this.events.nextDisturbance || lastLine > 0) return false;
    if (access.kind > STOP.store) return false;
    return this.memory.hits(index, access.kind === STOP.load ? READ : WRITE, access.address);
  }

  perform(index: number): void {
    const processor = this.processors[index]!;
    this.#setup.onReference?.(index, this.events.now);
    if (processor.lastLine === 0 || processor.halfWay) this.#takeEffect(processor, this.events.now);
  }

  resume(index: number, now: number): void {
    const processor = this.processors[index]!;
    processor.stallCycles += now - processor.at;
    processor.at = now;
    processor.pending = false;
    if (processor.lastLine > 0 && !processor.halfWay) {
      processor.halfWay = true;
      this.#due.schedule(processor.due, now);
      return;
    }
    this.#linked?.returned(processor);
    if (this.#end(processor) && !processor.asleep) this.#goOn(processor);
  }

  disturb(index: number, line: number, now: number): void {
    const processor = this.processors[index]!;
    this.#linked?.lost(processor, line);
    if (processor.parked && processor.spin.lines.includes(line)) this.#unpark(processor, now);
  }

  /** Where a processor is, for people: in which function, on which line. */
  placeOf(index: number): string {
    const contexts = this.#contexts;
    const { ended } = this.processors[index]!;
    const [pc] = contexts.where(index);
    if (ended !== undefined || pc === undefined) return `ends at cycle ${ended}`;
    const { function: name, file, line } = contexts.code.locations.at(pc);
    return `in ${name}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Brings all processors to where they are at a time, so that memory may be changed, or looked at, from outside. */
  settle(now: number): void {
    for (const processor of this.processors) if (processor.parked) this.#unpark(processor, now);
  }

  /** The processor computes up to its next access, whose event is scheduled. */
  #goOn(processor: SimulatedProcessor): void {
    if (this.#advance(processor)) this.#due.schedule(processor.due, processor.at);
  }

  /** The processor computes; whether it comes to something that must wait for its turn. */
  #advance(processor: SimulatedProcessor): boolean {
    const contexts = this.#contexts;
    const { stop } = contexts;
    for (let stops = 0; stops < AT_ONCE; stops++) {
      const kind = contexts.run(processor.index, processor.low, processor.high);
      const { instructions } = stop;
      processor.instructions += instructions;
      processor.at += instructions * this.#cyclesPerInstruction + stop.delay;
      processor.take(kind, stop, this.#line);
      if (kind === STOP.call) {
        processor.spin.reset();
        processor.instruction = this.#setup.instructions[stop.import]!;
        const [first = 0, second = 0] = contexts.arguments();
        processor.first = Number(first) >>> 0;
        processor.second = Number(second) >>> 0;
        if (!this.#instructions.executeAtOnce(processor)) return true;
      } else if (kind === STOP.returned) {
        processor.ended = processor.at;
        if (processor.index < this.#setup.participants) this.#running--;
        return false;
      } else if (kind === STOP.trap) {
        throw this.#setup.failed(processor.index, contexts.trapMessage());
      } else if (kind !== STOP.fence) {
        return true;
      }
    }
    // Others get their turn before it goes on, for it may do such things for ever.
    processor.access.kind = STOP.budget;
    return true;
  }

  /** The processor's due access or instruction takes place, at `processor.at`; whether it is over. */
  #execute(processor: SimulatedProcessor): boolean {
    const { kind } = processor.access;
    switch (kind) {
      case STOP.load:
        if (this.#spins(processor)) return false;
        return this.#refer(processor, READ);
      case STOP.store:
        processor.spin.reset();
        return this.#refer(processor, WRITE);
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        processor.spin.reset();
        return this.#refer(processor, this.#linked?.next(processor) ?? READ_MODIFY_WRITE);
      case STOP.wait:
      case STOP.notify:
        processor.spin.reset();
        return this.#refer(processor, READ);
      case STOP.memorySize:
      case STOP.memoryGrow:
        this.#resize(processor);
        return true;
      case STOP.call:
        return this.#passMessage(processor);
      default:
        return true;
    }
  }

  #passMessage(processor: SimulatedProcessor): boolean {
    if (processor.instruction === "receive") {
      return this.#instructions.receive(processor, () => this.#goOn(processor));
    }
    this.#instructions.send(processor);
    return true;
  }

  /** memory.size and memory.grow. */
  #resize(processor: SimulatedProcessor): void {
    const guest = this.#guest;
    // The size is no line that a processor could be woken by.
    processor.spin.reset();
    processor.high = 0;
    const { kind, low: pages } = processor.access;
    processor.low = kind === STOP.memoryGrow ? guest.grow(pages >>> 0) : guest.size / PAGE;
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
      processor.spin.reset();
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
      this.#due.schedule(processor.due, processor.at);
    }
    return false;
  }

  /** The reference is over; whether the access is, too. */
  #end(processor: SimulatedProcessor): boolean {
    const { kind } = processor.access;
    processor.halfWay = false;
    if (kind === STOP.load || kind === STOP.store) return true;
    const { overhead } = this.#setup.description.readModifyWrite;
    if (processor.again) {
      processor.again = false;
      // Between load-linked and store-conditional; where that failed, it begins again at once.
      if (processor.conditional) processor.at += overhead;
      this.#due.schedule(processor.due, processor.at);
      return false;
    }
    if (!this.#linked && (kind === STOP.readModifyWrite || kind === STOP.compareExchange)) processor.at += overhead;
    return true;
  }

  /** The access reads or writes memory. */
  #takeEffect(processor: SimulatedProcessor, now: number): void {
    const { access } = processor;
    const guest = this.#guest;
    if (access.kind === STOP.load) {
      guest.load(access.address, access.size);
    } else if (access.kind === STOP.wait) {
      this.#sleepers.wait(processor, now);
      return;
    } else if (access.kind === STOP.notify) {
      this.#sleepers.notify(processor, now);
      return;
    } else {
      if (access.kind !== STOP.store) {
        this.#lacking.refuse(access);
        if (this.#linked?.stores(processor) === false) return;
      }
      if (this.#watchers.any) {
        const watchers = this.#watchers.of(access.address, access.size, this.#line);
        for (const watcher of watchers) this.#unpark(watcher, now);
      }
      this.#writes.write(access.address, access.size);
      guest.perform(access.kind, access);
    }
    processor.low = guest.low;
    processor.high = guest.high;
  }

  #spins(processor: SimulatedProcessor): boolean {
    const { access, spin } = processor;
    if (!this.#parking) return false;
    if (processor.lastLine > 0) {
      spin.reset();
      return false;
    }
    if (!spin.spins(access.pc, access.address, processor.at, processor.instructions)) return false;
    if (!spin.lines.every((line) => this.memory.hits(processor.index, READ, line))) return false;
    processor.parked = true;
    this.#watchers.add(processor);
    return true;
  }

  #unpark(processor: SimulatedProcessor, now: number): void {
    const { spin } = processor;
    processor.parked = false;
    this.#watchers.remove(processor);
    const turns = Math.max(0, Math.floor((now - 1 - processor.at) / spin.period));
    processor.at += turns * spin.period;
    processor.instructions += turns * spin.turnInstructions;
    this.memory.countHits(processor.index, turns * spin.turnLoads);
    spin.reset();
    while (processor.at < now) {
      // A turn that computes for long has stops for that, too.
      if (processor.access.kind === STOP.load) this.#refer(processor, READ);
      this.#advance(processor);
    }
    this.#due.schedule(processor.due, processor.at);
  }
}
