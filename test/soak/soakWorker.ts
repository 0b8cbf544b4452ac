import { pathToFileURL } from 'node:url';
import { type LawOptions, subjectOf } from '../../src/testing/laws/laws.js';
import { type SoakOutcome, soakBatch } from './soakBatch.js';

/** What a worker is told to do. */
export type SoakTask = { readonly seed: number; readonly batch: number; readonly size: number };

/** What it answers. */
export type SoakAnswer = SoakOutcome & { readonly batch: number; readonly memoryBytes: number };

const [commands, subjectFile] = process.argv.slice(2);
const options: LawOptions = subjectFile === undefined ? {} : await import(pathToFileURL(subjectFile).href);
const subject = subjectOf({ ...options, maxCommands: Number(commands) });

// Whoever started it ends it: Ctrl-C reaches the whole group, and the counts so far are still to be told.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', ({ seed, batch, size }: SoakTask) => {
  const outcome = soakBatch(subject, seed, batch, size);
  process.send?.({ ...outcome, batch, memoryBytes: process.memoryUsage().rss } satisfies SoakAnswer);
});
process.send?.('ready');
