/**
 * The workload of scheduling policies: N tasks on M processors. Each task thinks, becomes ready, and is executed by the
 * processor that the policy gives it to: that computes while it goes over the task's footprint, memory that no other
 * task touches. What of it is in the processor's cache by then is the machine's affair; nothing is added for a reload.
 *
 *     task                  | random | turns | next | pages | due |                     shared memory, lines of its own
 *     its pages             | address | of each PAGE bytes of its footprint
 *     processor's agenda    | first | rows | row ...                                    its local memory
 *     row                   | task | intervening | work | response | time | end |
 *
 * Who makes a task ready: the processor that executed it last. That keeps those that think in the order in which they
 * are due, and has a timer, as each processor of a computer has. Between two pages of a footprint it looks whether the
 * first is due; and it sleeps at its bell no longer than until then. So no processor has to be given up for this, all
 * of them make tasks ready beside each other, and a task that thinks is in nobody's queue. What the timer takes of a
 * task's execution is not counted as the task's.
 *
 * Pages are dealt out at random, as operating systems do: so footprints meet in the sets of a cache as in the analysis of
 * Squillante & Lazowska, IEEE TPDS 4(2), 1993. A task's random numbers are its own: it thinks and computes the same under
 * every policy.
 *
 * The end: each task has been executed `turns` times, or somebody asks for it, or there is no room for another row. Who
 * sees it first leaves, and rings all others.
 */
import { fetch_and_decrement, read } from "../atomics";
import { clock, Failure, fail, processor, work } from "../machine";
import { CACHE_LINE, local, shared, sharedLeft } from "../memory/placement";
import { exponential, random, randomState } from "../random";
import { intervening, lastOf } from "../tasks/affinity";
import { bellOf, keyOf, LATER, NO_BOUND, taskAt } from "../tasks/scheduler";
import { createExperiment, createRecord, Experiment, experiment_stop, recordOf, stopped } from "./experiment";

/** Bytes of a footprint that lie together. */
const PAGE: u32 = CACHE_LINE;
/** Bytes from one reference to the next: no line of a cache is smaller. A page has eight. */
const LINE: usize = 16;
/** Of so many pages in a row the first `written` are written, the others read. */
const SHARE: u32 = 16;
/** Parts of an execution without a footprint, between which the timer looks. */
const PARTS: u32 = 16;
/** Executions of a processor that can be observed. */
const ROWS: u32 = 2000;
const NOBODY: u32 = u32.MAX_VALUE;

/** What the tasks do: `Experiment.data` is its address. */
@unmanaged
class Workload {
  tasks: u32;
  /** Pages of each footprint. */
  pages: u32;
  /** Of 16 pages of a footprint so many are written, and the others read. */
  written: u32;
  /** How often an execution goes over the footprint. */
  passes: u32;
  /** Address of the number of tasks with executions left, on a line of its own. */
  unfinished: usize;
  /** Address of the tasks. */
  records: usize;
  /** Mean time for which a task thinks, in the machine's unit, exponentially distributed. */
  think: f64;
  /** Nanoseconds of one unit of the machine's clock. */
  unit: f64;
}

@unmanaged
class Task {
  /** State of its random numbers. */
  random: u32;
  /** Executions left. */
  turns: u32;
  /** The task that is due after this one at the same processor, or NOBODY. */
  next: u32;
  /** Address of the table of its pages. */
  pages: usize;
  /** When it becomes ready, or became. */
  due: f64;
}

@unmanaged
class Agenda {
  /** The task that is due first, or NOBODY. */
  first: u32;
  /** When that is; Infinity if there is none. */
  due: f64;
  /** Rows written. */
  rows: u32;
  /** Time for making tasks ready, and for asking, where that gave a task. */
  deciding: f64;
}

/** One execution of a task. */
@unmanaged
class Row {
  /** Twice its number, and 1 more if its last execution was elsewhere. */
  task: u32;
  /** Tasks that the processor has done since it executed this one, 2^32 - 1 if it never did. */
  intervening: u32;
  /** Cycles that it computed. */
  work: u32;
  /** From the moment at which it was due to its end. */
  response: f32;
  /** Of the execution alone. */
  time: f32;
  /** Of the experiment, at the execution's end. */
  end: f32;
}

