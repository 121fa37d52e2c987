import { REGISTER, type Stacks } from "../../../processor/stacks.js";
import {
  ACCESS_OF_PAGE,
  COMMAND,
  FAULT,
  FOREIGN_CALL,
  INTERRUPT,
  isOfWords,
  MOST_ARGUMENTS,
  PRIVILEGED_INSTRUCTIONS,
  type PrivilegedInstruction,
  TRAP_WORDS,
} from "../../../program/privileged.js";
import type { PrivilegedDescription } from "../../presets/description.js";
import type { BootedProcessor } from "./booted-processor.js";
import type { Contexts } from "./contexts.js";
import type { Requests } from "./devices/requests.js";
import type { Interrupts } from "./interrupts.js";
import type { Modes } from "./modes.js";

const NUMBERS = Object.keys(PRIVILEGED_INSTRUCTIONS) as PrivilegedInstruction[];
/** Of an entry: an index of table 0. */
const IN_TABLE = 2 ** 31;

/** What goes on after an instruction: the processor, with its result; or it waits, or another segment is on top. */
export type Next = "goes on" | "elsewhere";

export interface KernelInstructionsOptions {
  readonly description: PrivilegedDescription;
  readonly stacks: Stacks;
  readonly contexts: Contexts;
  readonly modes: Modes;
  readonly interrupts: Interrupts;
  readonly processors: number;
  /** Bytes of physical memory. */
  readonly memory: number;
  readonly requests: Requests;
}

type Answer = (processor: BootedProcessor, words: readonly number[]) => Next | undefined;

/** The privileged instructions, in kernel mode and in user mode. Errors that they throw are for the kernel's programmer. */
export class KernelInstructions {
  readonly #options: KernelInstructionsOptions;
  readonly #answers: Readonly<Record<PrivilegedInstruction, Answer>>;

