import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { definePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions } from '../checkedArguments.js';
import {
  type Ask,
  type RemoteFeeSystem,
  type RemoteOptions,
  remoteFeeSystem,
  shownReply,
} from './remoteFeeSystem.js';

/** The number of characters kept of what a process reports as errors. */
const REPORTED_MAX = 2_000;

/** Options of {@link processFeeSystem}. */
export type ProcessOptions = RemoteOptions & {
  /**
   * The folder to start the program in.
   *
   * @defaultValue the current folder
   */
  readonly folder?: string;
  /**
   * The environment of the program.
   *
   * @defaultValue that of this process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/**
 * Starts a fee system in any language as a process, for {@link feeSystemConformance}. The process reads messages from
 * its standard input, one JSON object a line ({@link ProtocolMessage}), and writes a reply to each to its standard
 * output ({@link ProtocolReply}). Its standard error is quoted if it fails. If it ends or does not reply in time, that
 * is a failure of the story, and the next story starts it again.
 *
 * @param command - the program
 * @param parameters - its parameters
 * @param options - the policy, and how long a reply may take
 * @returns the system: `open` for the suite, and `close`, which ends the process
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if the reply to
 * `describe` is not as expected; an error if the program cannot be started
 *
 * @example
 * ```ts
 * import { feeSystemConformance, processFeeSystem } from 'patron-fees/testing';
 *
 * const program = `
 *   const fees = new Map();
 *   require('node:readline').createInterface(process.stdin).on('line', (line) => {
 *     const { id, do: name, request } = JSON.parse(line);
 *     const reply = { id };
 *     if (name === 'describe') Object.assign(reply, { protocol: 1, name: 'tiny', capabilities: [] });
 *     else if (name === 'reset') { fees.clear(); reply.ok = true; }
 *     else if (name === 'assess') { fees.set(request.id, request.amount); reply.accepted = true; }
 *     else if (name === 'pay') reply.accepted = false;
 *     else reply.balances = { fees: [...fees].map(([feeId, owed]) => ({ feeId, owed })) };
 *     console.log(JSON.stringify(reply));
 *   });
 * `;
 * const system = await processFeeSystem(process.execPath, ['-e', program]);
 * const [first] = feeSystemConformance(system.open, { capabilities: system.description.capabilities, seed: 1 });
 * const divergence = await first?.run().catch((error: Error) => error.message);
 * divergence?.includes('is paid for f1'); //=> true
 * await system.close();
 * ```
 */
export async function processFeeSystem(
  command: string,
  parameters: readonly string[] = [],
  options: ProcessOptions = {},
): Promise<RemoteFeeSystem> {
  const { folder, environment, replyTimeoutMs = 10_000, policy } = checkedOptions(options);
  checkedCount('replyTimeoutMs', replyTimeoutMs);
  let running: Running | undefined;
  const ask: Ask = (message) => {
    if (running === undefined || running.hasEnded()) {
      running = started(command, parameters, { cwd: folder, env: environment });
    }
    return running.ask(message, replyTimeoutMs);
  };
  const close = async () => running?.end();
  try {
    return await remoteFeeSystem(ask, policy ?? definePolicy({ currency: 'USD' }), close);
  } catch (error) {
    await close();
    throw error;
  }
}

type Running = ReturnType<typeof started>;

type Waiting = {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
};

function started(command: string, parameters: readonly string[], where: object) {
  const child: ChildProcess = spawn(command, parameters, { ...where, stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, Waiting>();
  let number = 0;
  let begun = '';
  let reported = '';
  let ended: string | undefined;

  const fail = (why: string) => {
    ended ??= why;
    const said = reported.trim() === '' ? '' : `; it reported: ${reported.trim()}`;
    for (const { reject } of waiting.values()) reject(new Error(`${why}${said}`));
    waiting.clear();
    child.kill('SIGKILL');
  };
  const take = (line: string) => {
    if (line.trim() === '') return;
    const reply = parsedLine(line);
    const { id } = Object(reply) as { readonly id?: unknown };
    const known = waiting.get(id as number);
    if (known === undefined) {
      // Such as "1".
      const meant = waiting.has(Number(id)) ? `expected the number ${Number(id)} as id, found ` : '';
      return fail(`it wrote a line that replies to no message: ${meant}${shownReply(line)}`);
    }
    waiting.delete(id as number);
    known.resolve(reply);
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${begun}${text}`.split('\n');
    begun = lines.pop() as string;
    for (const line of lines) take(line);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    reported = `${reported}${text}`.slice(-REPORTED_MAX);
  });
  // A program that has ended closes its input; its end is reported below.
  child.stdin?.on('error', () => {});
  child.on('error', (error) => fail(`${command} cannot be started: ${error.message}`));
  // After its last output.
  child.on('close', (code, signal) => fail(`the process ended (${signal ?? `code ${code}`})`));

  return {
    hasEnded: () => ended !== undefined,
    ask: (message: { readonly do: string }, timeoutMs: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        number += 1;
        const id = number;
        const timer = setTimeout(() => fail(`no reply to ${message.do} within ${timeoutMs} ms`), timeoutMs);
        const settle = (): void => clearTimeout(timer);
        waiting.set(id, {
          resolve: (reply) => {
            settle();
            resolve(reply);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        });
        child.stdin?.write(`${JSON.stringify({ id, ...message })}\n`);
      }),
    end: async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
