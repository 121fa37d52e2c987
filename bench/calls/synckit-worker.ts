import { runAsWorker } from "synckit";
import { PROCEDURES, type SizeName } from "./values.js";

runAsWorker((size: SizeName, value: unknown) => PROCEDURES[size](value));
