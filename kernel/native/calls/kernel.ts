/**
 * The kernel of lightweight calls on one thread of this computer: kernel/calls with machine.ts in the place of the privileged
 * instructions. Client (image 1), server (image 2) and kernel are instances of their own, all on one memory:
 *
 *     | client's data | server's data | kernel's data, frames | information | A-stacks |
 *
 * Addresses are the same for all three, so the page tables of both domains, which `kernel/calls` writes and copies by, map each
 * page to itself. Nothing else keeps a domain from another's bytes.
 */
import { bind, bindingOf, bindMore, linkageOf, refusal, reserveBindings } from "../../calls/binding";
import { current, handOff, reserveDispatcher } from "../../calls/dispatcher";
import { createDomain, domainOf, map, reserveDomain, reserveDomains } from "../../calls/domain";
import { reserveStacks } from "../../calls/e-stacks";
import { exportInterface, reserveInterfaces } from "../../calls/interfaces";
import { call, copyFromClient, copyToClient } from "../../calls/lrpc";
import { CallError, CallTrap } from "../../calls/numbers";
import { fillThreads, reserveThreads, takeThread } from "../../calls/thread";
import { call as enterDomain, VALID, WRITABLE } from "../../privileged";
import { frames, reserveFrames } from "../../vm/page-table";
import { beginMemory, information, reserved } from "../../vm/physical";

const CLIENT: u32 = 1;
const SERVER: u32 = 2;

/** With the one thread, in the client's domain. */
export function boot(address: u32): void {
  beginMemory(address);
  reserveDispatcher(0, false);
  reserveFrames();
  reserveDomains();
  reserveThreads(1);
  reserveInterfaces();
  reserveStacks();
  reserveBindings();
  for (let image = CLIENT; image <= SERVER; image++) reserveDomain(image);
  const page = information.pageBytes;
  for (let at = (reserved() + page - 1) & ~(page - 1); at + page <= address; at += page) frames.give(at);
  for (let image = CLIENT; image <= SERVER; image++) {
    createDomain(image);
    for (let i: u32 = 0; i * page < address; i++) map(domainOf(image), i, (i * page) | VALID | WRITABLE);
  }
  fillThreads();
  handOff(takeThread(domainOf(CLIENT))!);
}

/** Where the thread is from now on: the host lets the clerk export its interface so. */
export function enter_image(image: u32): void {
  current!.domain = domainOf(image);
}

/** What a program traps for. */
export function trap(number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (number) {
    case CallTrap.CallLight:
      return call(a, b, c);
    case CallTrap.ExportInterface:
      return exportInterface(current!.domain, a, b);
    case CallTrap.Bind:
      return bind(current!.domain, a, b);
    case CallTrap.BindMore:
      return bindMore(current!.domain, a, b);
    case CallTrap.CopyFromClient:
      return copyFromClient(a, b, c);
    case CallTrap.CopyToClient:
      return copyToClient(a, b, c);
    default:
      return CallError.BadBinding;
  }
}

/**
 * The same call by the checks alone: binding, procedure and A-stack are validated as in `call`. Of one thread, nobody else can
 * have the A-stack: so no linkage is claimed, there is no E-stack, and the domain to return to is on the thread's own stack.
 */
export function call_checked(number: u32, procedure: u32, aStack: u32): u32 {
  const thread = current!;
  const client = thread.domain;
  const binding = bindingOf(number);
  if (binding.number != number || binding.client !== client) return refusal(binding, number, client);
  if (procedure >= binding.procedures) return CallError.BadBinding;
  const descriptor = binding.procedure(procedure);
  if (linkageOf(descriptor, aStack) === null) return CallError.BadAStack;
  const server = binding.server;
  thread.domain = server;
  const result = enterDomain(server.instance, descriptor.entry, aStack, 0, 0, 0, 0, 0);
  thread.domain = client;
  return result;
}
