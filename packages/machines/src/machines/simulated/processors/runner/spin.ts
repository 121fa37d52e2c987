/**
 * Recognizes when a processor spins: it comes to a load in exactly the state in which it came there before, and did
 * nothing in between but loads that hit. Until one of the lines changes it will do the same again and again.
 *
 * It compares with one earlier load, the checkpoint, which moves on after 4, 8, 16, ... loads (Brent, BIT 20, 1980), so
 * that a loop of any length is found and a look costs little.
 */
import { lineBytes } from "./cache";
import { remember, unchanged } from "./processor";
import {
  ADDRESS,
  AT,
  CHECKPOINT_ADDRESS,
  CHECKPOINT_INSTRUCTIONS,
  CHECKPOINT_LOADS,
  CHECKPOINT_PC,
  CHECKPOINT_TIME,
  CHECKPOINT_WRITE,
  INSTRUCTIONS,
  LINE,
  LINES,
  LOADS,
  NEXT_CHECKPOINT,
  PC,
  PERIOD,
  recordOf,
  TURN_INSTRUCTIONS,
  TURN_LOADS,
} from "./record";
import { lastWrite, writtenSince } from "./writes";

/** Loads after which a loop is looked for; then after twice, four times, ... as many. */
const FIRST_CHECKPOINT: u64 = 4;
/** The most lines of a loop. */
const MAXIMUM_LINES: u32 = 16;
const NONE: u32 = -1;

/** The processor is about to load; LOADS is 0 if it did something else than loads that hit before. Whether it spins. */
export function spins(processor: u32): bool {
  const record = recordOf(processor);
  const pc = load<u32>(record, PC);
  const address = load<u32>(record, ADDRESS);
  const loads = load<u64>(record, LOADS) + 1;
  if (loads == 1) {
    store<u64>(record, FIRST_CHECKPOINT, NEXT_CHECKPOINT);
    store<u32>(record, NONE, CHECKPOINT_PC);
  }
  store<u64>(record, loads, LOADS);
  if (
    pc == load<u32>(record, CHECKPOINT_PC) &&
    address == load<u32>(record, CHECKPOINT_ADDRESS) &&
    unchanged(processor)
  ) {
    if (!changed(record)) {
      store<f64>(record, load<f64>(record, AT) - load<f64>(record, CHECKPOINT_TIME), PERIOD);
      const instructions = load<f64>(record, INSTRUCTIONS) - load<f64>(record, CHECKPOINT_INSTRUCTIONS);
      store<f64>(record, instructions, TURN_INSTRUCTIONS);
      store<f64>(record, <f64>(loads - load<u64>(record, CHECKPOINT_LOADS)), TURN_LOADS);
      return true;
    }
    setCheckpoint(processor, record);
  }
  if (loads == load<u64>(record, NEXT_CHECKPOINT)) {
    store<u64>(record, 2 * loads, NEXT_CHECKPOINT);
    setCheckpoint(processor, record);
  }
  if (load<u32>(record, CHECKPOINT_PC) != NONE) addLine(record, address & -lineBytes);
  return false;
}

/** Whether a line of the loop was written since the checkpoint. */
function changed(record: u32): bool {
  const write = load<f64>(record, CHECKPOINT_WRITE);
  const lines = load<u32>(record, LINES);
  for (let i: u32 = 0; i < lines; i++) {
    if (writtenSince(write, load<u32>(record + 4 * i, LINE), lineBytes)) return true;
  }
  return false;
}

function addLine(record: u32, line: u32): void {
  const lines = load<u32>(record, LINES);
  for (let i: u32 = 0; i < lines; i++) {
    if (load<u32>(record + 4 * i, LINE) == line) return;
  }
  if (lines == MAXIMUM_LINES) {
    store<u32>(record, NONE, CHECKPOINT_PC);
    return;
  }
  store<u32>(record + 4 * lines, line, LINE);
  store<u32>(record, lines + 1, LINES);
}

function setCheckpoint(processor: u32, record: u32): void {
  remember(processor);
  store<u32>(record, load<u32>(record, PC), CHECKPOINT_PC);
  store<u32>(record, load<u32>(record, ADDRESS), CHECKPOINT_ADDRESS);
  store<f64>(record, load<f64>(record, AT), CHECKPOINT_TIME);
  store<f64>(record, load<f64>(record, INSTRUCTIONS), CHECKPOINT_INSTRUCTIONS);
  store<u64>(record, load<u64>(record, LOADS), CHECKPOINT_LOADS);
  store<f64>(record, lastWrite(), CHECKPOINT_WRITE);
  store<u32>(record, 0, LINES);
}
