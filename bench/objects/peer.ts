/** Maps that several threads use: each thread opens one by a handle that structured clone copies. */
export interface MapPeer {
  /** Makes a map, in the thread that measures; what others open it by. */
  make(): Promise<unknown>;
  /** In a thread. */
  open(handle: unknown): MapOfPeer;
  /** When nobody uses the map any more. */
  close(handle: unknown): Promise<void>;
}

export interface MapOfPeer {
  /** Undefined, or a promise where it has to be awaited. */
  get(key: Key): unknown;
  set(key: Key, value: unknown): unknown;
  /** Waits for what `set` has not done yet; to be called now and then. */
  settle?(): Promise<unknown>;
}

export type Key = string | number;
