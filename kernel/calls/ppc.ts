/**
 * Protected procedure call: a client's call is served on the client's own processor, by a worker that its port has ready
 * there. The processor is handed over without the ready queue; there are as many workers at work as there are calls.
 *
 *     trap | worker taken from the processor's cache | caller put on it | server's space | procedure ... | and back
 *
 *     cache of a processor:   | first worker of port 1 | of port 2 | ...        in lines that nobody else writes
 *     worker:  | next | port | instance | client's domain | worker below |      the stack of calls of its caller
 *     port:    | open | domain | entry |                                        written when it opens and closes alone
 *
 * Invariant: a worker is in one cache, or one thread has it on its stack of calls. Only the processor that a cache belongs to
 * touches it, with interrupts off: so the common path has no lock, and writes nothing that other processors write. A thread
 * that comes back on another processor leaves its worker there.
 *
 * An empty cache is the slow path: it makes a worker, a copy of the server's instance. The argument registers, a to d of the
 * trap, are handed on untouched; after them the server has procedure | client's domain << 8, which it can check, and the
 * worker's number, by which it has a stack for it.
 *
 * When the server's domain is terminated its port closes, and all processors are interrupted. What is in the domain abandons
 * then, so that `call` returns CallFailed to the caller; what comes after finds the port closed. A thread whose call returns
 * to a domain that has ended abandons, too, down to the first one that is alive. Workers of a closed port are released.
 *
 * @source Gamsa, Krieger, Appavoo, Stumm: Tornado, OSDI 1999, section 6.1
 */
import { read, write } from "../atomics";
import { mark } from "../machine";
import { abandon, create_instance, call as enterDomain, release } from "../privileged";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { Pool } from "../vm/pool";
import { copyAcross } from "./copying";
import { current, enter } from "./dispatcher";
import { Domain, domainOf } from "./domain";
import { CallEvent, Copy } from "./events";
import { CallError } from "./numbers";
import { Thread } from "./thread";

@unmanaged
class Worker {
  next: Worker | null;
  port: Port;
  instance: u32;
  number: u32;
  client: Domain;
  below: usize;
}

@unmanaged
class Port {
  open: u32;
  domain: Domain;
  /** The function of the server that calls begin with. */
  entry: u32;
}

let ports: usize = 0;
let workers: usize = 0;
let workerCount: u32 = 0;
let free: Pool = changetype<Pool>(0);
/** The processor's own: by port, its first worker that is ready. */
let cache: usize = 0;

/** The same on every processor. `count`: of workers, of all ports and processors. */
export function reserveWorkers(processor: u32, count: u32): void {
  ports = reserve(information.imageCount * LINE);
  const bytes = (information.imageCount * 4 + LINE - 1) & ~(LINE - 1);
  cache = reserve(information.processors * bytes) + processor * bytes;
  workerCount = count;
  workers = reserve(count * LINE);
  free = Pool.reserve(count);
}

/** To be called by one processor. */
export function fillWorkers(): void {
  for (let i: u32 = 0; i < workerCount; i++) free.give(<u32>workers + i * LINE);
}

/** Calls of a domain begin at a function of its image from now on. */
export function openPort(domain: u32, entry: u32): void {
  const port = portOf(domain);
  port.domain = domainOf(domain);
  port.entry = entry;
  write(changetype<usize>(port), 1);
}

function portOf(domain: u32): Port {
  return changetype<Port>(ports + domain * LINE);
}

function isOpen(port: Port): bool {
  return read(changetype<usize>(port)) != 0;
}

/** The client's trap: its words, and the binding and the procedure out of its number. */
export function call(binding: u32, procedure: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  mark(CallEvent.KernelEntered, 0);
  const thread = current!;
  const client = thread.domain;
  const result = serve(thread, client, binding, procedure, a, b, c, d);
  thread.domain = client;
  enter(client);
  if (!client.alive) abandon(CallError.CallFailed);
  return result;
}

/** A thread executes a procedure for a client's domain, and is in the server's domain afterwards, or where it was. */
export function serve(
  thread: Thread,
  client: Domain,
  binding: u32,
  procedure: u32,
  a: u32,
  b: u32,
  c: u32,
  d: u32,
): u32 {
  if (binding - 1 >= information.imageCount - 1) return CallError.BadBinding;
  const port = portOf(binding);
  if (!isOpen(port)) return CallError.CallFailed;
  const slot = cache + 4 * binding;
  let worker = changetype<Worker | null>(load<usize>(slot));
  if (worker === null) {
    worker = makeWorker(port);
    if (worker === null) return CallError.TooManyCalls;
  } else {
    store<usize>(slot, changetype<usize>(worker.next));
  }
  worker.client = client;
  worker.below = thread.worker;
  thread.worker = changetype<usize>(worker);
  const server = port.domain;
  thread.domain = server;
  enter(server);
  const result = enterDomain(worker.instance, port.entry, a, b, c, d, procedure | (client.number << 8), worker.number);
  // Perhaps on another processor: only the thread and what belongs to it are the same.
  mark(CallEvent.KernelEntered, 1);
  thread.worker = worker.below;
  if (isOpen(port)) keep(worker, binding);
  else drop(worker);
  return result;
}

/** A worker is ready on this processor. */
function keep(worker: Worker, binding: u32): void {
  const slot = cache + 4 * binding;
  worker.next = changetype<Worker | null>(load<usize>(slot));
  store<usize>(slot, changetype<usize>(worker));
}

function makeWorker(port: Port): Worker | null {
  const address = free.take();
  if (address == NONE) return null;
  const worker = changetype<Worker>(address);
  worker.port = port;
  worker.number = (address - <u32>workers) / LINE;
  worker.instance = create_instance(port.domain.number, port.domain.instance);
  return worker;
}

function drop(worker: Worker): void {
  release(worker.instance);
  free.give(changetype<u32>(worker));
}

/** No call enters the domain any more. All processors have to be interrupted then, and to call `dropWorkers`. */
export function closePort(domain: u32): void {
  write(changetype<usize>(portOf(domain)), 0);
}

/** This processor has no worker ready of ports that are closed. */
export function dropWorkers(): void {
  for (let domain: u32 = 1; domain < information.imageCount; domain++) {
    if (isOpen(portOf(domain))) continue;
    const slot = cache + 4 * domain;
    for (let worker = changetype<Worker | null>(load<usize>(slot)); worker !== null; ) {
      const next = worker.next;
      drop(worker);
      worker = next;
    }
    store<usize>(slot, 0);
  }
}

/** What is longer than registers: from the memory of the domain that has called, or to it. */
export function copyFromCaller(from: u32, to: u32, bytes: u32): u32 {
  const thread = current!;
  if (thread.worker == 0) return CallError.BadBinding;
  const client = changetype<Worker>(thread.worker).client;
  mark(CallEvent.Copy, Copy.D);
  return copyAcross(client, from, thread.domain, to, bytes) ? 0 : CallError.BadAddress;
}

export function copyToCaller(from: u32, to: u32, bytes: u32): u32 {
  const thread = current!;
  if (thread.worker == 0) return CallError.BadBinding;
  const client = changetype<Worker>(thread.worker).client;
  mark(CallEvent.Copy, Copy.D);
  return copyAcross(thread.domain, from, client, to, bytes) ? 0 : CallError.BadAddress;
}
