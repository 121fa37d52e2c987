import { mkdir, mkdtemp, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./usage.js";

/** Characters a line where no terminal says how many it has. */
const DEFAULT_WIDTH = 120;

/** Characters a line of standard output. */
export function outputWidth(): number {
  return process.stdout.columns ?? DEFAULT_WIDTH;
}

/**
 * The absolute path of a file to be written later, checked now, before anything is measured. `makes`: whether its folder is
 * made where that is missing; else it is a path that was misspelt.
 */
export async function checkWritable(what: string, file: string, makes: boolean): Promise<string> {
  if (file === "") throw new UsageError(`Cannot write ${what}: received an empty name; expected a file or folder`);
  const target = resolve(file);
  if ((await stat(target).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`Cannot write ${what}: received the folder "${target}"; expected a file`);
  }
  const folder = await nearestFolder(dirname(target));
  if (!makes && folder !== dirname(target)) {
    throw new UsageError(`Cannot write ${what}: received the folder "${dirname(target)}"; expected one that is there`);
  }
  try {
    // Asking for the right to write is not enough: some file systems grant it and refuse.
    await rmdir(await mkdtemp(join(folder, ".landspout-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot write ${what}: received "${folder}" (${code}); expected a folder that can be written`);
  }
  return target;
}

/** The folder itself or, where it does not exist yet, the one that it would be made in. */
async function nearestFolder(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}

/** Writes a file whole or not at all, and its folder where that is missing. */
export async function writeWhole(file: string, contents: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(temporary, contents);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
