import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoakArguments } from './soakArguments.js';
import { BATCH_SIZE, type SoakCounts } from './soakBatch.js';
import type { SoakState } from './soakProgress.js';
import type { SoakAnswer, SoakTask } from './soakWorker.js';

/** The result of a soak. */
export type SoakEnd = {
  readonly state: SoakState;
  /** The first batch that violates a law, with its story. */
  readonly broken?: { readonly batch: number; readonly story: string };
  /** An error of the soak itself. */
  readonly failure?: string;
  readonly stopped: boolean;
};

/** Stops a soak early, and receives its progress. */
export type SoakWatch = { readonly signal: AbortSignal; readonly progress: (state: SoakState) => void };

const worker = fileURLToPath(new URL('./soakWorker.ts', import.meta.url));

/** Runs all batches on several processes. Reports the first batch that violates a law, independent of timing. */
export function soak(args: SoakArguments, { signal, progress }: SoakWatch): Promise<SoakEnd> {
  const start = performance.now();
  const counts = { histories: 0, commands: 0, refused: 0, events: 0 };
  const total = args.only === undefined ? args.histories : BATCH_SIZE;
  const batches = Math.ceil(total / BATCH_SIZE);
  let next = args.only ?? 0;
  const end = args.only === undefined ? batches : args.only + 1;
  let memoryBytes = 0;
  let broken: SoakEnd['broken'];
  const state = (): SoakState => ({
    counts,
    total,
    memoryBytes,
    seconds: (performance.now() - start) / 1000,
  });

  return new Promise((done) => {
    const children = new Set<ChildProcess>();
    const finish = (failure?: string) => {
      signal.removeEventListener('abort', stop);
      for (const child of children) child.removeAllListeners().kill('SIGKILL');
      const outcome = { ...(broken && { broken }), ...(failure !== undefined && { failure }) };
      done({ state: state(), stopped: signal.aborted, ...outcome });
    };
    const stop = () => finish();
    signal.addEventListener('abort', stop);
    const assign = (child: ChildProcess) => {
      // After a violation only earlier batches matter, and those are already running.
      if (next >= end || broken !== undefined) {
        children.delete(child);
        child.removeAllListeners().disconnect();
        if (children.size === 0) finish();
        return;
      }
      const size = Math.min(BATCH_SIZE, total - (args.only === undefined ? next * BATCH_SIZE : 0));
      child.send({ seed: args.seed, batch: next, size } satisfies SoakTask);
      next += 1;
    };
    const collect = (answer: SoakAnswer) => {
      for (const name of Object.keys(counts) as (keyof SoakCounts)[]) counts[name] += answer.counts[name];
      memoryBytes = Math.max(memoryBytes, answer.memoryBytes);
      const { batch, failure: story } = answer;
      if (story !== undefined && (broken === undefined || batch < broken.batch)) broken = { batch, story };
      progress(state());
    };
    const workerArgs = [
      String(args.commands),
      ...(args.subject === undefined ? [] : [resolve(args.subject)]),
    ];
    for (let index = 0; index < Math.min(args.processes, end - next); index += 1) {
      const child = fork(worker, workerArgs, { execArgv: ['--import', 'tsx'] });
      children.add(child);
      child.on('message', (message: SoakAnswer | 'ready') => {
        if (message !== 'ready') collect(message);
        assign(child);
      });
      child.on('exit', (code, killedBy) => finish(`a process ended by itself (${killedBy ?? code})`));
    }
  });
}
