/** From a thread's begin to its end: what is executed on its stack, below all that it does. */

import { arrived, endThread, enter, makeReady } from "../../calls/dispatcher";
import { Domain, domainOf } from "../../calls/domain";
import { isError } from "../../calls/numbers";
import { openPort } from "../../calls/ppc";
import { createThread, Thread } from "../../calls/thread";
import { findFunction, findNamed } from "../../exports";
import { Failure } from "../../failure";
import * as lock from "../../locks/test-and-test-and-set";
import { fail } from "../../machine";
import { Command, call, Device, io } from "../../privileged";
import { findDevice, information, NONE, reserve } from "../../vm/physical";
import { calls, clientName, clientNameBytes, clients, Mechanism, mechanism, procedure, servers } from "./arguments";

const CLIENT: u32 = 1;
const SERVER: u32 = 2;
/** The status of a client's thread that was ended by something else than its function's return. */
export const KILLED: u32 = 128;

/** Threads of the client that have ended, and the sum of their statuses. */
@unmanaged
class Counts {
  lock: u32;
  ended: u32;
  status: u32;
}

let counts: Counts = changetype<Counts>(0);

export function reserveCounts(): void {
  counts = changetype<Counts>(reserve(offsetof<Counts>()));
}

/** Makes the first thread, which makes the others. */
export function start(): void {
  makeReady(create(load<u32>(changetype<usize>(begin)), domainOf(CLIENT), 0, 0));
}

/** A thread that begins at a function of the kernel, for an entry of a domain and its argument. */
function create(first: u32, domain: Domain, entry: u32, argument: u32): Thread {
  const thread = createThread(first, domain);
  if (thread === null) fail(Failure.OutOfMemory);
  thread!.entry = entry;
  thread!.argument = argument;
  return thread!;
}

/** Executes all modules' start functions; then the server is there before the clients. */
function begin(address: u32): void {
  arrived();
  const thread = changetype<Thread>(address);
  for (let image: u32 = 1; image < information.imageCount; image++) {
    const domain = domainOf(image);
    if (domain.image.start < 0) continue;
    thread.domain = domain;
    enter(domain);
    call(domain.instance, domain.image.start, 0, 0, 0, 0, 0, 0);
  }
  for (let image = SERVER; image < information.imageCount; image++) {
    if (servers != 0) beginServer(domainOf(image));
    if (mechanism == Mechanism.Lrpc) callClerk(thread, domainOf(image));
    else if (mechanism == Mechanism.Ppc) openPort(image, expectFunction(findFunction(domainOf(image).image, "ppc")));
  }
  thread.domain = domainOf(CLIENT);
  const image = domainOf(CLIENT).image;
  const name = mechanism == Mechanism.Message ? "message" : mechanism == Mechanism.Lrpc ? "lrpc" : "ppc";
  const entry = clientName == 0 ? findFunction(image, name) : findNamed(image, clientName, clientNameBytes);
  expectFunction(entry);
  for (let i: u32 = 0; i < clients; i++) {
    makeReady(create(load<u32>(changetype<usize>(liveClient)), domainOf(CLIENT), entry, i));
  }
  endThread();
}

/** The server exports its interface. */
function callClerk(thread: Thread, domain: Domain): void {
  const entry = expectFunction(findFunction(domain.image, "lrpc"));
  thread.domain = domain;
  enter(domain);
  call(domain.instance, entry, 0, 0, 0, 0, 0, 0);
}

function beginServer(domain: Domain): void {
  const entry = expectFunction(findFunction(domain.image, "message"));
  for (let i: u32 = 0; i < servers; i++) {
    makeReady(create(load<u32>(changetype<usize>(liveServer)), domain, entry, i));
  }
}

function expectFunction(entry: u32): u32 {
  if (entry == NONE) fail(Failure.NoFunction);
  return entry;
}

/** The first function of a client's thread. */
function liveClient(address: u32): void {
  arrived();
  const thread = changetype<Thread>(address);
  const domain = thread.domain;
  const result = call(domain.instance, thread.entry, SERVER, procedure, calls, thread.argument, clients, 0);
  const status = isError(result) || !domain.alive ? KILLED : result;
  lock.acquire(changetype<usize>(counts), 0);
  counts.status += status;
  if (++counts.ended == clients) io(findDevice(Device.Power), Command.Write, counts.status, 0);
  lock.release(changetype<usize>(counts), 0);
  endThread();
}

/** The first function of a server's thread: its own returns when its domain ends. */
function liveServer(address: u32): void {
  arrived();
  const thread = changetype<Thread>(address);
  call(thread.domain.instance, thread.entry, thread.argument, 0, 0, 0, 0, 0);
  endThread();
}
