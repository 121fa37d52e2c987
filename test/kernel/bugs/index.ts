/** The planted bugs of all algorithms: a file each, in the folder of its kind, as the algorithms themselves. */
import { readdir } from "node:fs/promises";
import { MEASURED } from "#machines/experiments/kinds/index.js";
import { KINDS, type Kind, pluralOf } from "#machines/program/kinds.js";
import type { PlantedBug } from "./planted-bug.js";

/** A bug, and the algorithm that it is planted in. */
export type Mutant = PlantedBug & { readonly kind: Kind; readonly from: string };

/** Kinds of which a workload shows what is claimed of them. */
const CLAIMED = KINDS.filter((kind) => MEASURED[kind].property !== undefined);

/** @throws {Error} if a file has none */
export async function allBugs(): Promise<readonly Mutant[]> {
  const found = CLAIMED.map(async (kind) => {
    const folder = new URL(`${pluralOf(kind)}/`, import.meta.url);
    const files = (await readdir(folder)).sort();
    return Promise.all(
      files.map(async (file): Promise<readonly Mutant[]> => {
        const { bugs } = (await import(new URL(file, folder).href)) as { readonly bugs: readonly PlantedBug[] };
        return bugs.map((bug) => ({ ...bug, kind, from: file.replace(/\.ts$/, "") }));
      }),
    );
  });
  return (await Promise.all(found)).flat(2);
}
