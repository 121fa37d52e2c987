import type { Command } from "commander";
import { PRESETS } from "../machines/presets/index.js";
import { explainMachine, machinesTable } from "../report/machine.js";
import { formatTable } from "../report/table.js";
import { describeMachine } from "./open-machine.js";
import { outputWidth } from "./output.js";

export function addMachines(program: Command): void {
  program
    .command("machines")
    .description("name every machine that can be simulated, or explain one and add up its base costs")
    .argument("[NAME]", "the machine to explain, or a .json file that describes one")
    .option("--json", "print the description for programs, which --machine FILE takes back")
    .action(run);
}

async function run(name: string | undefined, options: { json?: true }): Promise<void> {
  if (name === undefined) {
    console.log(options.json ? JSON.stringify(PRESETS, null, 2) : formatTable(machinesTable(PRESETS), outputWidth()));
    return;
  }
  const machine = await describeMachine(name);
  console.log(options.json ? JSON.stringify(machine, null, 2) : explainMachine(machine, outputWidth()));
}
