/** A receiver under test that runs in the background. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CfwhError, end, start, unref } from "./program.js";
/**
 * Runs a receiver until `close()`, or to the end of an `await using` block.
 *
 * The port is a free one. The command gets it in place of `{port}`, and in the environment variable `PORT`.
 *
 * @throws {CfwhError} The command does not start, or does not listen on the port within `timeout` ms.
 */
export async function serve(program, args = [], { env = {}, cwd, timeout = 30_000 } = {}) {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address();
    await once(free.close(), "close");
    const words = [program, ...args].map((word) => word.replaceAll("{port}", `${port}`));
    // `cfwh` ends the command, and what it started, when its stdin ends: even if this process is killed.
    const child = start(["listen", "--port=0", "--until-eof", "--quiet", "--", ...words], undefined, {
        cwd,
        env: { PORT: `${port}`, ...env },
        stdio: ["pipe", "ignore", "inherit"],
    });
    const close = () => end(child);
    const deadline = Date.now() + timeout;
    let isReady;
    while (!(isReady = await isOpen(port)) && child.exitCode === null && Date.now() < deadline)
        await delay(20);
    if (!isReady) {
        await close();
        throw new CfwhError("not-ready", `the receiver does not listen on port ${port}`, "use {port} or the variable PORT");
    }
    unref(child);
    return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}
async function isOpen(port) {
    const socket = connect(port, "127.0.0.1");
    const isConnected = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    return isConnected;
}
