/** A thread that closes a service, and waits until it is idle. */
import type { SharedObject } from "../shared-object.js";
import { Endpoint, type Party } from "./endpoint.js";

/** Resolves when no call of the service is under way, and nobody serves it; or it was freed. Rejects if the space is closed. */
export function whenIdle(service: SharedObject): Promise<void> {
  if (isIdle(service)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    Endpoint.of(service.space).add(new Closing(service, resolve, reject));
  });
}

/** Who serves leaves by itself once the service is closed: until then it looks at it. */
function isIdle({ freed, space: { kernel }, handle: { address } }: SharedObject): boolean {
  return freed || (kernel.service_is_idle(address) === 1 && kernel.service_is_served(address) === 0);
}

class Closing implements Party {
  readonly address: number;
  readonly isPending = true;
  readonly #service: SharedObject;
  readonly #resolve: () => void;
  readonly #reject: (reason: Error) => void;

  constructor(service: SharedObject, resolve: () => void, reject: (reason: Error) => void) {
    this.address = service.handle.address;
    this.#service = service;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  look(): boolean {
    this.#service.space.kernel.service_want_idle(this.address);
    if (!isIdle(this.#service)) return false;
    this.#service.space.kernel.service_stop_wanting_idle();
    Endpoint.of(this.#service.space).remove(this);
    this.#resolve();
    return true;
  }

  watch(): boolean {
    return false;
  }

  end(reason: Error): void {
    Endpoint.of(this.#service.space).remove(this);
    this.#reject(reason);
  }
}
