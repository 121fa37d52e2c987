/**
 * What a coherence protocol is: a table, as data. The bus (and later the directory) reads it; nothing else in the
 * simulated machine knows a protocol.
 *
 * A processor's reference looks up its own state in `processor`: a hit without a transaction only changes the state;
 * else the transaction is put on the bus, every other cache that holds the line looks up its state in `snoop`, and
 * whether there was one (the bus's shared line) decides between `shared` and `alone`.
 */

/**
 * What a cache puts on the bus: `read` fetches a line to read it, `readExclusive` fetches it and invalidates the other
 * copies, `upgrade` only invalidates them, `update` sends one written word to them.
 */
export type Transaction = "read" | "readExclusive" | "upgrade" | "update";

/** All transactions, in the order of their numbers in the compiled tables. */
export const TRANSACTIONS: readonly Transaction[] = ["read", "readExclusive", "upgrade", "update"];

/** What a state promises of a line. */
export interface Promises {
  /** No other cache holds the line. */
  readonly exclusive?: true;
  /** Memory may be stale and this cache answers for the line: evicting it writes it back. At most one cache owns. */
  readonly owner?: true;
}

/** What a processor's own reference does to its line. */
export interface Step<State extends string> {
  /** The state after it; where that depends on it, by whether another cache still holds the line. */
  readonly next: State | { readonly alone: State; readonly shared: State };
  /** What it puts on the bus; nothing where absent. */
  readonly bus?: Transaction;
  /** Put on the bus after `bus`, if another cache holds the line. */
  readonly ifShared?: Transaction;
}

/** What a holder of the line does when it sees another's transaction. */
export interface Answer<State extends string> {
  readonly next: State;
  /** Gives the line to the requester, which then does not fetch it from memory: one cache-to-cache transfer. */
  readonly supplies?: true;
  /** Puts dirty data on the bus: for memory, which takes it (a write-back), or only for the requester. */
  readonly flush?: "to memory" | "to requester";
}

/** A snooping protocol. `State` names its states; "I" is the line that is absent or invalid. */
export interface Protocol<State extends string = string> {
  readonly name: string;
  /** The paper or book that the table is from. */
  readonly source: string;
  readonly states: Readonly<Record<State, Promises>>;
  /** By the requester's state, "I" for a miss. */
  readonly processor: Readonly<Record<State, { readonly read: Step<State>; readonly write: Step<State> }>>;
  /** By the holder's state. A transaction that is absent cannot happen there: an exclusive holder sees no upgrade. */
  readonly snoop: Readonly<Record<Exclude<State, "I">, Readonly<Partial<Record<Transaction, Answer<State>>>>>>;
  /** Whether memory takes the word of an update: one memory transaction each. */
  readonly updatesMemory?: true;
}
