import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installCommand, type Program } from './programs.js';

/** The result of running a program. */
export type ProgramRun = {
  readonly ok: boolean;
  /** Its output, errors last. */
  readonly output: string;
};

function run(program: Program, words: readonly string[]): ProgramRun {
  const { error, status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // Without a locale, as on a server.
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  if (error) throw new Error(`${program} is missing: ${installCommand([program])}`, { cause: error });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** Runs hledger on a file. */
export function hledger(path: string, ...words: readonly string[]): ProgramRun {
  return run('hledger', ['-f', path, ...words]);
}

/** Runs all checks of beancount on a file, without its cache. */
export function beanCheck(path: string): ProgramRun {
  // Beancount treats a missing file as an empty one.
  if (!existsSync(path)) throw new Error(`no such file: ${path}`);
  return run('bean-check', ['--no-cache', path]);
}

/** Returns the balances of hledger: `account currency` to decimal string. */
export function hledgerBalances(path: string): ReadonlyMap<string, string> {
  const words = ['balance', '--flat', '--empty', '--no-total', '--layout=bare', '--output-format=csv'];
  const [head, ...lines] = hledger(path, ...words)
    .output.trim()
    .split('\n');
  if (head !== '"account","commodity","balance"') throw new Error(`unexpected: ${head}`);
  return new Map(
    lines.map((line) => {
      const [account, currency, balance] = JSON.parse(`[${line}]`) as [string, string, string];
      return [`${account} ${currency}`, balance] as const;
    }),
  );
}
