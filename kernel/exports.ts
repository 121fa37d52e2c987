/** What an image exports, by name. */
import { ExportInformation, ImageInformation } from "./information";
import { NONE } from "./vm/physical";

const FUNCTION: u32 = 0;

/** The number of the function that an image exports by a name, in ASCII; NONE if there is none. */
export function findFunction(image: ImageInformation, name: string): u32 {
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = exportOf(image, i);
    if (one.kind == FUNCTION && isText(one.name, one.nameBytes, name)) return one.index;
  }
  return NONE;
}

/** The same of a name in memory. */
export function findNamed(image: ImageInformation, name: usize, bytes: u32): u32 {
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = exportOf(image, i);
    if (one.kind == FUNCTION && one.nameBytes == bytes && memory.compare(one.name, name, bytes) == 0) return one.index;
  }
  return NONE;
}

function exportOf(image: ImageInformation, i: u32): ExportInformation {
  return changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
}

/** Whether bytes are a text. */
export function isText(address: usize, bytes: u32, text: string): bool {
  let i = 0;
  while (i < text.length && <u32>i < bytes && load<u8>(address + i) == text.charCodeAt(i)) i++;
  return i == text.length && <u32>i == bytes;
}
