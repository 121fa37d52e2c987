import type { Binding, Bindings } from "../../../processor/image.js";
import { GuestMemory } from "../../../processor/memory.js";
import { REGISTER, Stacks } from "../../../processor/stacks.js";
import { enumerationOf, registerCodeOf } from "../../../program/instantiate.js";
import { checkKernelImports, checkMachineImports } from "../../../program/instructions.js";
import { isOfWords } from "../../../program/privileged.js";
import type { Program } from "../../../program/program.js";
import { PAGE as WASM_PAGE } from "../../../wasm/module.js";
import type { RegisterCode } from "../../../wasm/register-code.js";
import { UnavailableError } from "../../machine.js";
import type { MachineDescription, PrivilegedDescription } from "../../presets/description.js";
import { measureProcessor } from "../measures.js";
import { simulate, UnfinishedError } from "../simulate.js";
import type { BootOptions, BootProcessorMeasures, BootRun } from "./boot-run.js";
import type { BootedProcessor } from "./booted-processor.js";
import { BootedSimulation } from "./booted-simulation.js";
import { Console } from "./devices/console.js";
import { Disk } from "./devices/disk.js";
import { Network } from "./devices/network.js";
import { Power } from "./devices/power.js";
import { layOut } from "./information.js";
import type { KernelEntries } from "./modes.js";

/** Instructions that a processor executes without an access before interrupts get their turn. */
const BUDGET = 1000;

const DEFAULT_MEMORY = 2 ** 24;
/** Addresses of 32 bits reach no more. */
const MOST_MEMORY = 2 ** 32;

/**
 * Boots a kernel on a simulated machine, and runs it until it stops the machine: in simulated cycles, in the calling thread,
 * where other work gets its turn every 50 ms. A run is a function of kernel, images, description, options and seed.
 *
 * @throws {UnavailableError} if the machine has no privileged part
 * @throws {RangeError} if it has not that many processors, or memory that the kernel cannot have
 * @throws {UnfinishedError} if the kernel has not stopped the machine after `cycles`, or all processors wait for what will
 * not come
 * @throws {Error} if the kernel or an image cannot be loaded, or the kernel fails, with its function and line
 */
export async function bootMachine(
  description: MachineDescription,
  kernel: Program,
  options: BootOptions,
): Promise<BootRun> {
  const { privileged } = description;
  if (privileged === undefined) {
    throw new UnavailableError(`${description.name} has no kernel mode`, "a kernel mode");
  }
  const { processors, memory: bytes = DEFAULT_MEMORY, cycles = Number.POSITIVE_INFINITY } = options;
  const { maximum } = description.processor;
  const received = (what: string) => `Cannot boot ${kernel.name} on ${description.name}: received ${what}`;
  if (!Number.isInteger(processors) || processors < 1 || processors > maximum) {
    throw new RangeError(`${received(`${processors} processors`)}; expected 1 to ${maximum}`);
  }
  if (!(bytes > 0 && bytes <= MOST_MEMORY && bytes % WASM_PAGE === 0)) {
    throw new RangeError(
      `${received(`${bytes} bytes of memory`)}; expected a multiple of ${WASM_PAGE} up to ${MOST_MEMORY}`,
    );
  }
  if (!(cycles >= 1)) throw new RangeError(`${received(`${cycles} cycles`)}; expected 1 or more`);
  options.signal?.throwIfAborted();
  const simulation = load(description, privileged, kernel, options, bytes, cycles);
  await simulate(simulation, cycles, options, (why) => {
    const places = simulation.processors.map((one) => `processor ${one.index} is ${simulation.placeOf(one)}`);
    const text =
      why === "stuck"
        ? "every processor is idle, and nothing is to come"
        : `it has not stopped the machine after ${cycles} cycles`;
    return new UnfinishedError(`Cannot finish ${kernel.name}: ${text}:\n  ${places.join("\n  ")}`);
  });
  return measure(simulation, simulation.ended!);
}

