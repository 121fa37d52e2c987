import { describe } from "vitest";
import { BUGS_OF_LOCKS } from "../bugs/index.js";
import { findsEach } from "./finds.js";

describe("proveProtocol", () => findsEach(BUGS_OF_LOCKS));
