/** @type {string | undefined} */
let given;

/** @param {any} argument */
export async function init(argument) {
  given = argument?.text;
  if (argument?.throws) throw Object.assign(new Error("init does not want to"), { code: "EINIT" });
  if (argument?.exits) process.exit(argument.exits);
  if (argument?.counts) {
    const number = Atomics.add(argument.counts.view(Int32Array), 0, 1);
    if (argument.diesFrom !== undefined && number >= argument.diesFrom) process.exit(3);
  }
}

export function argument() {
  return given;
}

export function die() {
  process.exit(1);
}
