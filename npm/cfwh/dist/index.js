/**
 * Test receivers and senders of Confluence webhooks with the program `cfwh`.
 *
 * Each function runs a command and returns its JSON lines as objects. Other members of `options` are options of the
 * command: `retryDelay: "1s"` is `--retry-delay=1s`, `full: true` is `--full`, an array repeats an option, and
 * `set: { "page.title": "x" }` is `--set=page.title="x"`. Secrets are passed in the environment of `cfwh`.
 *
 * A check that fails throws `CheckFailed`. An error throws `CfwhError`.
 */
export * from "./commands.js";
export { listen } from "./listen.js";
export { CfwhError, CheckFailed, findProgram } from "./program.js";
export { serve } from "./serve.js";
