import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { describe, expect, test } from "vitest";
import { execute, landspout } from "./landspout.js";

const { version } = JSON.parse(readFileSync(new URL("../../packages/machines/package.json", import.meta.url), "utf8"));

describe("landspout --version", () => {
  test("prints the version alone", async () => {
    expect(await landspout(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test.each([
    ["--version", "--json"],
    ["--json", "--version"],
  ])("prints with --json what a report of a bug needs: %s %s", async (...parameters) => {
    const { code, stdout, stderr } = await execute(parameters);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { cores, load, pinned, platform, ...facts } = JSON.parse(stdout);
    const { node, v8 } = process.versions;
    expect(facts).toEqual({ version, node, v8, cpu: cpus()[0]?.model ?? "unknown" });
    expect(platform).toMatch(new RegExp(`^${process.platform} .+ ${process.arch}$`));
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(cpus().length);
    expect(load).toBeGreaterThanOrEqual(0);
    expect(pinned).toBeTypeOf("boolean");
  });
});
