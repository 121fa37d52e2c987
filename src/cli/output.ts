import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "./usage.js";

/** Makes sure, before anything is measured, that a file can be written there; leaves nothing behind but folders. */
export async function checkWritable(what: string, file: string): Promise<void> {
  const probe = join(dirname(file), `.landspout-${process.pid}`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await (await open(probe, "w")).close();
    await rm(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `Cannot write ${what}: received "${dirname(file)}" (${code}); expected a folder that can be written`,
    );
  }
}

/** Writes a file whole or not at all. */
export async function writeWhole(file: string, contents: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await writeFile(temporary, contents);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
