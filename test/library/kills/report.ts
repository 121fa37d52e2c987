/** Where victims died, and where they never came: so that "at any instruction" is a measured claim. */
import type { Death } from "./actress.js";
import type { Stage } from "./stage.js";

/** Of the programs that prove the kernel, which the library does not call. */
const PROOFS = /\/proofs\//;

export class Coverage {
  /** By point, how many died there. */
  readonly died = new Map<number, number>();
  #deaths = 0;

  add(deaths: readonly Death[]): void {
    this.#deaths += deaths.length;
    for (const { point } of deaths) if (point !== undefined) this.died.set(point, (this.died.get(point) ?? 0) + 1);
  }

  get deaths(): number {
    return this.#deaths;
  }

  get atPoints(): number {
    return [...this.died.values()].reduce((a, b) => a + b, 0);
  }

  /** By file of the kernel: instructions that others can notice; those that victims reached; those that they died at. */
  table(stage: Stage): string {
    const files = new Map<string, [number, number, number]>();
    const count = (file: string, point: number) => {
      const row = files.get(file) ?? [0, 0, 0];
      row[0]++;
      if (stage.reached[point] !== 0) row[1]++;
      if (this.died.has(point)) row[2]++;
      files.set(file, row);
    };
    for (const [point, { place, function: name }] of stage.points.entries()) {
      if (!PROOFS.test(name)) count(place.replace(/:\d+$/, ""), point);
    }
    for (let point = stage.points.length; point < stage.reached.length; point++) {
      if (!/prove|specification/.test(stage.describe(point))) count("between the kernel's functions", point);
    }
    const rows = [...files].sort(([a], [b]) => a.localeCompare(b));
    const sum = rows.reduce((all, [, row]) => all.map((n, i) => n + row[i]!), [0, 0, 0]);
    const lines = [...rows, ["all", sum] as const].map(
      ([file, row]) => `${file.padEnd(36)}${row.map((n) => `${n}`.padStart(8)).join("")}`,
    );
    const title = `${this.#deaths} deaths, ${this.atPoints} of them at a point`;
    return [
      title,
      `${"points in".padEnd(36)}${"all".padStart(8)}${"reached".padStart(8)}${"died at".padStart(8)}`,
      ...lines,
    ].join("\n");
  }

  /** Instructions of the kernel that no victim reached, in words. */
  missing(stage: Stage): string[] {
    return stage.points.flatMap(({ function: name }, point) =>
      PROOFS.test(name) || stage.reached[point] !== 0 ? [] : [`${point}: ${stage.describe(point)}`],
    );
  }
}
