/** The types of a pool's tasks: what the exports of its module say. */

// biome-ignore lint/suspicious/noExplicitAny: what is assignable to all functions.
type Task = (...args: any[]) => unknown;

/** Where a program does not say which module it is. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of it.
export type AnyTasks = Record<string, (...args: any[]) => any>;

/** The names of its functions. */
export type TaskName<Tasks> = { [Name in keyof Tasks]: Tasks[Name] extends Task ? Name : never }[keyof Tasks] & string;

export type TaskArguments<Tasks, Name extends keyof Tasks> = Tasks[Name] extends Task ? Parameters<Tasks[Name]> : never;

export type TaskResult<Tasks, Name extends keyof Tasks> = Tasks[Name] extends Task
  ? Awaited<ReturnType<Tasks[Name]>>
  : never;

/** The one argument of a task that is mapped over items; none fits where a task needs more. */
export type TaskItem<Tasks, Name extends keyof Tasks> =
  TaskArguments<Tasks, Name> extends readonly [unknown, unknown, ...unknown[]] ? never : TaskArguments<Tasks, Name>[0];
