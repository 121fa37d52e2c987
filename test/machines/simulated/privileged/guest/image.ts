/** The guest's image 1, which is its program. */
import { ExportInformation, ImageInformation } from "../../../../../kernel/information";
import { create_instance } from "../../../../../kernel/privileged";

let image: ImageInformation = changetype<ImageInformation>(0);
/** The program, and one that is called by it: of the first processor alone. */
export let program: u32 = 0;
export let server: u32 = 0;

export function beginImage(images: u32): void {
  image = changetype<ImageInformation>(images + offsetof<ImageInformation>());
}

export function createInstances(): void {
  program = create_instance(1, 0);
  server = create_instance(1, 0);
}

/** The number of what the program exports by a name. */
export function exported(name: string): u32 {
  let i: u32 = 0;
  while (!isNamed(exportOf(i), name)) i++;
  return exportOf(i).index;
}

function exportOf(i: u32): ExportInformation {
  return changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
}

function isNamed(one: ExportInformation, name: string): bool {
  if (one.nameBytes != name.length) return false;
  for (let i = 0; i < name.length; i++) if (load<u8>(one.name + i) != name.charCodeAt(i)) return false;
  return true;
}
