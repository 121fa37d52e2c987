/** The server's own functions, which nothing is between. Imports are named after this file. */
export declare function lrpcNull(aStack: u32): u32;

export declare function lrpcBigInOut(aStack: u32): u32;
