import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { runCli } from '../../src/cli/runCli.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { temporaryFolder } from './temporaryFolder.js';

/** What a command line printed, and its exit code. */
export type CliResult = { readonly exitCode: number; readonly output: string; readonly errors: string };

/** A terminal in memory, and what was written to it. */
export function memoryTerminal(options: {
  readonly input?: string;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
}) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'schemas'));
  writeFileSync(join(folder, 'schemas/events.json.gz'), gzipSync('{"title":"An event"}\n'));
  writeFileSync(join(folder, 'schemas/openapi.json.gz'), gzipSync('{"info":{"title":"An interface"}}\n'));
  mkdirSync(join(folder, 'vectors'));
  writeFileSync(join(folder, 'vectors/schema.json'), '{"title":"Vectors"}\n');
  writeFileSync(join(folder, 'vectors/money.json.gz'), gzipSync('{"about":"Amounts: 1 €"}\n'));
  writeFileSync(join(folder, 'page.html'), '<script type="application/json" id="given"></script>');
  const written = { output: '', errors: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        written[name] += text;
        done();
      },
    });
  const terminal: Terminal = {
    input: options.input === undefined ? new PassThrough() : Readable.from([Buffer.from(options.input)]),
    output: sink('output'),
    errors: Object.assign(sink('errors'), { isTTY: options.isTTY ?? false, columns: 80 }),
    signal: options.signal ?? new AbortController().signal,
    files: {
      version: '1.2.3',
      schemas: pathToFileURL(`${join(folder, 'schemas')}/`),
      vectors: pathToFileURL(`${join(folder, 'vectors')}/`),
      explorer: pathToFileURL(join(folder, 'page.html')),
    },
  };
  return { terminal, written };
}

/** Runs a command line in memory. */
export async function runInMemory(
  args: readonly string[],
  options: Parameters<typeof memoryTerminal>[0] = {},
): Promise<CliResult> {
  const { terminal, written } = memoryTerminal(options);
  return { exitCode: await runCli(args, terminal), ...written };
}

/** The events of an account: two fees, and a payment of 4.50 or another amount. */
export function threeEvents(paid = '4.50') {
  const policy = definePolicy({ currency: 'USD' });
  const fee = { type: 'AssessFee', feeType: 'OVERDUEFINE', owner: 'MAIN' } as const;
  const commands = [
    { ...fee, id: 'fee-1', amount: '12.50', comment: 'Emma is secret' },
    { type: 'ReceivePayment', id: 'cash-1', amount: paid, method: 'CASH' },
    { ...fee, id: 'fee-2', amount: '3.00' },
  ] as const;
  let account = emptyAccount();
  return commands.flatMap((command, day) => {
    const { events } = decide({ ...command, at: `2026-03-0${day + 2}T09:00:00Z` }, account, policy);
    account = fold(events, account);
    return events;
  });
}

/** The events of patrons as lines of a file, as `export` writes them. */
export function storedLines(patronIds: readonly string[], events = threeEvents()): string[] {
  return patronIds.flatMap((patronId) =>
    events.map((event, index) => {
      const place = { institution: 'north', patronId, version: index + 1, recordedAt: event.data.at };
      return JSON.stringify({ ...place, event });
    }),
  );
}

/** Writes lines to a file of a temporary folder. */
export function fileOf(lines: readonly string[], name = 'fees.jsonl'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}