/** `bytes`: of each footprint. */
export function prepareTasks(
  scheduler: usize,
  processors: u32,
  turns: u32,
  busy: u32,
  think: f64,
  observed: bool,
  tasks: u32,
  bytes: u32,
  written: u32,
  passes: u32,
  unit: f64,
): Experiment {
  const E = createExperiment(scheduler, processors, turns, busy, 0, observed);
  const workload = changetype<Workload>(shared(offsetof<Workload>()));
  workload.tasks = tasks;
  workload.pages = (bytes + PAGE - 1) / PAGE;
  workload.written = written;
  workload.passes = passes;
  workload.think = think;
  workload.unit = unit;
  workload.unfinished = shared(4);
  store<u32>(workload.unfinished, tasks);
  workload.records = shared(tasks * CACHE_LINE);
  E.data = changetype<usize>(workload);
  for (let p: u32 = 0; p < processors; p++) {
    const agenda = changetype<Agenda>(local(p, offsetof<Agenda>() + (observed ? ROWS * offsetof<Row>() : 0)));
    agenda.first = NOBODY;
    agenda.due = Infinity;
    createRecord(E, p, changetype<usize>(agenda));
  }
  const pages = dealPages(tasks * workload.pages);
  for (let t: u32 = 0; t < tasks; t++) {
    const task = taskOf(workload, t);
    task.random = randomState(t);
    task.turns = turns;
    task.pages = pages + t * workload.pages * 4;
  }
  return E;
}

/** The addresses of so many pages of all the memory that is left, in a random order: the address of the table. */
function dealPages(count: u32): usize {
  if (count == 0) return 0;
  const state = shared(4);
  store<u32>(state, randomState(NOBODY));
  // A page, its place in the table, and the lines that this is rounded up to.
  const all = sharedLeft() / (PAGE + 4) - 1;
  if (count > all) fail(Failure.OutOfSharedMemory);
  const table = shared(all * 4);
  const first = shared(all * PAGE);
  for (let i: u32 = 0; i < all; i++) {
    const other = table + random(state, i + 1) * 4;
    store<u32>(table + i * 4, load<u32>(other));
    store<u32>(other, <u32>first + i * PAGE);
  }
  return table;
}

function taskOf(workload: Workload, t: u32): Task {
  return changetype<Task>(workload.records + t * CACHE_LINE);
}

/** Times as policies have them. */
function short(time: f64): u32 {
  return <u32>(<u64>time);
}

/** To be executed by every processor of the experiment. */
export function runTasks<P>(E: Experiment): void {
  const me = processor();
  const record = recordOf(E, me);
  const agenda = changetype<Agenda>(record.I);
  const workload = changetype<Workload>(E.data);
  const policy = changetype<P>(E.object);
  const bell = bellOf(E.object, me);
  policy.come(me);
  record.begin = clock();
  // Nobody has executed them yet: each processor has its part of them.
  for (let t = me; t < workload.tasks; t += E.processors) beginToThink(workload, agenda, t, record.begin);
  while (!stopped(record)) {
    wakeThinkers<P>(policy, workload, agenda);
    const seen = read(bell);
    const asked = clock();
    const task = policy.next(me, short(asked));
    if (task < LATER) {
      agenda.deciding += clock() - asked;
      execute<P>(E, me, task);
      continue;
    }
    const bound = task == LATER ? policy.wait(me, short(asked)) : NO_BOUND;
    const due = agenda.due - clock();
    const limit = bound == NO_BOUND ? due : min(due, <f64>bound);
    if (limit > 0) atomic.wait<u32>(bell, seen, limit == Infinity ? -1 : <i64>ceil(limit * workload.unit));
  }
  policy.leave(me);
  record.end = clock();
}

function beginToThink(workload: Workload, agenda: Agenda, t: u32, now: f64): void {
  const task = taskOf(workload, t);
  task.due = now + exponential(changetype<usize>(task), workload.think);
  if (task.due < agenda.due) {
    task.next = agenda.first;
    agenda.first = t;
    agenda.due = task.due;
    return;
  }
  let before = taskOf(workload, agenda.first);
  while (before.next != NOBODY && taskOf(workload, before.next).due <= task.due) before = taskOf(workload, before.next);
  task.next = before.next;
  before.next = t;
}

