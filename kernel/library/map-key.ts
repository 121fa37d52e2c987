/**
 * Keys: their bytes, of which equal keys have the same, and the hash that says where a key is.
 *
 *     header   bytes * 4 + form: a number, a string of units of 1 byte, one of units of 2 bytes, or bytes
 *     number   8 bytes; 0 for -0, and one NaN, so that keys are equal as those of a Map are
 *
 * The hash is seeded, so that who chooses keys cannot choose them to meet in one place.
 *
 * Source: SipHash-1-3: Aumasson & Bernstein, SipHash: a fast short-input PRF, INDOCRYPT 2012; with a key's header where that
 * has the length.
 */
import { key, keyBytes, keyHeader, NUMBER_KEY, seed } from "./map-layout";

const NAN: u64 = 0x7ff8000000000000;
const MINUS_ZERO: u64 = (<u64>1) << 63;

/** Whether these are the bits of a NaN. */
export function isNoNumber(bits: u64): bool {
  const magnitude = bits & ~MINUS_ZERO;
  return magnitude > (<u64>0x7ff) << 52;
}

/** Makes what is looked for fit to be compared: whoever wrote the key at A has not looked behind its last byte. */
export function settleKey(A: usize): void {
  const length = keyBytes(A);
  if ((load<u32>(A + keyHeader) & 3) == NUMBER_KEY) {
    const number = load<u64>(A + key);
    if (number == MINUS_ZERO) store<u64>(A + key, 0);
    else if (isNoNumber(number)) store<u64>(A + key, NAN);
  } else if (length & 7) {
    const last = A + key + (length & ~7);
    store<u64>(last, load<u64>(last) & (((<u64>1) << ((length & 7) * 8)) - 1));
  }
}

export function isKey(node: usize, A: usize): bool {
  const header = load<u32>(A + keyHeader);
  if (load<u32>(node + keyHeader) != header) return false;
  for (let at: u32 = 0, end = header >> 2; at < end; at += 8) {
    if (load<u64>(node + key + at) != load<u64>(A + key + at)) return false;
  }
  return true;
}

/** One loop, in locals: for each word of the key, for its header, and for the three rounds at the end. */
export function hashOf(M: usize, A: usize): u64 {
  const k0 = load<u64>(M + seed);
  const k1 = load<u64>(M + seed + 8);
  let v0 = k0 ^ word(0x736f6d65, 0x70736575);
  let v1 = k1 ^ word(0x646f7261, 0x6e646f6d);
  let v2 = k0 ^ word(0x6c796765, 0x6e657261);
  let v3 = k1 ^ word(0x74656462, 0x79746573);
  const words = (keyBytes(A) + 7) / 8;
  for (let i: u32 = 0; i < words + 4; i++) {
    let message: u64 = 0;
    if (i < words) message = load<u64>(A + key + i * 8);
    else if (i == words) message = load<u32>(A + keyHeader);
    else if (i == words + 1) v2 ^= 0xff;
    v3 ^= message;
    v0 += v1;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v0 = rotl<u64>(v0, 32);
    v2 += v3;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v2 = rotl<u64>(v2, 32);
    v0 ^= message;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}

function word(high: u32, low: u32): u64 {
  return ((<u64>high) << 32) | <u64>low;
}
