import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoakArguments } from './soakArguments.js';
import { BATCH_SIZE, type SoakCounts } from './soakBatch.js';
import type { SoakState } from './soakProgress.js';
import type { SoakAnswer, SoakTask } from './soakWorker.js';

/** How a soak ended. */
export type SoakEnd = {
  readonly state: SoakState;
  /** The first batch in which a law did not hold, and the story. */
  readonly broken?: { readonly batch: number; readonly story: string };
  /** What went wrong with the soak itself. */
  readonly trouble?: string;
  readonly stopped: boolean;
};

/** Stops it early, and is told where it stands. */
export type SoakWatch = { readonly signal: AbortSignal; readonly progress: (state: SoakState) => void };

const worker = fileURLToPath(new URL('./soakWorker.ts', import.meta.url));

/** Plays all batches on several processes; ends with the first that breaks a law, whichever process was faster. */
export function soak(asked: SoakArguments, { signal, progress }: SoakWatch): Promise<SoakEnd> {
  const start = performance.now();
  const counts = { histories: 0, commands: 0, refused: 0, events: 0 };
  const total = asked.only === undefined ? asked.histories : BATCH_SIZE;
  const batches = Math.ceil(total / BATCH_SIZE);
  let next = asked.only ?? 0;
  const end = asked.only === undefined ? batches : asked.only + 1;
  let memoryBytes = 0;
  let broken: SoakEnd['broken'];
  const state = (): SoakState => ({
    counts,
    total,
    memoryBytes,
    seconds: (performance.now() - start) / 1000,
  });

  return new Promise((done) => {
    const crew = new Set<ChildProcess>();
    const finish = (trouble?: string) => {
      signal.removeEventListener('abort', stop);
      for (const child of crew) child.removeAllListeners().kill('SIGKILL');
      const told = { ...(broken && { broken }), ...(trouble !== undefined && { trouble }) };
      done({ state: state(), stopped: signal.aborted, ...told });
    };
    const stop = () => finish();
    signal.addEventListener('abort', stop);
    const give = (child: ChildProcess) => {
      // After a law was broken only what comes before that batch is still of interest, and that is under way.
      if (next >= end || broken !== undefined) {
        crew.delete(child);
        child.removeAllListeners().disconnect();
        if (crew.size === 0) finish();
        return;
      }
      const size = Math.min(BATCH_SIZE, total - (asked.only === undefined ? next * BATCH_SIZE : 0));
      child.send({ seed: asked.seed, batch: next, size } satisfies SoakTask);
      next += 1;
    };
    const take = (answer: SoakAnswer) => {
      for (const name of Object.keys(counts) as (keyof SoakCounts)[]) counts[name] += answer.counts[name];
      memoryBytes = Math.max(memoryBytes, answer.memoryBytes);
      const { batch, failure } = answer;
      if (failure !== undefined && (broken === undefined || batch < broken.batch))
        broken = { batch, story: failure };
      progress(state());
    };
    const told = [String(asked.commands), ...(asked.subject === undefined ? [] : [resolve(asked.subject)])];
    for (let index = 0; index < Math.min(asked.processes, end - next); index += 1) {
      const child = fork(worker, told, { execArgv: ['--import', 'tsx'] });
      crew.add(child);
      child.on('message', (message: SoakAnswer | 'ready') => {
        if (message !== 'ready') take(message);
        give(child);
      });
      child.on('exit', (code, killedBy) => finish(`a process ended by itself (${killedBy ?? code})`));
    }
  });
}
