import type { EventQueue } from "#machines/machines/simulated/events.js";

/** Lets everything happen that is to come; `after` is called after each event. */
export function drain(events: EventQueue, after: () => void = () => {}): void {
  for (let event = events.take(); event !== undefined; event = events.take()) {
    event.happen(events.now);
    after();
  }
}
