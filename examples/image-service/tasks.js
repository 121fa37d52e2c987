import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentTask } from "landspout";
import { decode, encode } from "./png.js";
import { shrink } from "./shrink.js";

/** Users whose images a worker keeps. */
const USERS = 16;

/** The decoded images of each user by name, the user of longest ago first. @type {Map<string, Map<string, object>>} */
const sources = new Map();
let directory;

/** Called once in each worker, before its first task. */
export function init(where) {
  directory = where;
}

/** A user's image at a smaller width; undefined if there is none of that name. */
export async function thumbnail(user, name, width) {
  const { signal } = currentTask();
  const source = await sourceOf(user, name);
  // Whoever asked may have gone while the file was read.
  signal.throwIfAborted();
  return source && encode(shrink(source, width));
}

/** There is another image of that name. */
export function forget(user, name) {
  sources.get(user)?.delete(name);
}

async function sourceOf(user, name) {
  const images = sources.get(user) ?? new Map();
  sources.delete(user);
  sources.set(user, images);
  if (sources.size > USERS) sources.delete(sources.keys().next().value);
  if (!images.has(name)) {
    try {
      images.set(name, decode(await readFile(join(directory, user, `${name}.png`))));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  return images.get(name);
}
