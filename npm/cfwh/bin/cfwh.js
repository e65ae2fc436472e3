#!/usr/bin/env node
// Runs the program. Its streams, exit code and signals are those of this process.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import process from "node:process";

import programs from "./program.cjs";

const EXIT_TROUBLE = 2;

/** Ends with the exit code for trouble. */
function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(EXIT_TROUBLE);
}

/** Does a terminal send its signals to the program too? */
function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** Runs the program. `process.execve` is no alternative: it leaves pipes in the mode of Node.js, in which reads fail. */
function run(binary, args) {
  const child = spawn(binary, args, { stdio: "inherit" });
  // A terminal sends these to the child as well, which ends at once at the second one.
  const isSentTwice = process.platform === "win32" || hasTerminal();
  for (const signal of ["SIGINT", "SIGQUIT", "SIGHUP"]) {
    process.on(signal, () => isSentTwice || child.kill(signal));
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`cannot run ${binary}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

try {
  run(programs.findProgram(), process.argv.slice(2));
} catch (error) {
  fail(error.message);
}
