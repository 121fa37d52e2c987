/** Bytes from a domain's memory to the kernel's, and from one domain's to another's: what is in one page at once, else page by page. */
import { information } from "../vm/physical";
import { Domain, physical } from "./domain";

/** From a domain's memory to physical memory; false, and nothing is copied, if the domain does not have it. */
export function copyIn(domain: Domain, from: u32, to: usize, bytes: u32): bool {
  if (bytes <= rest(from)) {
    const at = physical(domain, from);
    if (at != 0) memory.copy(to, at, bytes);
    return at != 0;
  }
  if (!has(domain, from, bytes)) return false;
  for (let done: u32 = 0; done < bytes; ) {
    const part = min(bytes - done, rest(from + done));
    memory.copy(to + done, physical(domain, from + done), part);
    done += part;
  }
  return true;
}

/** From physical memory to a domain's. */
export function copyOut(domain: Domain, to: u32, from: usize, bytes: u32): bool {
  if (bytes <= rest(to)) {
    const at = physical(domain, to);
    if (at != 0) memory.copy(at, from, bytes);
    return at != 0;
  }
  if (!has(domain, to, bytes)) return false;
  for (let done: u32 = 0; done < bytes; ) {
    const part = min(bytes - done, rest(to + done));
    memory.copy(physical(domain, to + done), from + done, part);
    done += part;
  }
  return true;
}

/** From one domain's memory to another's. */
export function copyAcross(source: Domain, from: u32, target: Domain, to: u32, bytes: u32): bool {
  if (!has(source, from, bytes) || !has(target, to, bytes)) return false;
  for (let done: u32 = 0; done < bytes; ) {
    const part = min(bytes - done, min(rest(from + done), rest(to + done)));
    memory.copy(physical(target, to + done), physical(source, from + done), part);
    done += part;
  }
  return true;
}

/** Whether the domain's memory has all of these bytes; they have frames from then on. */
function has(domain: Domain, address: u32, bytes: u32): bool {
  const end = <u64>address + bytes;
  if (end > u32.MAX_VALUE) return false;
  for (let at = address; at < <u32>end; at += rest(at)) if (physical(domain, at) == 0) return false;
  return true;
}

/** Bytes from an address to the end of its page. */
function rest(address: u32): u32 {
  const page = information.pageBytes;
  return page - (address & (page - 1));
}
