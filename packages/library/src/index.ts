/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Landspout: locks, conditions, barriers, counters and channels for the workers of Node and browser programs.
 *
 * @packageDocumentation
 */
export * from "./abandoned-error.js";
export * from "./barrier.js";
export * from "./channel.js";
export * from "./clustered-object.js";
export * from "./condition.js";
export * from "./counter.js";
export * from "./errors.js";
export * from "./event.js";
export * from "./histogram.js";
export type { Kind } from "./kinds.js";
export * from "./latch.js";
export * from "./mcs-lock.js";
export type { Memory } from "./memory.js";
export * from "./mutex.js";
export { named } from "./names.js";
export * from "./once.js";
export type { MapOptions } from "./pool/map.js";
export type { Key, PoolOptions, PoolPolicy, RunOptions, Store } from "./pool/options.js";
export { Pool } from "./pool/pool.js";
export type { PoolStatistics, WorkerStatistics } from "./pool/statistics.js";
export { currentTask, type Task } from "./pool/task.js";
export type { AnyTasks, TaskArguments, TaskItem, TaskName, TaskResult } from "./pool/tasks.js";
export * from "./receive.js";
export * from "./replicated.js";
export * from "./rw-lock.js";
export * from "./select.js";
export * from "./semaphore.js";
export type { Procedures } from "./service/description.js";
export { bytes, type FixedType, f64, i32, procedure } from "./service/signature.js";
export * from "./service.js";
export * from "./shared-buffer.js";
export * from "./shared-cache.js";
export * from "./shared-map.js";
export type { Existing, Handle, SharedObject } from "./shared-object.js";
export { SharedSpace, type SpaceOptions } from "./space.js";
export { SpinningLock, type SpinningLockOptions } from "./spinning.js";
export type { Synchronous } from "./synchronous.js";
export * from "./ticket-lock.js";
export { type Relockable, type Unlockable, UnlockToken } from "./unlock-token.js";
export type { SharedBytes, SharedView, SharedViews, ViewClass } from "./views.js";
export type { WaitOptions } from "./waiting.js";
