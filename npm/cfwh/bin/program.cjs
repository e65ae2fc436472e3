// Finds the program that the package of this platform brings.
"use strict";

// Only glibc can run the program that is linked to it, which is faster. The one of `musl` is static.
function packages() {
  const name = `@cfwh/${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return [name];
  // Without this, a report looks up the names of open connections, which can take seconds.
  if (process.report) process.report.excludeNetwork = true;
  const isGlibc = process.report?.getReport().header.glibcVersionRuntime !== undefined;
  return isGlibc ? [name, `${name}-musl`] : [`${name}-musl`];
}

/**
 * Returns the path of the program: `CFWH_BINARY`, or the one of the platform's package.
 *
 * @returns {string}
 */
function findProgram() {
  if (process.env.CFWH_BINARY) return process.env.CFWH_BINARY;
  const file = process.platform === "win32" ? "cfwh.exe" : "cfwh";
  const names = packages();
  for (const name of names) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Error(
    `the package ${names[0]}, which has the program, is not installed\n` +
      "fix: install cfwh without --omit=optional, on the platform where it runs; " +
      "where npm has no such package, build cfwh with cargo and name it in CFWH_BINARY",
  );
}

module.exports = { findProgram };
