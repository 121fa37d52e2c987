import { describe, expect, test } from "vitest";
import { calibrate } from "#machines/experiments/calibrate.js";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { parseMachine } from "#machines/machines/presets/find.js";
import { loadKernel } from "#machines/program/kernel.js";

class OneCore extends NativeMachine {
  override readonly cores = 1;
}

describe("calibrate", () => {
  test.each([
    ["this computer", () => new NativeMachine()],
    ["a computer of one core", () => new OneCore()],
  ])("makes a machine of what it measures on %s", async (_, create) => {
    const native = create();
    try {
      const machine = await calibrate(native, await loadKernel());
      expect(parseMachine("computer.json", JSON.stringify(machine))).toEqual(machine);
      expect(machine.name).toBe("this-computer");
      expect(machine.title).toContain(native.title);
      expect(machine.processor.pause, "a hint takes time").toBeGreaterThan(0);
      expect(machine.processor.wake, "sleeping takes longer than waiting a little").toBeGreaterThan(
        machine.processor.pause,
      );
      const handOff = native.cores > 1 ? /^Measured, .* ns from one core's/ : /^Assumed, because one core/;
      expect(machine.sources).toContainEqual(expect.stringMatching(handOff));
    } finally {
      await native.close();
    }
  });
});
