#!/usr/bin/env node
// Not in dist/, so that npm links the command before the build.
import "../dist/cli/main.js";
