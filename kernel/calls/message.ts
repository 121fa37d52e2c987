/**
 * Message: a call is a message to a thread of the server, which waits for it; as SRC RPC does on one machine. Buffers of
 * packets and the table of calls are memory that all domains' kernels share; a packet is its own entry in the table.
 *
 *     client's stub A | trap, B, call in the table, server's thread woken |            | C, trap's return | F client's stub
 *                            switch |                                         switch ^
 *     server's thread               | C, trap's return | E stub, procedure | trap, B |  waits for the next
 *
 *     packet:   | next | state | caller | procedure | bytes | domain | ... | line: up to 1448 bytes |
 *     port:     | lock | open | domain | waiting threads, last come first | first packet, last |     one for each domain
 *
 * States, changed under the port's lock; the packet is of who is named:
 *
 *     Free -> Queued (port) -> Handed (server's thread) -> Served (its domain) -> Answering (the thread) -> Answered (caller) -> Free
 *                |                |                          |
 *                +----------------+--------------------------+-> Failed (caller) -> Free     the server's domain is terminated
 *
 * Handoff: who calls gives the processor to the server's thread, and that gives it back, without the queue of ready threads.
 * Where no thread waits, the call is queued. With the global lock, as SRC RPC has it, one lock is held instead of ports' own,
 * from the begin of each way to its end: the thread that is switched to gives it back.
 *
 * A domain that is terminated closes its port: queued and served calls fail, threads that wait for calls end. What the kernel
 * has in hand for a thread goes on: a call that was handed to it fails when it is copied, one that it answers is answered. A
 * thread that is in the domain ends at its next interrupt. A client's domain that is terminated leaves
 * its packet to its thread, which gives it back as soon as it is answered.
 *
 * @source Schroeder, Burrows: Performance of Firefly RPC, SOSP 1989, section 3; Bershad, Anderson, Lazowska, Levy: Lightweight
 * Remote Procedure Call, ACM TOCS 8(1), 1990, section 2.3 and table III (copies)
 */
import { read, write } from "../atomics";
import * as locks from "../locks/test-and-test-and-set";
import { mark } from "../machine";
import { abandon } from "../privileged";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { Pool } from "../vm/pool";
import { copyIn, copyOut } from "./copying";
import { current, handOff, makeReady, suspend } from "./dispatcher";
import { Domain } from "./domain";
import { CallEvent, Copy } from "./events";
import { CallError } from "./numbers";
import { Thread } from "./thread";

/** Bytes of arguments or results: what a packet of the Ethernet holds. */
export const MOST_BYTES: u32 = 1448;

export enum State {
  Free,
  Queued,
  Handed,
  Served,
  Answering,
  Answered,
  Failed,
}

@unmanaged
class Packet {
  next: Packet | null;
  stateWord: u32;
  /** The number of the domain that is called. */
  domainWord: u32;
  caller: Thread;
  procedure: u32;
  bytes: u32;

  get state(): State {
    return read(changetype<usize>(this) + offsetof<Packet>("stateWord"));
  }

  set state(state: State) {
    write(changetype<usize>(this) + offsetof<Packet>("stateWord"), state);
  }

  get domain(): u32 {
    return read(changetype<usize>(this) + offsetof<Packet>("domainWord"));
  }

  set domain(domain: u32) {
    write(changetype<usize>(this) + offsetof<Packet>("domainWord"), domain);
  }

  /** Where the bytes are. */
  get data(): usize {
    return changetype<usize>(this) + LINE;
  }
}

@unmanaged
class Port {
  lock: u32;
  open: u32;
  waiting: Thread | null;
  first: Packet | null;
  last: Packet | null;
}

const PACKET_BYTES: u32 = (LINE + MOST_BYTES + LINE - 1) & ~(LINE - 1);

let ports: usize = 0;
let packets: usize = 0;
let packetCount: u32 = 0;
let free: Pool = changetype<Pool>(0);
let globalLock: usize = 0;

/** Whether one lock is held over each way, and whether processors are handed from caller to server and back. */
let global: bool = false;
let handsOff: bool = true;

/** The same on every processor. `calls`: at once, of all clients. */
export function reserveMessages(calls: u32, withGlobalLock: bool, withHandoff: bool): void {
  global = withGlobalLock;
  handsOff = withHandoff;
  packetCount = calls;
  ports = reserve(information.imageCount * LINE);
  packets = reserve(calls * PACKET_BYTES);
  free = Pool.reserve(calls);
  globalLock = reserve(LINE);
}

/** To be called by one processor. */
export function openPorts(): void {
  for (let i: u32 = 0; i < packetCount; i++) free.give(<u32>packets + i * PACKET_BYTES);
  for (let number: u32 = 1; number < information.imageCount; number++) portOf(number).open = 1;
}

function portOf(domain: u32): Port {
  return changetype<Port>(ports + domain * LINE);
}

/** A way begins: with the global lock, nobody else is on one. */
function begin(): void {
  if (global) locks.acquire(globalLock, 0);
}

function end(): void {
  if (global) locks.release(globalLock, 0);
}

function acquire(port: Port): void {
  if (!global) locks.acquire(changetype<usize>(port), 0);
}

function release(port: Port): void {
  if (!global) locks.release(changetype<usize>(port), 0);
}

