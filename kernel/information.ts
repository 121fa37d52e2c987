/**
 * What a kernel is told when it boots: a block of 32-bit words in physical memory, at its end, with the tables it names.
 * Addresses are physical, texts UTF-8 with their lengths beside them. A monitor writes its guest's.
 *
 *     | pageBytes | frames | processors | walks | spaces | nodes | devices, count | images, count | arguments, bytes |
 *         kilohertz |
 *     device:  | kind | blocks |
 *     image:   | code page, pages | memory pages, most | start | exports, count | imports, count | data, count | name, bytes |
 *     export:  | kind | index | name, bytes |
 *     import:  | module, bytes | name, bytes |
 *     data:    | page | pages | block |
 */
@unmanaged
export class Information {
  /** Bytes of a page, and of a block of a disk: 512 to 16384. */
  pageBytes: u32;
  /** Of physical memory; those from this block's own on hold it. */
  frames: u32;
  processors: u32;
  /** 1: translations are read from tables in memory; 0: the kernel writes them. */
  walks: u32;
  /** How many spaces the TLB can tell apart; 1 for one at a time. */
  spaces: u32;
  /** Each has as many of the processors, and as many of the frames, one after the other. */
  nodes: u32;
  devices: u32;
  deviceCount: u32;
  images: u32;
  imageCount: u32;
  arguments: u32;
  argumentsBytes: u32;
  /** Of the processors: cycles a millisecond. */
  kilohertz: u32;
}

@unmanaged
export class DeviceInformation {
  kind: u32;
  /** Of a disk. */
  blocks: u32;
}

/** Image 0 is the kernel itself. */
@unmanaged
export class ImageInformation {
  /** Where its code lies: pages above those of 32-bit addresses. */
  codePage: u32;
  codePages: u32;
  /** Pages of 64 KiB. */
  memoryPages: u32;
  memoryMost: u32;
  /** The start function's number, -1 for none. */
  start: i32;
  exports: u32;
  exportCount: u32;
  /** Of functions, in the order of their numbers. */
  imports: u32;
  importCount: u32;
  /** What its memory holds at first, by runs of pages on disk 0 of the machine; all else is zero. */
  data: u32;
  dataCount: u32;
  name: u32;
  nameBytes: u32;
}

@unmanaged
export class ExportInformation {
  /** 0 a function that `call` takes, 1 table, 2 memory, 3 global, 4 another function. */
  kind: u32;
  index: u32;
  name: u32;
  nameBytes: u32;
}

@unmanaged
export class ImportInformation {
  module: u32;
  moduleBytes: u32;
  name: u32;
  nameBytes: u32;
}

@unmanaged
export class DataInformation {
  page: u32;
  pages: u32;
  block: u32;
}
