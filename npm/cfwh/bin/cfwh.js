#!/usr/bin/env node
// Runs the program. Its streams, exit code and signals are those of this process.
import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, openSync } from "node:fs";
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

/** Runs the program as a child, for versions of Node.js and systems that cannot become another program. */
function runAsChild(binary, args) {
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
  const binary = programs.findProgram();
  const args = process.argv.slice(2);
  if (process.execve === undefined || process.platform === "win32") {
    runAsChild(binary, args);
  } else {
    // Some versions of Node.js abort when the program cannot be run.
    accessSync(binary, constants.X_OK);
    process.execve(binary, [binary, ...args], process.env);
  }
} catch (error) {
  fail(error.message);
}
