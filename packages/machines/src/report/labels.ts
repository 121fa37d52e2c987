/**
 * Where labels stand beside what they name, in one column: as near to the places wanted as they can be, by least
 * squares, at least `gap` apart and between `top` and `bottom`. Closer together where there is not that much room.
 * `wanted` is ascending.
 */
export function placeLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const apart = Math.min(gap, (bottom - top) / Math.max(1, wanted.length - 1));
  // Less the gaps above it a label may not stand above the one before: labels in each other's way share their mean.
  const groups: { sum: number; count: number }[] = [];
  for (const [i, place] of wanted.entries()) {
    let group = { sum: place - i * apart, count: 1 };
    for (let above = groups.at(-1); above && mean(above) > mean(group); above = groups.at(-1)) {
      groups.pop();
      group = { sum: above.sum + group.sum, count: above.count + group.count };
    }
    groups.push(group);
  }
  const lowest = bottom - (wanted.length - 1) * apart;
  return groups
    .flatMap((group) => new Array<number>(group.count).fill(Math.max(top, Math.min(mean(group), lowest))))
    .map((place, i) => place + i * apart);
}

function mean({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return sum / count;
}
