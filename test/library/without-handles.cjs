// Executed before all else in each thread: Node as if its broadcast channels had no handle under the name that they have.
const all = Object.getOwnPropertySymbols;
Object.getOwnPropertySymbols = (of) => all(of).filter(({ description }) => description !== "kHandle");
