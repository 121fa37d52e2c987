import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadOperatingSystem, OPERATING_SYSTEMS } from "#machines/program/operating-systems.js";
import { exportedNames } from "#machines/wasm/exports.js";

const folder = new URL("../../kernel/os/", import.meta.url);

describe("The kernels that boot", () => {
  test("are the folders of kernel/os", () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...OPERATING_SYSTEMS].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  test.each(OPERATING_SYSTEMS)("have what the machine calls, a table, and their source lines: %s", async (name) => {
    const kernel = await loadOperatingSystem(name);
    expect(kernel.name).toBe(`${name}.wasm`);
    expect([...exportedNames(kernel.bytes)]).toEqual(
      expect.arrayContaining(["boot", "handle_trap", "handle_interrupt", "table"]),
    );
    expect(kernel.memory).toMatchObject({ shared: true, imported: { module: "env", name: "memory" } });
    expect(kernel.sourceMap?.sources).toContain(`kernel/os/${name}/kernel.ts`);
  });

  test("of other names are refused, with those that there are", async () => {
    await expect(loadOperatingSystem("toString")).rejects.toThrow(
      `Cannot load the kernel "toString": received an unknown name; expected one of ${OPERATING_SYSTEMS.join(", ")}`,
    );
  });
});
