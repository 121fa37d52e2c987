import { readFile } from "node:fs/promises";
import type { Measurement } from "../experiments/measurement.js";
import { evaluateNativeCalls, type NativeCallsOptions } from "../experiments/native-calls.js";
import { loadProgram } from "../files/program.js";
import { NativeMachine } from "../machines/native/machine.js";

/** What scripts/build-native-calls.mjs has compiled. */
const CODE = new URL("../native-calls/", import.meta.url);

/** Calls between domains that are instances on this computer. */
export async function measureNativeCalls(options: NativeCallsOptions): Promise<Measurement[]> {
  const compiled = async (name: string) => WebAssembly.compile(await readFile(new URL(`${name}.wasm`, CODE)));
  const [kernel, client, server, exchange] = await Promise.all([
    compiled("kernel"),
    compiled("client"),
    compiled("server"),
    loadProgram(new URL("exchange.wasm", CODE)),
  ]);
  const machine = new NativeMachine();
  try {
    return await evaluateNativeCalls(machine, { kernel, client, server, exchange }, options);
  } finally {
    await machine.close();
  }
}
