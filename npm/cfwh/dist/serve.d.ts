/** A receiver under test that runs in the background. */
/** A running receiver; `url` is its base URL, `http://127.0.0.1:PORT`. */
export type Served = AsyncDisposable & {
    readonly url: string;
    close(): Promise<void>;
};
/**
 * Runs a receiver until `close()`, or to the end of an `await using` block.
 *
 * The port is a free one. The command gets it in place of `{port}`, and in the environment variable `PORT`.
 *
 * @throws {CfwhError} The command does not start, or does not listen on the port within `timeout` ms.
 */
export declare function serve(program: string, args?: string[], { env, cwd, timeout }?: {
    env?: Record<string, string>;
    cwd?: string;
    timeout?: number;
}): Promise<Served>;
