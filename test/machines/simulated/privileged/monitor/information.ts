/**
 * What the guest is told: the machine's own block, with its first image, the monitor, left out. It lies at the end of the
 * guest's memory as it does at the end of the machine's, so that all addresses in it change by the same.
 */
import {
  DataInformation,
  DeviceInformation,
  ExportInformation,
  ImageInformation,
  ImportInformation,
  Information,
} from "../../../../../kernel/information";
import { Command, Device, io } from "../../../../../kernel/privileged";
import { guestBytes, information, physical, SHARED } from "./memory";
import { guestSpaces } from "./translations";

/** Words for all processors: how many blocks of the boot disk are before the guest's, and how many requests. */
const BLOCKS: usize = SHARED + 8;
const REQUESTS: usize = SHARED + 12;

/** The guest's kernel, by its numbers of functions. */
export let start: i32 = -1;
export let boot: u32 = 0;
export let handleTrap: u32 = 0;
export let handleInterrupt: u32 = 0;

function imageOf(number: u32): ImageInformation {
  return changetype<ImageInformation>(information.images + number * offsetof<ImageInformation>());
}

export function deviceOf(number: u32): DeviceInformation {
  return changetype<DeviceInformation>(information.devices + number * offsetof<DeviceInformation>());
}

/** The disk with the images' data. */
export function bootDisk(): u32 {
  let number: u32 = 0;
  while (deviceOf(number).kind != Device.Disk) number++;
  return number;
}

export function beginInformation(): void {
  start = imageOf(1).start;
  boot = exported("boot");
  handleTrap = exported("handle_trap");
  handleInterrupt = exported("handle_interrupt");
}

function exported(name: string): u32 {
  const image = imageOf(1);
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
    if (one.kind == 0 && isText(one.name, one.nameBytes, name)) return one.index;
  }
  return 0;
}

function isText(address: usize, bytes: u32, text: string): bool {
  if (bytes != text.length) return false;
  for (let i = 0; i < text.length; i++) if (load<u8>(address + i) != text.charCodeAt(i)) return false;
  return true;
}

/** Blocks before the guest's, on the disk with the images' data; requests before the guest's. */
export function blocksBefore(device: u32): u32 {
  return device == bootDisk() ? load<u32>(BLOCKS) : 0;
}

export function requestsBefore(): u32 {
  return load<u32>(REQUESTS);
}

/** What is added to an address of the machine's block for that in the guest's. */
function shift(): u32 {
  const first = changetype<u32>(information);
  return guestBytes - (information.frames * information.pageBytes - first) - first;
}

/** Where the guest finds what it is told. */
export function guestInformation(): u32 {
  return changetype<u32>(information) + shift();
}

/** Writes the guest's copy of a word of the block. */
function set(at: usize, value: u32): void {
  store<u32>(physical(<u32>at + shift()), value);
}

function moveAddress(at: usize): void {
  set(at, load<u32>(at) + shift());
}

/** Writes what the guest is told. One processor, before all others' guests boot. */
export function writeInformation(): void {
  const block = changetype<usize>(information);
  for (let at = <u32>block; at < information.frames * information.pageBytes; at += information.pageBytes) {
    memory.copy(physical(at + shift()), at, information.pageBytes);
  }
  set(block + offsetof<Information>("frames"), guestBytes / information.pageBytes);
  set(block + offsetof<Information>("spaces"), guestSpaces());
  moveAddress(block + offsetof<Information>("devices"));
  moveAddress(block + offsetof<Information>("arguments"));
  set(block + offsetof<Information>("images"), information.images + shift() + offsetof<ImageInformation>());
  set(block + offsetof<Information>("imageCount"), information.imageCount - 1);
  const monitors = blocksOf(imageOf(0));
  store<u32>(BLOCKS, monitors);
  const disk = information.devices + bootDisk() * offsetof<DeviceInformation>();
  set(disk + offsetof<DeviceInformation>("blocks"), deviceOf(bootDisk()).blocks - monitors);
  for (let number: u32 = 1; number < information.imageCount; number++) writeImage(imageOf(number), monitors);
}

function writeImage(image: ImageInformation, blocks: u32): void {
  const row = changetype<usize>(image);
  moveAddress(row + offsetof<ImageInformation>("exports"));
  moveAddress(row + offsetof<ImageInformation>("imports"));
  moveAddress(row + offsetof<ImageInformation>("data"));
  moveAddress(row + offsetof<ImageInformation>("name"));
  for (let i: u32 = 0; i < image.exportCount; i++) {
    moveAddress(image.exports + i * offsetof<ExportInformation>() + offsetof<ExportInformation>("name"));
  }
  for (let i: u32 = 0; i < image.importCount; i++) {
    const imported = image.imports + i * offsetof<ImportInformation>();
    moveAddress(imported + offsetof<ImportInformation>("module"));
    moveAddress(imported + offsetof<ImportInformation>("name"));
  }
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const at = image.data + i * offsetof<DataInformation>() + offsetof<DataInformation>("block");
    set(at, load<u32>(at) - blocks);
  }
}

function dataOf(image: ImageInformation, i: u32): DataInformation {
  return changetype<DataInformation>(image.data + i * offsetof<DataInformation>());
}

function blocksOf(image: ImageInformation): u32 {
  let blocks: u32 = 0;
  for (let i: u32 = 0; i < image.dataCount; i++) blocks += dataOf(image, i).pages;
  return blocks;
}

/** Reads the data of the guest's kernel to its memory. The caller waits for each request. */
export function readKernel(awaitOne: () => void): void {
  const image = imageOf(1);
  let last: u32 = 0;
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const run = dataOf(image, i);
    for (let page: u32 = 0; page < run.pages; page++) {
      last = io(bootDisk(), Command.Read, run.block + page, physical((run.page + page) * information.pageBytes));
      awaitOne();
    }
  }
  store<u32>(REQUESTS, last);
}
