/** A module that is not the machine's: an import of it is a system call, of two words and one. */
export declare function ask(a: i64, b: i32): i32;
