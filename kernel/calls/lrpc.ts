/**
 * Lightweight remote procedure call: the client's thread executes the server's procedure, in the server's domain. The kernel
 * copies nothing and queues nothing: it looks whether the client may call, and changes the domain.
 *
 *     client's stub A | trap | binding, procedure, A-stack right? | linkage claimed | E-stack | server's space | server's stub
 *                F <- |      | client's space | linkage free                                  <-------------- | procedure
 *
 * Null is as short as it can be: what is usual is tested, and all else is done elsewhere.
 *
 * Invariant: a thread that is in a domain by a call has that call's linkage on its stack of linkages, and nobody else has.
 *
 * When the server's domain ends, its bindings are revoked first; then the domain is marked as dead, and all processors are
 * interrupted. A thread that is in it abandons: `call` returns CallFailed, as it would return to the client. A thread that
 * returns to a domain that is dead abandons, too, so it gets down to the first linkage whose client is alive, or ends. A client
 * whose thread the server keeps goes on without it: captured.ts.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, sections 3.2 and 5.3
 */
import { mark } from "../machine";
import { abandon, call as enterDomain } from "../privileged";
import { bindingOf, linkageOf, refusal } from "./binding";
import { letGo, passed } from "./captured";
import { copyAcross } from "./copying";
import { caching, cross, current, enter } from "./dispatcher";
import { Domain } from "./domain";
import { attach, claimAgain } from "./e-stacks";
import { CallEvent, Copy } from "./events";
import { interfaceOf } from "./interfaces";
import { claim, EStack, free, Linkage } from "./linkage";
import { CallError } from "./numbers";
import { Thread } from "./thread";

/** The client's trap. The server's function has A-stack, E-stack, procedure and the client's domain. */
export function call(number: u32, procedure: u32, aStack: u32): u32 {
  mark(CallEvent.KernelEntered, 0);
  const thread = current!;
  const client = thread.domain;
  const binding = bindingOf(number);
  if (binding.number != number || binding.client !== client) return refusal(binding, number, client);
  if (procedure >= binding.procedures) return CallError.BadBinding;
  const descriptor = binding.procedure(procedure);
  const linkage = linkageOf(descriptor, aStack);
  if (linkage === null) return CallError.BadAStack;
  const server = binding.server;
  if (!claim(linkage) && !claimAgain(linkage, interfaceOf(server.number))) return CallError.BadAStack;
  const stack = linkage.stack;
  const its = stack === null ? attached(linkage, server) : stack;
  if (its === null) return CallError.TooManyCalls;
  linkage.client = client;
  linkage.below = thread.linkage;
  thread.linkage = linkage;
  thread.domain = server;
  // It may have ended while the thread was on its way to another processor.
  if (!caching) enter(server);
  else if (cross(server) && !server.alive) return comeBack(linkage, CallError.CallFailed);
  const result = enterDomain(its.instance, descriptor.entry, aStack, its.address, procedure, client.number, 0, 0);
  mark(CallEvent.KernelEntered, 1);
  return comeBack(linkage, result);
}

/** An E-stack of the server's, if it has one left; the linkage is free otherwise. */
function attached(linkage: Linkage, server: Domain): EStack | null {
  const stack = attach(linkage, server, interfaceOf(server.number));
  if (stack === null) free(linkage);
  return stack;
}

/** The thread is in the client's domain again, on whatever processor. */
function comeBack(linkage: Linkage, result: u32): u32 {
  const thread = current!;
  if (result == CallError.CallAborted && thread.aborting !== null) passed(thread, linkage);
  else leaveLinkage(thread, linkage);
  const client = thread.domain;
  if (caching) cross(client);
  else enter(client);
  if (!client.alive) abandon(CallError.CallFailed);
  return result;
}

/** What the call has had is free. */
function leaveLinkage(thread: Thread, linkage: Linkage): void {
  if (linkage.captured) letGo(linkage);
  const client = linkage.client;
  thread.linkage = linkage.below;
  free(linkage);
  thread.domain = client;
}

/** What is longer than an A-stack: from the memory of the domain that has called, or to it. 0, or a `CallError`. */
export function copyFromClient(from: u32, to: u32, bytes: u32): u32 {
  const thread = current!;
  const linkage = thread.linkage;
  if (linkage === null) return CallError.BadBinding;
  mark(CallEvent.Copy, Copy.D);
  return copyAcross(linkage.client, from, thread.domain, to, bytes) ? 0 : CallError.BadAddress;
}

export function copyToClient(from: u32, to: u32, bytes: u32): u32 {
  const thread = current!;
  const linkage = thread.linkage;
  if (linkage === null) return CallError.BadBinding;
  mark(CallEvent.Copy, Copy.D);
  return copyAcross(thread.domain, from, linkage.client, to, bytes) ? 0 : CallError.BadAddress;
}
