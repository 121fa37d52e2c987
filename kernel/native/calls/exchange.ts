/**
 * Messages between two threads of this computer: processor 0 calls, processor 1 serves. What is sent is copied as in
 * kernel/calls/message.ts: A, B, C and E on the way to the server, B, C and F on the way back. Instead of a context switch, the
 * other thread sees the word of its turn, which it spins on for a while and then sleeps on.
 *
 *     | turn | ... line: the kernel's buffer | client's bytes | client's message | server's message | server's stack |
 *
 *     turn:   2 i -> 2 i + 1    the client has sent call i
 *             2 i + 1 -> 2 i + 2    the server has answered it
 */
import { read, write } from "../../atomics";
import { ANSWER, BIG, MARK } from "../../calls/procedures";
import { pause, processor } from "../../machine";

const BUFFER: u32 = 256;
const BYTES: u32 = 768;
const CLIENT: u32 = 1280;
const SERVER: u32 = 1792;
const STACK: u32 = 2304;

/** Of a turn, at `at`, where it is 0: how many answers were wrong. `bytes`: 0, or as many as the big ones take. */
export function exchange(at: usize, calls: u32, bytes: u32, looks: u32): u32 {
  return processor() == 0 ? callAll(at, calls, bytes, looks) : serveAll(at, calls, bytes, looks);
}

function callAll(at: usize, calls: u32, bytes: u32, looks: u32): u32 {
  let wrong: u32 = 0;
  store<u32>(at + BYTES, MARK);
  store<u32>(at + BYTES + BIG - 4, MARK);
  for (let i: u32 = 0; i < calls; i++) {
    if (bytes != 0) {
      memory.copy(at + CLIENT, at + BYTES, bytes);
      memory.copy(at + BUFFER, at + CLIENT, bytes);
    }
    give(at, 2 * i + 1);
    waitFor(at, 2 * i + 2, looks);
    if (bytes == 0) continue;
    memory.copy(at + CLIENT, at + BUFFER, bytes);
    memory.copy(at + BYTES, at + CLIENT, bytes);
    wrong += u32(load<u32>(at + BYTES) != MARK + ANSWER || load<u32>(at + BYTES + BIG - 4) != MARK + ANSWER);
    store<u32>(at + BYTES, MARK);
    store<u32>(at + BYTES + BIG - 4, MARK);
  }
  return wrong;
}

function serveAll(at: usize, calls: u32, bytes: u32, looks: u32): u32 {
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    waitFor(at, 2 * i + 1, looks);
    if (bytes != 0) {
      memory.copy(at + SERVER, at + BUFFER, bytes);
      memory.copy(at + STACK, at + SERVER, bytes);
      wrong += u32(load<u32>(at + STACK) != MARK || load<u32>(at + STACK + BIG - 4) != MARK);
      store<u32>(at + SERVER, MARK + ANSWER);
      store<u32>(at + SERVER + BIG - 4, MARK + ANSWER);
      memory.copy(at + BUFFER, at + SERVER, bytes);
    }
    give(at, 2 * i + 2);
  }
  return wrong;
}

function give(turn: usize, value: u32): void {
  write(turn, value);
  atomic.notify(turn, 1);
}

function waitFor(turn: usize, value: u32, looks: u32): void {
  for (let i: u32 = 0; i < looks; i++) {
    if (read(turn) == value) return;
    pause();
  }
  for (let seen = read(turn); seen != value; seen = read(turn)) atomic.wait<u32>(turn, seen, -1);
}
