/** 1 where processors have a kernel mode, else 0: the build compiles the interpreter and the runner for both. */
declare const PRIVILEGED: i32;
