/**
 * Captured threads: a server may keep a client's thread as long as it likes. The client may go on without it: its call returns
 * CallAborted, in a new thread whose stack is a copy of the captured one's. The captured one ends when the server lets it go.
 *
 *     asked:      a thread of the client's writes its domain's number into the captured one's word, and interrupts processors
 *     copied:     by the processor that executes the captured one, which is in user mode then: the copy abandons what is above
 *                 the client's call, and returns from that
 *     released:   the captured one returns to a linkage that is captured, frees it, and ends
 *
 * The linkage stays the captured thread's, and the A-stack is in use until then. The copy knows what it goes on with: client
 * and linkage below are its own. Calls in between are the captured one's, too: the copy passes them.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, section 5.3
 */
import { fetch_and_store, read, write } from "../atomics";
import { processor } from "../machine";
import { abandon, copy_context, Interrupt, interrupt } from "../privileged";
import { information } from "../vm/physical";
import { arrived, endThread, makeReady } from "./dispatcher";
import { Domain } from "./domain";
import { free, Linkage } from "./linkage";
import { CallError } from "./numbers";
import { Thread, takeThread, threadOf } from "./thread";

/** The interrupt that has processors look whether their thread's call is to be aborted. */
export const ABORT: u32 = Interrupt.First + 4;

function askedOf(thread: Thread): usize {
  return changetype<usize>(thread) + offsetof<Thread>("abortedBy");
}

/** The trap of a client's thread: the call in which another one is, out of the same domain, returns CallAborted. */
export function abortCall(client: Domain, number: u32): u32 {
  const thread = threadOf(number);
  if (thread === null) return CallError.BadBinding;
  write(askedOf(thread), client.number);
  for (let p: u32 = 0; p < information.processors; p++) if (p != processor()) interrupt(p, ABORT);
  return 0;
}

/** After an interrupt: the processor's thread, which is in user mode below, may have been asked for. */
export function abortIfAsked(thread: Thread): void {
  if (read(askedOf(thread)) == 0) return;
  const client = fetch_and_store(askedOf(thread), 0);
  const linkage = innermostOf(thread, client);
  // The frames of protected procedure calls know their thread.
  if (linkage === null || linkage.captured || thread.worker != 0) return;
  const copy = takeThread(linkage.client);
  if (copy === null) return;
  copy.entry = thread.entry;
  copy.argument = thread.argument;
  copy.linkage = linkage.below;
  copy.aborting = linkage;
  linkage.captured = true;
  const context = copy_context();
  if (context == 0) {
    arrived();
    abandon(CallError.CallAborted);
  }
  copy.context = context;
  makeReady(copy);
}

/** The innermost call of a thread's out of a domain. */
function innermostOf(thread: Thread, client: u32): Linkage | null {
  let linkage = thread.linkage;
  while (linkage !== null && linkage.client.number != client) {
    const below = linkage.below;
    linkage = below;
  }
  return linkage;
}

/** The copy has come to a call: to the one that is aborted, or to one that it passes. */
export function passed(thread: Thread, linkage: Linkage): void {
  if (thread.aborting !== linkage) abandon(CallError.CallAborted);
  thread.aborting = null;
}

/** The server has let a captured thread go, which ends. */
export function letGo(linkage: Linkage): void {
  linkage.captured = false;
  free(linkage);
  endThread();
}
