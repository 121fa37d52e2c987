/** What one figure of a machine means, and the figure: a number is cycles. */
export type Figure = readonly [meaning: string, value: number | string];

/** Figures that belong together. */
export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Bytes, in KiB where they are whole ones. */
export function sizeOf(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
