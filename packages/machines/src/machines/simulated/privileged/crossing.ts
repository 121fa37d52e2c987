/** A load or store that lies in two pages: two references, each of which is translated when it takes effect. */
export interface Crossing {
  /** Whether the first page's part is over. */
  readonly second: boolean;
  /** What a load has found in the first page. */
  readonly bytes: readonly number[];
}
