/**
 * What the kernel is asked for: words with spaces between them.
 *
 *     mechanism=NAME    message, lrpc or ppc: the client's export and the server's with that name begin threads and calls
 *     client=NAME       the client begins with its export of that name instead
 *     procedure=N       which procedure clients call, by its number in kernel/calls/procedures.ts
 *     calls=N           how many calls each client makes
 *     clients=N         threads of the client's domain
 *     servers=N         threads of the server's domain, for messages; as many as clients if nothing is said
 *     lock=1            messages: one lock for all, held over each way
 *     handoff=0         messages: a thread that is woken goes into the ready queue
 *     caching=1         lrpc: idle processors wait in domains, and threads that enter one go there
 *     quantum=N         cycles, 5000 or more, after which a thread is pre-empted if another one is ready; none if nothing is said
 */

import { isText } from "../../exports";
import { Failure } from "../../failure";
import { fail } from "../../machine";
import { end, expectEnd, look, number, skip, skipRest, word } from "../words";

export enum Mechanism {
  Message,
  Lrpc,
  Ppc,
}

export let mechanism: Mechanism = Mechanism.Message;
export let procedure: u32 = 0;
export let calls: u32 = 1;
export let clients: u32 = 1;
export let servers: u32 = 0;
export let globalLock: u32 = 0;
export let handoff: u32 = 1;
export let caching: u32 = 0;
export let quantum: u32 = 0;

/** The name of the client's first function; 0 for the mechanism's. */
export let clientName: usize = 0;
export let clientNameBytes: u32 = 0;

export function readArguments(): void {
  for (let is = look(true); is; is = look(false)) {
    if (skip("mechanism=")) mechanism = readMechanism();
    else if (skip("client=")) readName();
    else if (skip("procedure=")) procedure = number();
    else if (skip("calls=")) calls = number();
    else if (skip("clients=")) clients = number();
    else if (skip("servers=")) servers = number();
    else if (skip("lock=")) globalLock = number();
    else if (skip("handoff=")) handoff = number();
    else if (skip("caching=")) caching = number();
    else if (skip("quantum=")) quantum = number();
    expectEnd();
  }
  if (servers == 0 && mechanism == Mechanism.Message) servers = clients;
  if (clients == 0 || (quantum != 0 && quantum < 5000)) fail(Failure.BadArgument);
}

function readMechanism(): Mechanism {
  const bytes = <u32>(end - word);
  let found = Mechanism.Ppc;
  if (isText(word, bytes, "message")) found = Mechanism.Message;
  else if (isText(word, bytes, "lrpc")) found = Mechanism.Lrpc;
  else if (!isText(word, bytes, "ppc")) fail(Failure.BadArgument);
  skipRest();
  return found;
}

function readName(): void {
  clientName = word;
  clientNameBytes = <u32>(end - word);
  skipRest();
}
