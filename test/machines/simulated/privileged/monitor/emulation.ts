/** The privileged instructions of the guest's kernel, which trap, since that is in user mode. */
import { fail } from "../../../../../kernel/machine";
import {
  abandon,
  argument,
  Command,
  call,
  copy_context,
  create_context,
  create_instance,
  Device,
  ENTRY,
  enable_interrupts,
  Instruction,
  Interrupt,
  idle,
  io,
  release,
  replace_instance,
  set_global,
  set_timer,
  switch_to,
} from "../../../../../kernel/privileged";
import { Failure } from "./failure";
import { blocksBefore, deviceOf, requestsBefore } from "./information";
import { information, physical, SHARED, STARTS } from "./memory";
import { forget, number, ownOf } from "./numbers";
import { Noted, note } from "./trace";
import { dropSpace, loadMode, setSpace, writeTranslation } from "./translations";
import { deliver, interruptSoon, isPending, send } from "./upcalls";
import { here, WORDS_MOST, wordAt } from "./virtual-processor";

/** How many contexts the guest has created. */
const STARTED: usize = SHARED + 4;
const STARTS_MOST: u32 = 4096;

/** The result of an instruction. */
export function emulate(instruction: Instruction, a: u32, b: u32, c: u32, d: u32): u32 {
  note(Noted.Emulated, instruction);
  switch (instruction) {
    case Instruction.argument:
      if (a >= WORDS_MOST) fail(Failure.GuestArgument);
      return load<u32>(wordAt(a));
    case Instruction.create_instance:
      return number(create_instance(a + 1, b ? ownOf(b) : 0));
    case Instruction.set_global:
      set_global(ownOf(a), b, c);
      return 0;
    case Instruction.replace_instance:
      replace_instance(ownOf(a), ownOf(b));
      return 0;
    case Instruction.create_context:
      return createContext(a, b);
    case Instruction.copy_context:
      return copyContext();
    case Instruction.context:
      return here.context;
    case Instruction.release:
      release(ownOf(a));
      forget(a);
      return 0;
    case Instruction.switch_to:
      switchTo(a);
      return 0;
    case Instruction.call:
      return callProgram(ownOf(a), b, c, d);
    case Instruction.abandon:
      here.abandons = true;
      here.result = a;
      abandon(0);
      return 0;
    case Instruction.set_space:
      setSpace(a, b);
      return 0;
    case Instruction.set_processor:
      here.number = a;
      here.count = b;
      return 0;
    case Instruction.write_translation:
      writeTranslation(a, b, c);
      return 0;
    case Instruction.drop_translations:
      dropSpace(a);
      return 0;
    case Instruction.enable_interrupts: {
      const were = here.interrupts;
      here.interrupts = a != 0;
      deliver();
      return were ? 1 : 0;
    }
    case Instruction.idle:
      wait();
      return 0;
    case Instruction.interrupt:
      if (a >= information.processors || b < <u32>Interrupt.First || b > 31) fail(Failure.GuestArgument);
      send(a, b);
      return 0;
    case Instruction.set_timer:
      set_timer(a);
      return 0;
    default:
      return startDevice(a, b, c, d);
  }
}

/** The context begins with a call of the guest's function; a record has what that is, and is given. */
function createContext(entry: u32, word: u32): u32 {
  const at = atomic.add<u32>(STARTED, 1);
  if (at == STARTS_MOST) fail(Failure.OutOfNumbers);
  const start = STARTS + 8 * at;
  store<u32>(start, entry);
  store<u32>(start, word, 4);
  return number(create_context(load<u32>(changetype<usize>(begin)) | ENTRY, start));
}

function begin(start: u32): void {
  here.interrupts = false;
  call(here.kernel, load<u32>(start), load<u32>(start, 4), 0, 0, 0, 0, 0);
  fail(Failure.GuestReturned);
}

/** Both that go on may be on another processor than this. */
function copyContext(): u32 {
  const kernel = here.kernel;
  const copy = copy_context();
  if (copy) return number(copy);
  move(kernel);
  return 0;
}

/** Comes back here when the guest switches back, perhaps on another processor. */
function switchTo(context: u32): void {
  if (context == here.context) return;
  const kernel = here.kernel;
  const own = ownOf(context);
  here.context = context;
  switch_to(own);
  move(kernel);
}

/** The guest's kernel has other globals on another processor. */
function move(from: u32): void {
  if (from == here.kernel) return;
  note(Noted.Moved, here.index);
  replace_instance(from, here.kernel);
}

/** The guest's program runs on this stack, until it returns, or the guest abandons. */
function callProgram(instance: u32, entry: u32, a: u32, b: u32): u32 {
  const c = argument(4);
  const d = argument(5);
  const e = argument(6);
  const f = argument(7);
  const interrupts = here.interrupts;
  here.user = true;
  loadMode();
  interruptSoon();
  let result = call(instance, entry, a, b, c, d, e, f);
  if (here.abandons) {
    here.abandons = false;
    result = here.result;
    note(Noted.CallEnded, result);
  }
  here.user = false;
  here.interrupts = interrupts;
  loadMode();
  deliver();
  return result;
}

/** Waits until an interrupt is pending for the guest, which does not take it. */
export function wait(): void {
  here.waits = true;
  while (!isPending()) {
    idle();
    enable_interrupts(true);
    enable_interrupts(false);
  }
  here.waits = false;
}

function startDevice(device: u32, command: u32, a: u32, b: u32): u32 {
  if (device >= information.deviceCount || command > <u32>Command.Write) fail(Failure.GuestArgument);
  const kind = deviceOf(device).kind;
  if (kind == Device.Disk) return io(device, command, a + blocksBefore(device), physical(b)) - requestsBefore();
  return io(device, command, kind == Device.Power ? a : physical(a), b) - requestsBefore();
}