/** Whoever has thought enough becomes ready. */
function wakeThinkers<P>(policy: P, workload: Workload, agenda: Agenda): void {
  for (let now = clock(); agenda.due <= now; ) {
    const t = agenda.first;
    const next = taskOf(workload, t).next;
    agenda.first = next;
    agenda.due = next == NOBODY ? Infinity : taskOf(workload, next).due;
    policy.ready(t, short(now));
    const then = clock();
    agenda.deciding += then - now;
    now = then;
  }
}

/** The task that the policy has given to the processor. */
function execute<P>(E: Experiment, me: u32, t: u32): void {
  const record = recordOf(E, me);
  const agenda = changetype<Agenda>(record.I);
  const workload = changetype<Workload>(E.data);
  const policy = changetype<P>(E.object);
  const task = taskOf(workload, t);
  const K = keyOf(taskAt(E.object, t));
  const before = intervening(E.object, K, me);
  const last = lastOf(K);
  const cycles = <u32>exponential(changetype<usize>(task), E.busy);
  const pages = workload.pages;
  const written = workload.written;
  const parts = pages == 0 ? PARTS : pages * workload.passes;
  const share = cycles / parts;
  let place: u32 = 0;
  let interrupted: f64 = 0;
  const begin = clock();
  for (let part: u32 = 0; part < parts; part++) {
    if (pages != 0) {
      const page = <usize>load<u32>(task.pages + place * 4);
      if (place % SHARE < written) writePage(page);
      else readPage(page);
      if (++place == pages) place = 0;
    }
    work(share);
    if (agenda.due <= clock()) {
      const since = clock();
      wakeThinkers<P>(policy, workload, agenda);
      interrupted += clock() - since;
    }
  }
  work(cycles - share * parts);
  const end = clock();
  policy.done(me);
  record.done++;
  if (E.observed) {
    const row = rowAt(agenda, agenda.rows++);
    row.task = 2 * t + (last != 0 && last != me + 1 ? 1 : 0);
    row.intervening = before;
    row.work = cycles;
    row.response = <f32>(end - task.due);
    row.time = <f32>(end - begin - interrupted);
    row.end = <f32>(end - record.begin);
    if (agenda.rows == ROWS) experiment_stop(E);
  }
  if (--task.turns != 0) beginToThink(workload, agenda, t, end);
  else if (fetch_and_decrement(workload.unfinished) == 1) experiment_stop(E);
}

/** Refers to a word of each line of a page. */
function readPage(page: usize): void {
  load<u32>(page);
  load<u32>(page, LINE);
  load<u32>(page, 2 * LINE);
  load<u32>(page, 3 * LINE);
  load<u32>(page, 4 * LINE);
  load<u32>(page, 5 * LINE);
  load<u32>(page, 6 * LINE);
  load<u32>(page, 7 * LINE);
}

function writePage(page: usize): void {
  store<u32>(page, 1);
  store<u32>(page, 1, LINE);
  store<u32>(page, 1, 2 * LINE);
  store<u32>(page, 1, 3 * LINE);
  store<u32>(page, 1, 4 * LINE);
  store<u32>(page, 1, 5 * LINE);
  store<u32>(page, 1, 6 * LINE);
  store<u32>(page, 1, 7 * LINE);
}

function rowAt(agenda: Agenda, i: u32): Row {
  return changetype<Row>(changetype<usize>(agenda) + offsetof<Agenda>() + i * offsetof<Row>());
}

/** The address of the first of a processor's rows, and how many there are: only of an observed experiment. */
export function tasks_first_row(E: Experiment, p: u32): usize {
  return changetype<usize>(rowAt(changetype<Agenda>(recordOf(E, p).I), 0));
}

export function tasks_rows(E: Experiment, p: u32): u32 {
  return changetype<Agenda>(recordOf(E, p).I).rows;
}

/** Time that the processor took to make tasks ready and to be given some. */
export function tasks_deciding(E: Experiment, p: u32): f64 {
  return changetype<Agenda>(recordOf(E, p).I).deciding;
}
