import { executeCommand } from "./command-line.js";

// Whoever read the output has seen enough, as with `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  console.error(`Cannot write to standard output: received ${error.code}; expected that it takes what is printed`);
  process.exit(1);
});

await executeCommand(process.argv.slice(2));
