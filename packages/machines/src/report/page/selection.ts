// Which algorithms the reader looks at, in all plots and tables: those chosen stay, the one that is pointed at passes.
const chosen = new Set<string>();
let pointed: string | undefined;
const listeners: (() => void)[] = [];
// A finger leaves with every tap; what it pointed at stays until the next one.
document.addEventListener(
  "pointerdown",
  ({ pointerType }) => {
    if (pointerType === "touch") pointAt(undefined);
  },
  { capture: true },
);

/** Among some algorithms: nothing steps back unless one of them is looked at. */
export interface Selection {
  readonly pointed: string | undefined;
  readonly chosen: ReadonlySet<string>;
  /** Those looked at; all where none is. */
  readonly bright: ReadonlySet<string>;
}

/** Calls, now and whenever the reader looks at others. */
export function onSelection(listener: () => void): void {
  listeners.push(listener);
  listener();
}

export function selectionAmong(names: readonly string[]): Selection {
  const mine = new Set(names.filter((name) => chosen.has(name)));
  const at = names.find((name) => name === pointed);
  const bright = new Set(at === undefined ? mine : [...mine, at]);
  return { pointed: at, chosen: mine, bright: bright.size === 0 ? new Set(names) : bright };
}

export function pointAt(name: string | undefined): void {
  if (name === pointed) return;
  pointed = name;
  for (const listener of listeners) listener();
}

/** Chooses an algorithm, or no longer. */
export function toggle(name: string): void {
  if (!chosen.delete(name)) chosen.add(name);
  for (const listener of listeners) listener();
}

export function unchoose(names: readonly string[]): void {
  for (const name of names) chosen.delete(name);
  for (const listener of listeners) listener();
}
