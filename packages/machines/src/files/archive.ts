/** A folder as one archive in the format ustar (POSIX.1-1988), which `tar` reads. */
import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of a header, and what a file's are filled up to. */
const BLOCK = 512;
/** Blocks of zeros at the end. */
const END_BLOCKS = 2;
/** Bytes, so that mistakes such as the root folder end soon. */
const MOST = 2 ** 30;

/** Where a header has what, and how long: a part of the name that ends before a slash can be in `prefix`. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  link: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const;
const TYPE = { file: "0", link: "2", folder: "5" } as const;

/**
 * Archives all that is in a folder, in the order of the names, without owners and times: the same contents, the same bytes.
 *
 * @param unit the archive's length is a multiple of it: a power of two of at least 512 bytes
 * @throws {Error} if it cannot be read, has names that the format cannot have, or more than 1 GiB
 */
export async function archiveFolder(folder: string, unit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    length += Math.ceil(part.length / BLOCK) * BLOCK;
    if (length > MOST) throw refusal(folder, `more than ${MOST} bytes`, `a folder of at most ${MOST}`);
  };
  const archive = async (path: string) => {
    for (const entry of await entriesOf(join(folder, path))) {
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      const file = join(folder, name);
      const stats = await lstat(file);
      if (entry.isDirectory()) {
        add(header(folder, `${name}/`, TYPE.folder, 0o755, 0));
        await archive(name);
      } else if (entry.isFile()) {
        if (stats.size > MOST) throw refusal(folder, `${name} of ${stats.size} bytes`, `a folder of at most ${MOST}`);
        const contents = await readFile(file);
        add(header(folder, name, TYPE.file, modeOf(stats), contents.length));
        add(contents);
      } else if (entry.isSymbolicLink()) {
        add(header(folder, name, TYPE.link, 0o777, 0, await readlink(file)));
      } else {
        throw refusal(folder, `${name}, which is neither`, "files, folders and symbolic links");
      }
    }
  };
  await archive("");
  const bytes = new Uint8Array(Math.ceil((length + END_BLOCKS * BLOCK) / unit) * unit);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += Math.ceil(part.length / BLOCK) * BLOCK;
  }
  return bytes;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Who may execute it is kept; all may read it, and its owner write it. */
function modeOf({ mode }: Stats): number {
  return mode & 0o100 ? 0o755 : 0o644;
}

function header(folder: string, path: string, type: string, mode: number, size: number, link = ""): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const set = (field: keyof typeof FIELD, text: string) => {
    const [begin, bytes] = FIELD[field];
    if (new TextEncoder().encodeInto(text, block.subarray(begin, begin + bytes)).read < text.length) {
      throw refusal(folder, `${path}, whose ${field} is longer`, `at most ${bytes} bytes`);
    }
  };
  const number = (field: keyof typeof FIELD, value: number) => {
    set(field, value.toString(8).padStart(FIELD[field][1] - 1, "0"));
  };
  const [prefix, name] = split(path);
  set("name", name);
  set("prefix", prefix);
  number("mode", mode);
  number("owner", 0);
  number("group", 0);
  number("size", size);
  number("time", 0);
  set("type", type);
  set("link", link);
  set("magic", "ustar\u000000");
  // The sum is of a header whose sum is spaces.
  set("checksum", " ".repeat(FIELD.checksum[1]));
  const sum = block.reduce((total, byte) => total + byte, 0);
  set("checksum", `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** A path as a prefix and a name, of which the second has as much as it can. */
function split(path: string): [prefix: string, name: string] {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (let slash = -1; slash < path.length - 1; ) {
    const name = path.slice(slash + 1);
    if (bytes(name) <= FIELD.name[1]) return [path.slice(0, Math.max(0, slash)), name];
    const next = path.indexOf("/", slash + 1);
    if (next < 0) break;
    slash = next;
  }
  return ["", path];
}

function refusal(folder: string, received: string, expected: string): Error {
  return new Error(`Cannot archive ${folder}: received ${received}; expected ${expected}`);
}
