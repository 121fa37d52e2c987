/** Says hello, and which process it is. Status: 0. */
import { add, addNumber, endLine, processNumber } from "./system";

export function run(): void {
  add("hello from process ");
  addNumber(processNumber());
  endLine();
}
