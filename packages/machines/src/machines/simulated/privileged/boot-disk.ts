/** The boot disk: what the images' memories hold at first, page after page. All else in them is zero, and is not there. */

import type { DataSegment, Module } from "../../../wasm/module.js";
import { PAGE as WASM_PAGE } from "../../../wasm/module.js";

/** Consecutive pages of an image's memory, in as many blocks from one on. */
export interface Run {
  readonly page: number;
  pages: number;
  readonly block: number;
}

export interface BootDisk {
  /** Whole blocks. */
  readonly bytes: Uint8Array;
  /** By image, ascending. */
  readonly runs: readonly (readonly Run[])[];
}

/**
 * @param images their modules, by name
 * @param pageBytes of the machine's page
 * @throws {RangeError} if active data lies out of its image's memory
 */
export function makeBootDisk(
  images: readonly { readonly name: string; readonly module: Module }[],
  pageBytes: number,
): BootDisk {
  const blocks: Uint8Array[] = [];
  const runs = images.map(({ name, module }) => {
    const found: Run[] = [];
    for (const [page, bytes] of pagesOf(name, module, pageBytes)) {
      const last = found.at(-1);
      if (last !== undefined && last.page + last.pages === page) last.pages++;
      else found.push({ page, pages: 1, block: blocks.length });
      blocks.push(bytes);
    }
    return found;
  });
  const bytes = new Uint8Array(blocks.length * pageBytes);
  blocks.forEach((block, i) => void bytes.set(block, i * pageBytes));
  return { bytes, runs };
}

/** The pages that active data makes other than zero, ascending. */
function pagesOf(name: string, { data, memory }: Module, pageBytes: number): [page: number, bytes: Uint8Array][] {
  const pages = new Map<number, Uint8Array>();
  const memoryBytes = (memory?.initial ?? 0) * WASM_PAGE;
  data.forEach((segment, number) => {
    if (segment.mode !== "active") return;
    const end = segment.offset + segment.bytes.length;
    if (end > memoryBytes) {
      throw new RangeError(
        `Cannot boot ${name}: received data segment ${number} at ${segment.offset} to ${end}; expected it in the memory's ` +
          `first ${memoryBytes} bytes`,
      );
    }
    write(pages, segment, pageBytes);
  });
  return [...pages].filter(([, bytes]) => bytes.some((byte) => byte !== 0)).sort(([a], [b]) => a - b);
}

function write(pages: Map<number, Uint8Array>, { offset, bytes }: DataSegment, pageBytes: number): void {
  for (let done = 0; done < bytes.length; ) {
    const address = offset + done;
    const page = Math.floor(address / pageBytes);
    const within = address % pageBytes;
    const part = bytes.subarray(done, done + pageBytes - within);
    let contents = pages.get(page);
    if (contents === undefined) {
      contents = new Uint8Array(pageBytes);
      pages.set(page, contents);
    }
    contents.set(part, within);
    done += part.length;
  }
}
