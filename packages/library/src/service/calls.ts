/** Calls in progress, as others see them who look at a service's A-stacks. */
import type { SharedSpace } from "../space.js";
import { type Description, parseDescription, readDescription } from "./description.js";
import { BLOCKING, CALLED, ORPHANED, RUNNING } from "./layout.js";

/** A call of a service, at one moment. */
export interface SeenCall {
  /** Its A-stack. */
  readonly stack: number;
  /** The names of the service and of the procedure. */
  readonly procedure: string;
  /** The caller's slot. */
  readonly caller: number;
  /** The slot of the worker that executes it; undefined if none does yet. */
  readonly server: number | undefined;
  readonly isGivenUp: boolean;
}

/** The call that has an A-stack; undefined if none is under way there. */
export function readCall(space: SharedSpace, service: number, stack: number): SeenCall | undefined {
  const description = descriptionOf(space, service);
  return description && readDescribed(space, description, stack);
}

/** All calls of a service that are under way. */
export function* readCalls(space: SharedSpace, service: number): Generator<SeenCall> {
  const { kernel } = space;
  const description = descriptionOf(space, service);
  if (!description) return;
  for (let i = 0, all = kernel.service_stacks(service); i < all; i++) {
    const call = readDescribed(space, description, kernel.service_stack_at(service, i) >>> 0);
    if (call) yield call;
  }
}

function descriptionOf(space: SharedSpace, service: number): Description | undefined {
  const block = space.kernel.service_description(service) >>> 0;
  if (block === 0) return undefined;
  try {
    return parseDescription(readDescription(space, block));
  } catch {
    // The service was freed meanwhile.
    return undefined;
  }
}

function readDescribed({ kernel }: SharedSpace, description: Description, stack: number): SeenCall | undefined {
  const server = kernel.service_slot(stack);
  const phase = kernel.service_phase(stack);
  const its = description.procedures[kernel.service_procedure(stack) & ~BLOCKING];
  const isExecuted = phase === RUNNING || phase === ORPHANED;
  if (!its || !(phase === CALLED || isExecuted)) return undefined;
  return {
    stack,
    procedure: `${description.name}.${its.name}`,
    caller: kernel.service_caller(stack),
    server: isExecuted ? server : undefined,
    isGivenUp: phase === ORPHANED,
  };
}
