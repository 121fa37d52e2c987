import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { archiveFolder } from "#machines/files/archive.js";

const folder = mkdtempSync(join(tmpdir(), "landspout-archive-"));
afterAll(() => rmSync(folder, { recursive: true }));

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const made = join(folder, name);
  mkdirSync(made);
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(join(made, path, ".."), { recursive: true });
    writeFileSync(join(made, path), contents);
  }
  return made;
}

/** What `tar` makes of an archive. */
function tar(archive: Uint8Array, ...parameters: readonly string[]): string {
  const file = join(folder, "archive.tar");
  writeFileSync(file, archive);
  return execFileSync("tar", ["--file", file, ...parameters], { encoding: "utf8" });
}

const long = `${"folder-of-a-long-name/".repeat(5)}file`;

describe("archiveFolder", () => {
  test("archives files, folders and links so that tar reads them", { tags: "tar" }, async () => {
    const made = folderOf("all", { "b.txt": "beta", "a/ä.txt": "x".repeat(600), empty: "", [long]: "far" });
    chmodSync(join(made, "b.txt"), 0o700);
    symlinkSync("b.txt", join(made, "link"));
    const archive = await archiveFolder(made, 4096);
    expect(archive.length % 4096).toBe(0);
    expect(tar(archive, "--list", "--quoting-style=literal").trimEnd().split("\n")).toEqual([
      "a/",
      "a/ä.txt",
      "b.txt",
      "empty",
      ...[1, 2, 3, 4, 5].map((depth) => "folder-of-a-long-name/".repeat(depth)),
      long,
      "link",
    ]);
    expect(tar(archive, "--extract", "--to-stdout", "a/ä.txt")).toBe("x".repeat(600));
    expect(tar(archive, "--extract", "--to-stdout", long)).toBe("far");
    const listed = tar(archive, "--list", "--verbose");
    expect(listed).toMatch(/^-rwxr-xr-x .* b\.txt$/m);
    expect(listed).toMatch(/^-rw-r--r-- .* empty$/m);
    expect(listed).toMatch(/^l.* link -> b\.txt$/m);
  });

  test("makes the same bytes of the same contents, whenever they were written", async () => {
    const [one, two] = ["one", "two"].map((name) => folderOf(name, { y: "1", x: "2" })) as [string, string];
    utimesSync(join(two, "x"), 1, 1);
    expect(await archiveFolder(one, 512)).toEqual(await archiveFolder(two, 512));
    writeFileSync(join(two, "x"), "3");
    expect(await archiveFolder(one, 512)).not.toEqual(await archiveFolder(two, 512));
  });

  test("has the end alone of an empty folder", async () => {
    expect(await archiveFolder(folderOf("none", {}), 512)).toEqual(new Uint8Array(1024));
  });

  test("refuses names that are too long, and what is neither file, folder nor link", async () => {
    const name = "n".repeat(101);
    await expect(archiveFolder(folderOf("long", { [name]: "" }), 512)).rejects.toThrow(
      `received ${name}, whose name is longer; expected at most 100 bytes`,
    );
    const made = folderOf("socket", {});
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(made, "socket"), resolve));
    await expect(archiveFolder(made, 512)).rejects.toThrow(
      "received socket, which is neither; expected files, folders and symbolic links",
    );
    server.close();
  });
});
