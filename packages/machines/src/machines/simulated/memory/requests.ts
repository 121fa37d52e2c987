import { Message } from "../network/network.js";
import { messageKey, READ, type Reference } from "./memory-system.js";

/** In place of a processor. */
export const NOBODY = -1;

/** What the home knows of a line. */
export class Entry {
  /** Processors that may have a copy, each once, a superset of those that do: clean lines are evicted silently. */
  readonly sharers: number[] = [];
  /** The processor that may have written the line, or NOBODY. */
  owner = NOBODY;
  /** Whether a request is served. */
  busy = false;
  /** Requests that came meanwhile. */
  readonly waiting: CoherenceMessage[] = [];

  share(processor: number): void {
    if (!this.sharers.includes(processor)) this.sharers.push(processor);
  }

  unshare(processor: number): void {
    const place = this.sharers.indexOf(processor);
    if (place >= 0) this.sharers.splice(place, 1);
  }
}

/** Messages to holders that a request keeps for the next time. */
const KEPT = 64;

/**
 * A reference that is pending, one a processor, until the home has released its line. It is used again for later ones of
 * the same processor, with its messages: then none of these is under way.
 */
export class Request {
  kind: Reference = READ;
  address = 0;
  /** Bytes. */
  size = 0;
  line = 0;
  home = 0;
  // What the home finds out when it looks the line up.
  /** What it does to the requester's state, and the transaction for it; see Tables. */
  step = 0;
  transaction = 0;
  /** Whether others had a copy. */
  shared = false;
  /** The holder that is to supply the line, or NOBODY. */
  supplier = NOBODY;
  /** Holders to which the request is passed: those of the first messages of `passed`. */
  asked = 0;
  readonly passed: CoherenceMessage[] = [];
  /** Replies that are still to come. */
  replies = 0;
  /** From the requester, and what its home itself replies to an upgrade. */
  readonly own: CoherenceMessage;
  /** From memory. */
  readonly fetched: CoherenceMessage;

  constructor(
    readonly processor: number,
    public entry: Entry,
  ) {
    this.own = new CoherenceMessage(this);
    this.fetched = new CoherenceMessage(this);
  }

  begin(kind: Reference, address: number, size: number, line: number, home: number, entry: Entry): void {
    this.kind = kind;
    this.address = address;
    this.size = size;
    this.line = line;
    this.home = home;
    this.entry = entry;
  }

  /** It is to be passed to a holder. */
  ask(holder: number): void {
    if (this.asked === this.passed.length) this.passed.push(new CoherenceMessage(this));
    this.passed[this.asked++]!.holder = holder;
  }

  end(): void {
    this.asked = 0;
    this.shared = false;
    if (this.passed.length > KEPT) this.passed.length = KEPT;
  }
}

/** A request, one that is passed to a holder, a reply: in the requester's name, so that none overtakes another. */
export class CoherenceMessage extends Message {
  /** To whom it is passed, and who replies; not read of others. */
  holder = NOBODY;

  constructor(readonly request: Request) {
    super(messageKey(request.processor));
  }
}
