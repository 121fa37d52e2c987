import type { Command } from "commander";
import { readCatalogue } from "../program/kernel.js";
import { KINDS, pluralOf } from "../program/kinds.js";
import { UsageError } from "./usage.js";

export function addList(program: Command): void {
  program
    .command("list")
    .description("name every algorithm of the kernel with its paper, or describe one")
    .argument("[algorithm]", "the algorithm to describe")
    .option("--json", "print the catalogue for programs")
    .action(list);
}

async function list(name: string | undefined, options: { json?: true }): Promise<void> {
  const catalogue = await readCatalogue();
  const chosen = name === undefined ? catalogue : catalogue.filter((algorithm) => algorithm.name === name);
  if (chosen.length === 0) {
    const names = catalogue.map((algorithm) => algorithm.name).join(", ");
    throw new UsageError(`Cannot describe "${name}": received an unknown algorithm; expected one of ${names}`);
  }
  if (options.json) {
    console.log(JSON.stringify(chosen, null, 2));
  } else if (name !== undefined) {
    for (const { text, source, communicates, parameter } of chosen) {
      console.log(`${text}\n\nSource: ${source}`);
      if (parameter) console.log(`Parameter: ${parameter}`);
      if (communicates) console.log(`Communicates by: ${communicates}`);
    }
  } else {
    for (const kind of KINDS) {
      const rows = catalogue.filter((algorithm) => algorithm.kind === kind);
      console.log(pluralOf(kind));
      const width = Math.max(...catalogue.map((algorithm) => algorithm.name.length));
      for (const { name, source, communicates } of rows) {
        console.log(`  ${name.padEnd(width)}  ${source}${communicates ? ` (by ${communicates})` : ""}`);
      }
    }
  }
}
