/** Of the kernel's instance: see kernel.ts. Imports are named after this file. */
export declare function call_checked(binding: u32, procedure: u32, aStack: u32): u32;
