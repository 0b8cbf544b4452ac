import { pathToFileURL } from 'node:url';
import { type LawOptions, subjectOf } from '../../src/testing/laws/laws.js';
import { type SoakOutcome, soakBatch } from './soakBatch.js';

/** A task for a worker. */
export type SoakTask = { readonly seed: number; readonly batch: number; readonly size: number };

/** The answer of a worker. */
export type SoakAnswer = SoakOutcome & { readonly batch: number; readonly memoryBytes: number };

const [commands, subjectFile] = process.argv.slice(2);
const options: LawOptions = subjectFile === undefined ? {} : await import(pathToFileURL(subjectFile).href);
const subject = subjectOf({ ...options, maxCommands: Number(commands) });

// The parent ends its workers: Ctrl-C reaches the whole process group, and the parent still has to print the counts.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', ({ seed, batch, size }: SoakTask) => {
  const outcome = soakBatch(subject, seed, batch, size);
  process.send?.({ ...outcome, batch, memoryBytes: process.memoryUsage().rss } satisfies SoakAnswer);
});
process.send?.('ready');
