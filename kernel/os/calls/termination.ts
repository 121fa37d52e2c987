/** Domains end, and processors stop: what each mechanism does then, in one place. */

import { revokeBindings } from "../../calls/binding";
import { stopHere } from "../../calls/dispatcher";
import { domainOf } from "../../calls/domain";
import { closePort as closeMessagePort } from "../../calls/message";
import { CallError } from "../../calls/numbers";
import { closePort, dropWorkers } from "../../calls/ppc";
import { closeInbox } from "../../calls/remote-ppc";
import { processor } from "../../machine";
import { Interrupt, interrupt } from "../../privileged";
import { information } from "../../vm/physical";

/** Interrupts: a domain has ended; the processor is to stop. */
export const TERMINATED: u32 = Interrupt.First + 2;
export const STOP: u32 = Interrupt.First + 3;

/** No call enters a domain any more, and those that are in it fail. Its threads abandon as soon as they are interrupted. */
export function terminate(number: u32): u32 {
  if (number - 1 >= information.imageCount - 1) return CallError.BadBinding;
  // Whoever is told that the domain is no more finds its ports closed.
  revokeBindings(number);
  closeMessagePort(number);
  closePort(number);
  domainOf(number).alive = false;
  for (let p: u32 = 0; p < information.processors; p++) if (p != processor()) interrupt(p, TERMINATED);
  domainsEnded();
  return 0;
}

/** This processor has nothing ready for domains that have ended. */
export function domainsEnded(): void {
  dropWorkers();
}

/** Another processor than the first one, which is always there, executes nothing any more. */
export function stop(target: u32): u32 {
  if (target - 1 >= information.processors - 1) return CallError.ProcessorStopped;
  if (target == processor()) stopProcessor();
  else interrupt(target, STOP);
  return 0;
}

/** This processor executes nothing any more. */
export function stopProcessor(): void {
  closeInbox();
  stopHere();
}
