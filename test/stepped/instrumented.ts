/** The kernel made resumable, kept in dist/compiled/: it takes many seconds, and each test file would wait for them. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../dist/compiled", import.meta.url));
const FILE = `${FOLDER}/stepped.json`;
const SOURCE = new URL("instrument.ts", import.meta.url);

/** What was made last: the hash of all that it depends on, and the bytes in base 64. */
interface Kept {
  readonly hash: string;
  readonly bytes: string;
}

/** What `instrument` makes of the bytes: taken from where it was kept, if nothing that it depends on has changed. */
export async function instrumented(bytes: Uint8Array, leftOut: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const hash = await hashOf(bytes, leftOut);
  const kept = await readFile(FILE, "utf8").catch(() => undefined);
  if (kept !== undefined) {
    const former = JSON.parse(kept) as Kept;
    if (former.hash === hash) return new Uint8Array(Buffer.from(former.bytes, "base64"));
  }
  // Loading binaryen takes long, too.
  const { instrument } = await import("./instrument.js");
  const made = instrument(bytes, leftOut);
  await mkdir(FOLDER, { recursive: true });
  // Another process may make the same at the same time, or read it.
  const own = `${FILE}.${process.pid}`;
  await writeFile(own, JSON.stringify({ hash, bytes: Buffer.from(made).toString("base64") } satisfies Kept));
  await rename(own, FILE);
  return made;
}

async function hashOf(bytes: Uint8Array, leftOut: readonly string[]): Promise<string> {
  const { version } = createRequire(import.meta.url)("binaryen/package.json") as { readonly version: string };
  return createHash("sha256")
    .update(bytes)
    .update(leftOut.join())
    .update(await readFile(SOURCE))
    .update(version)
    .digest("hex");
}