/** The client's trap. SRC RPC validates nothing; the number of a domain has to be one. */
export function send(domain: u32, procedure: u32, message: u32, bytes: u32): u32 {
  if (domain - 1 >= information.imageCount - 1) return CallError.BadBinding;
  if (bytes > MOST_BYTES) return CallError.BadAddress;
  mark(CallEvent.KernelEntered, 0);
  begin();
  const address = free.take();
  if (address == NONE) {
    end();
    return CallError.TooManyCalls;
  }
  const thread = current!;
  const packet = changetype<Packet>(address);
  packet.caller = thread;
  packet.procedure = procedure;
  packet.bytes = bytes;
  packet.domain = domain;
  thread.packet = address;
  if (bytes != 0 && !copyToKernel(thread.domain, message, packet)) return giveBack(packet, CallError.BadAddress);
  if (!register(packet, portOf(domain))) return giveBack(packet, CallError.CallFailed);
  // Perhaps on another processor, and on the server's way back.
  if (!thread.domain.alive) {
    giveBack(packet, 0);
    abandon(CallError.CallFailed);
  }
  if (packet.state == State.Failed) return giveBack(packet, CallError.CallFailed);
  const whole = packet.bytes == 0 || copyFromKernel(thread.domain, message, packet);
  return giveBack(packet, whole ? packet.bytes : CallError.BadAddress);
}

function copyToKernel(domain: Domain, message: u32, packet: Packet): bool {
  mark(CallEvent.Copy, Copy.B);
  return copyIn(domain, message, packet.data, packet.bytes);
}

function copyFromKernel(domain: Domain, message: u32, packet: Packet): bool {
  mark(CallEvent.Copy, Copy.C);
  return copyOut(domain, message, packet.data, packet.bytes);
}

/** The call has a server's thread or is queued, and the caller waits until it is answered; false if the port is closed. */
function register(packet: Packet, port: Port): bool {
  acquire(port);
  if (!port.open) {
    release(port);
    return false;
  }
  const server = port.waiting;
  if (server === null) {
    packet.state = State.Queued;
    packet.next = null;
    const last = port.last;
    if (last === null) port.first = packet;
    else last.next = packet;
    port.last = packet;
  } else {
    port.waiting = server.next;
    serve(server, packet);
  }
  release(port);
  pass(server);
  return true;
}

/**
 * A way ends at a thread that has been woken, null if nobody has waited: on this processor, or wherever it is ready first. The
 * caller waits for the way back. With the global lock, each has it before and after.
 */
function pass(to: Thread | null): void {
  const thread = current!;
  if (to !== null && handsOff) {
    to.handed = true;
    handOff(to);
  } else {
    if (to !== null) makeReady(to);
    end();
    suspend();
  }
  if (thread.handed) thread.handed = false;
  else begin();
}

/** The call that a thread serves is its own to answer; false if it serves none, or one that has failed. */
function claim(thread: Thread, port: Port): bool {
  if (thread.packet == 0) return false;
  const packet = changetype<Packet>(thread.packet);
  acquire(port);
  // A packet that has failed is its caller's, and may be of another call by now.
  const mine = port.open != 0;
  if (mine) packet.state = State.Answering;
  thread.packet = 0;
  release(port);
  return mine;
}

function serve(thread: Thread, packet: Packet): void {
  packet.state = State.Handed;
  thread.packet = changetype<usize>(packet);
}

/** Ends a client's way; its packet is free. */
function giveBack(packet: Packet, result: u32): u32 {
  packet.caller.packet = 0;
  packet.state = State.Free;
  free.give(changetype<u32>(packet));
  end();
  return result;
}

/** The trap of a server's thread: an answer, if it serves a call, and the next call. */
export function receive(message: u32, bytes: u32): u32 {
  const thread = current!;
  const domain = thread.domain;
  const port = portOf(domain.number);
  mark(CallEvent.KernelEntered, 1);
  begin();
  const served = changetype<Packet>(thread.packet);
  const caller = claim(thread, port) ? served.caller : null;
  if (caller !== null) {
    served.bytes = min(bytes, MOST_BYTES);
    if (bytes != 0 && !copyToKernel(domain, message, served)) served.bytes = 0;
  }
  acquire(port);
  if (caller !== null) served.state = State.Answered;
  if (!port.open) {
    release(port);
    if (caller !== null) makeReady(caller);
    end();
    abandon(CallError.CallFailed);
  }
  const next = port.first;
  if (next === null) {
    thread.next = port.waiting;
    port.waiting = thread;
  } else {
    port.first = next.next;
    if (next.next === null) port.last = null;
    serve(thread, next);
  }
  release(port);
  if (next === null) pass(caller);
  else if (caller !== null) makeReady(caller);
  // Perhaps on another processor, and on a client's way.
  if (thread.packet == 0) {
    end();
    abandon(CallError.CallFailed);
  }
  const packet = changetype<Packet>(thread.packet);
  const procedure = packet.procedure;
  const length = packet.bytes;
  if (length != 0) copyFromKernel(domain, message, packet);
  acquire(port);
  const open = port.open != 0;
  packet.state = open ? State.Served : State.Failed;
  release(port);
  if (!open) {
    thread.packet = 0;
    makeReady(packet.caller);
    end();
    abandon(CallError.CallFailed);
  }
  end();
  return procedure | (length << 16);
}

/** No call enters the domain any more; those that are queued or served fail, and its threads that wait end. */
export function closePort(domain: u32): void {
  const port = portOf(domain);
  begin();
  acquire(port);
  port.open = 0;
  let waiting = port.waiting;
  port.waiting = null;
  port.first = null;
  port.last = null;
  let failed: Packet | null = null;
  for (let i: u32 = 0; i < packetCount; i++) {
    const packet = changetype<Packet>(packets + i * PACKET_BYTES);
    if (packet.domain != domain || (packet.state != State.Queued && packet.state != State.Served)) continue;
    packet.state = State.Failed;
    packet.next = failed;
    failed = packet;
  }
  release(port);
  end();
  while (waiting !== null) {
    const next = waiting.next;
    makeReady(waiting);
    waiting = next;
  }
  while (failed !== null) {
    const next = failed.next;
    makeReady(failed.caller);
    failed = next;
  }
}