  constructor(options: KernelInstructionsOptions) {
    this.#options = options;
    const { description, contexts, modes, interrupts, requests } = options;
    const result = (processor: BootedProcessor, value: number) => {
      processor.low = value;
      return undefined;
    };
    this.#answers = {
      argument: (processor, [index]) => {
        if (index! >>> 0 >= TRAP_WORDS) {
          throw new RangeError(`received word ${index! >>> 0}; expected 0 to ${TRAP_WORDS - 1}`);
        }
        // A program chooses the number of its system call, and no number may stop a kernel.
        return result(processor, processor.trapWords[index!] ?? 0);
      },
      create_instance: (processor, [image, original]) => result(processor, contexts.createInstance(image!, original!)),
      set_global: (_, [instance, global, value]) => void contexts.setGlobal(instance!, global! >>> 0, value!),
      replace_instance: (processor, [from, to]) => void contexts.replaceInstance(processor, from!, to!),
      create_context: (processor, [entry, argument]) => {
        const function_ = this.#functionOf(processor.instance, entry!, 1);
        return result(processor, contexts.create(processor, function_, argument!));
      },
      copy_context: (processor) => result(processor, contexts.copy(processor)),
      context: (processor) => result(processor, processor.context),
      release: (_, [number]) => void contexts.release(number!),
      switch_to: (processor, [context]) => this.#switchTo(processor, context!),
      call: (processor, [number, entry, ...words]) => {
        const instance = contexts.instance(number!);
        const function_ = this.#functionOf(instance, entry!);
        const { parameters } = options.stacks.codeOf(instance.image).module.functions[function_]!;
        modes.call(processor, instance, function_, words.slice(0, parameters.length));
        return "elsewhere";
      },
      abandon: (processor, [value]) => {
        modes.abandon(processor, value!);
        return "elsewhere";
      },
      set_space: (processor, [space, root]) => {
        this.#spaceOf(space!);
        processor.translation.setSpace(space!, root! >>> 0);
        processor.at += description.setSpace;
        return undefined;
      },
      set_processor: (processor, [number, count]) => {
        if (number! < 0 || number! >= count!)
          throw new RangeError(`received ${number} of ${count}; expected 0 or more, of more`);
        const registers = options.stacks.registersOf(processor.index);
        registers.setInt32(REGISTER.userProcessor, number!, true);
        registers.setInt32(REGISTER.userProcessors, count!, true);
        return undefined;
      },
      write_translation: (processor, [space, page, entry]) => {
        if (description.reload !== "software" && entry !== 0) {
          throw new RangeError("received an entry; expected 0, because this machine reads entries from memory");
        }
        this.#spaceOf(space!);
        this.#refuseOutside(entry! >>> 0);
        processor.translation.write(space!, page! >>> 0, entry! >>> 0);
        processor.at += description.translation.write;
        return undefined;
      },
      drop_translations: (processor, [space]) => {
        this.#spaceOf(space!);
        processor.translation.dropSpace(space!);
        processor.at += description.translation.drop;
        return undefined;
      },
      enable_interrupts: (processor, [on]) => {
        const was = processor.interrupts;
        processor.interrupts = on !== 0;
        return result(processor, Number(was));
      },
      idle: (processor) => {
        if (processor.interrupted) return undefined;
        processor.change("idle");
        return "elsewhere";
      },
      interrupt: (processor, [to, number]) => {
        if (to! >>> 0 >= options.processors) {
          throw new RangeError(`received processor ${to! >>> 0}; expected 0 to ${options.processors - 1}`);
        }
        if (number! < INTERRUPT.first || number! > INTERRUPT.last) {
          throw new RangeError(`received number ${number}; expected ${INTERRUPT.first} to ${INTERRUPT.last}`);
        }
        processor.at += description.interrupt.send;
        interrupts.send(processor.at, description.interrupt.way, to!, number!);
        return undefined;
      },
      set_timer: (processor, [cycles]) => void interrupts.setTimer(processor, cycles! >>> 0),
      io: (processor, [device, command, a, b]) => {
        if (command !== COMMAND.read && command !== COMMAND.write) {
          throw new RangeError(
            `received command ${command}; expected ${COMMAND.read} to read, ${COMMAND.write} to write`,
          );
        }
        return result(processor, requests.start(processor, device! >>> 0, command, a! >>> 0, b! >>> 0));
      },
    };
  }

  /** Executes a privileged instruction in kernel mode. */
  execute(processor: BootedProcessor, name: PrivilegedInstruction, words: readonly number[]): Next {
    processor.low = 0;
    processor.high = 0;
    return this.#answers[name](processor, words) ?? "goes on";
  }

  /** A program's import that enters the kernel; false for one that the machine executes in both modes. */
  enter(processor: BootedProcessor, module: string, name: string, imported: number, words: readonly number[]): boolean {
    const { modes } = this.#options;
    if (module !== "machine") {
      modes.trap(processor, "SYSTEM_CALL", FOREIGN_CALL + imported, words);
    } else if (name === "trap") {
      modes.trap(processor, "SYSTEM_CALL", words[0]!, words.slice(1));
    } else if (name === "fail") {
      modes.trap(processor, "FAULT", FAULT.failed, words);
    } else if (name === "send" || name === "receive") {
      modes.trap(processor, "FAULT", FAULT.message, words);
    } else if (name in PRIVILEGED_INSTRUCTIONS) {
      modes.trap(processor, "PRIVILEGED", NUMBERS.indexOf(name as PrivilegedInstruction), words);
    } else {
      return false;
    }
    return true;
  }

  /** The kernel is entered because a page has no translation that allows a reference. */
  miss(
    processor: BootedProcessor,
    page: number,
    access: keyof typeof ACCESS_OF_PAGE,
    readOnly: boolean,
    address: number,
  ): void {
    this.#options.modes.trap(processor, readOnly ? "READ_ONLY" : "TRANSLATION_MISS", page, [
      ACCESS_OF_PAGE[access],
      address,
    ]);
  }

  #switchTo(processor: BootedProcessor, context: number): Next {
    const { contexts, description, modes } = this.#options;
    if (context === processor.context) return "goes on";
    contexts.switchTo(processor, context);
    processor.contextSwitches++;
    processor.at += description.context.keep + description.context.load;
    modes.goOnWith(processor);
    return "elsewhere";
  }

  #spaceOf(space: number): void {
    const { spaces } = this.#options.description;
    if (space >>> 0 < spaces) return;
    throw new RangeError(`received space ${space >>> 0}; expected ${spaces === 1 ? "0" : `0 to ${spaces - 1}`}`);
  }

  #refuseOutside(entry: number): void {
    const { memory, description } = this.#options;
    const frame = entry - (entry % description.page);
    if (frame + description.page <= memory) return;
    throw new RangeError(`received the frame at ${frame}; expected one in the memory's ${memory} bytes`);
  }

  /** The function that an entry names, whose parameters and results a kernel can give and take. */
  #functionOf(
    instance: Parameters<Stacks["createInstance"]>[1] & object,
    entry: number,
    most = MOST_ARGUMENTS,
  ): number {
    const { stacks } = this.#options;
    const index = entry >>> 0;
    const named = index < IN_TABLE ? `function ${index}` : `index ${index - IN_TABLE} of table 0`;
    const { functions, imports } = stacks.codeOf(instance.image).module;
    const function_ = index < IN_TABLE ? index : stacks.functionInTable(instance, index - IN_TABLE);
    const type = function_ === undefined ? undefined : functions[function_];
    if (function_ === undefined || type === undefined || function_ < imports.length) {
      throw new RangeError(`received ${named}; expected one of image ${instance.image}'s own functions`);
    }
    if (type.parameters.length > most || type.results.length > 1 || !isOfWords(type)) {
      throw new RangeError(
        `received ${named}, (${type.parameters}) -> (${type.results}); expected up to ${most} parameters and up to one result, all i32`,
      );
    }
    return function_;
  }
}