function load(
  description: MachineDescription,
  privileged: PrivilegedDescription,
  kernel: Program,
  options: BootOptions,
  bytes: number,
  cycles: number,
): BootedSimulation {
  const { processors, images, disks = [] } = options;
  const { page } = privileged;
  const programs = [kernel, ...images];
  const { codes, entries } = checkBootable(kernel, images);
  const { architecture } = description;
  const perNode = architecture.kind === "distributed" ? architecture.node.processors : processors;
  const nodes = Math.ceil(processors / perNode);
  const imageOf = (i: number) => ({
    name: programs[i]!.name,
    module: codes[i]!.module,
    codeBytes: codes[i]!.codeBytes,
  });
  const kinds = ["power", "console", "disk", ...disks.map(() => "disk" as const), "network"] as const;
  const laidOut = layOut({
    kernel: imageOf(0),
    images: images.map((_, i) => imageOf(i + 1)),
    page,
    bytes,
    processors,
    walks: privileged.reload !== "software",
    spaces: privileged.spaces,
    nodes,
    devices: kinds.map((kind, i) => ({ kind, blocks: kind === "disk" && i > 2 ? disks[i - 3]!.length / page : 0 })),
    arguments: options.arguments ?? "",
    kilohertz: Math.round(1000 * description.processor.megahertz),
  });
  const pages = bytes / WASM_PAGE;
  const guest = new GuestMemory(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
  guest.initialize(codes[0]!.module.data);
  new Uint8Array(guest.memory.buffer).set(laidOut.block, laidOut.address);
  const stacks = new Stacks(processors, Math.log2(page), BUDGET);
  codes.forEach((code, i) => {
    try {
      stacks.load(code, bindingsOf(i === 0, description.processor.pause), laidOut.codePageOf(i));
    } catch (error) {
      throw new Error(`Cannot boot ${programs[i]!.name}: ${(error as Error).message}`, { cause: error });
    }
  });
  const { exports, globals } = codes[0]!.module;
  const nameOf = (enumeration: string) => {
    return enumerationOf(exports, enumeration, (global) => Number(globals[global]!.value.bits));
  };
  return new BootedSimulation({
    description,
    stacks,
    processors,
    images: programs.length,
    nameOf: (image) => programs[image]!.name,
    guest,
    placement: { shared: 0, local: bytes / nodes / perNode },
    entries,
    information: laidOut.address,
    failureName: nameOf("Failure"),
    eventName: nameOf("Event"),
    onMark: options.onMark,
    createDevices: ({ transfers, schedule, stop }) => {
      const surroundings = { page, memory: bytes, transfers, schedule };
      const terminal = {
        write: (written: Uint8Array) => options.onConsole?.(written),
        read: (most: number) => options.input?.(most),
      };
      return [
        new Power(stop),
        new Console(terminal, privileged.console, surroundings),
        ...[laidOut.bootDisk, ...disks].map((disk) => new Disk(disk, privileged.disk, surroundings)),
        new Network(privileged.network, surroundings),
      ];
    },
    onFault: (fault) => options.onFault?.(fault),
    seed: options.seed ?? 0,
    cycles,
  });
}

/** What imports mean that stop no processor. */
function bindingsOf(kernel: boolean, pause: number): Bindings {
  const register = (offset: number): Binding => ({ kind: "register", offset });
  return {
    machine: {
      processor: register(kernel ? REGISTER.processor : REGISTER.userProcessor),
      processors: register(kernel ? REGISTER.processors : REGISTER.userProcessors),
      pause: { kind: "delay", cycles: pause },
      work: { kind: "delay by argument" },
    },
  };
}

/**
 * Makes sure that a machine with a kernel mode can execute a kernel and its images; their register code, the kernel's first.
 *
 * @throws {Error} if one uses a feature or imports an instruction that there is not, or the kernel lacks an entry
 */
export function checkBootable(
  kernel: Program,
  images: readonly Program[],
): { readonly codes: readonly RegisterCode[]; readonly entries: KernelEntries } {
  const codes = [kernel, ...images].map((program) => {
    try {
      return registerCodeOf(program);
    } catch (error) {
      throw new Error(`Cannot boot ${program.name}: ${(error as Error).message}`, { cause: error });
    }
  });
  const entries = entriesOf(kernel.name, codes[0]!);
  checkKernelImports(kernel.name, codes[0]!.module);
  images.forEach((image, i) => void checkMachineImports(image.name, codes[i + 1]!.module));
  return { codes, entries };
}

const ENTRIES = { boot: [1, 0], handle_trap: [6, 1], handle_interrupt: [2, 0] } as const;

/** The functions of a kernel that the machine calls. */
function entriesOf(name: string, { module }: RegisterCode): KernelEntries {
  const numberOf = (entry: keyof typeof ENTRIES) => {
    const exported = module.exports.get(entry);
    const type = exported?.kind === "function" ? module.functions[exported.index] : undefined;
    const [parameters, results] = ENTRIES[entry];
    if (type?.parameters.length !== parameters || type.results.length !== results || !isOfWords(type)) {
      const received = type === undefined ? "no function" : `(${type.parameters}) -> (${type.results}) as`;
      throw new Error(
        `Cannot boot ${name}: received ${received} "${entry}"; expected an exported one with ${parameters} parameters and ` +
          `${results} results, all i32`,
      );
    }
    return exported!.index;
  };
  return {
    start: module.start,
    boot: numberOf("boot"),
    handleTrap: numberOf("handle_trap"),
    handleInterrupt: numberOf("handle_interrupt"),
  };
}

function measure(simulation: BootedSimulation, ended: { readonly status: number; readonly at: number }): BootRun {
  const { memory, requests } = simulation;
  return {
    status: ended.status,
    elapsed: ended.at,
    processors: simulation.processors.map((one) => measureBooted(one, simulation, ended.at)),
    links: memory.links(),
    devices: requests.devices.map(({ kind, busy }, i) => ({ kind, requests: requests.given[i]!, busyCycles: busy })),
    memory: simulation.physicalMemory,
  };
}

function measureBooted(processor: BootedProcessor, { memory }: BootedSimulation, at: number): BootProcessorMeasures {
  processor.end(at);
  const { cyclesIn, instructionsIn } = processor;
  return {
    ...measureProcessor(processor, memory),
    kernelCycles: cyclesIn.kernel,
    userCycles: cyclesIn.user,
    idleCycles: cyclesIn.idle,
    kernelInstructions: instructionsIn.kernel,
    userInstructions: instructionsIn.user,
    traps: { ...processor.traps },
    dataMisses: processor.dataMisses,
    codeMisses: processor.codeMisses,
    interrupts: { ...processor.interruptsTaken },
    contextSwitches: processor.contextSwitches,
  };
}
