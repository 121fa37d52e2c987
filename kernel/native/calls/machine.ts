/**
 * What stands for kernel/machine.ts and kernel/privileged/machine.ts where domains are instances on one thread of this computer.
 * There is one processor and one thread, no space and no interrupt. To enter a domain is to call a function of its instance,
 * through the kernel's table. Nothing is marked.
 */

/** Of kernel/machine.ts, what is asked for. */
export enum Failure {
  OutOfSharedMemory = 1,
  OutOfLocalMemory = 2,
}

/** Inlined, it leaves nothing. */
export function mark(event: u32, value: u32): void {}

export function processor(): u32 {
  return 0;
}

export function processors(): u32 {
  return 1;
}

export function pause(): void {}

export function fail(reason: u32): void {
  unreachable();
}

/** The instance of an image, which has no other. */
export function create_instance(image: u32, original: u32): u32 {
  return image;
}

export function set_global(instance: u32, global: u32, value: u32): void {}

/** `entry` is the function's place in the table. What it has besides its A-stack, procedures here do not take. */
export function call(instance: u32, entry: u32, a: u32, b: u32, c: u32, d: u32, e: u32, f: u32): u32 {
  return call_indirect<u32>(entry, a);
}

/** The one thread is there already: see `handOff` in kernel.ts. */
export function switch_to(context: u32): void {}

/** The client's and the server's memory is one. */
export function set_space(space: u32, root: u32): void {}

export function enable_interrupts(on: bool): bool {
  return false;
}

export function interrupt(processor: u32, number: u32): void {}

export function set_timer(cycles: u32): void {}

export function release(number: u32): void {}

// What nothing here comes to.

export function create_context(entry: u32, argument: u32): u32 {
  return unreachable();
}

export function copy_context(): u32 {
  return unreachable();
}

export function context(): u32 {
  return unreachable();
}

export function abandon(result: u32): void {
  unreachable();
}

export function idle(): void {
  unreachable();
}

export function io(device: u32, command: u32, a: u32, b: u32): u32 {
  return unreachable();
}
