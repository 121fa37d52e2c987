/** The guest's devices: one request at a time, whose end is taken where it is waited for. */
import { DeviceInformation, Information } from "../../../../../kernel/information";
import { Command, Device, enable_interrupts, idle, io } from "../../../../../kernel/privileged";
import { line } from "./log";

let information: Information = changetype<Information>(0);
/** The request that ended last. */
let completed: u32 = 0;

export function beginDevices(address: u32): void {
  information = changetype<Information>(address);
}

function deviceOf(kind: u32): u32 {
  let number: u32 = 0;
  while (changetype<DeviceInformation>(information.devices + number * offsetof<DeviceInformation>()).kind != kind)
    number++;
  return number;
}

/** What the handler of interrupts says. */
export function complete(request: u32): void {
  completed = request;
}

function transfer(kind: u32, command: u32, a: u32, b: u32): void {
  const request = io(deviceOf(kind), command, a, b);
  while (completed != request) {
    idle();
    enable_interrupts(true);
    enable_interrupts(false);
  }
}

/** Reads a block of the boot disk. */
export function read(block: u32, frame: u32): void {
  transfer(Device.Disk, Command.Read, block, frame);
  line("read from disk");
}

export function writeConsole(address: u32, bytes: u32): void {
  transfer(Device.Console, Command.Write, address, bytes);
}

export function readConsole(address: u32, bytes: u32): void {
  transfer(Device.Console, Command.Read, address, bytes);
}

export function stop(status: u32): void {
  io(deviceOf(Device.Power), Command.Write, status, 0);
}
