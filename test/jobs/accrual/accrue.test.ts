import { describe, expect, it } from 'vitest';
import { type AccruingLoan, type JobProgress, runAccrual } from '../../../src/jobs/index.js';
import { balancesOf, emptyStore, lateLoan, night, policy } from './nights.js';

describe('the execution of a run', () => {
  it('reports its progress by account and stops on a signal', async () => {
    const store = emptyStore();
    const progress: JobProgress[] = [];
    const loans = [lateLoan(), lateLoan({ loanId: 'l2' }), lateLoan({ patronId: 'p2' })];
    await runAccrual(store, policy, night(3), {
      loans,
      total: 2,
      onProgress: (each) => void progress.push(each),
    });
    expect(progress.at(-1)).toMatchObject({ done: 2, total: 2, secondsLeft: 0 });

    const controller = new AbortController();
    async function* endless(): AsyncGenerator<AccruingLoan> {
      for (let n = 0; ; n++) {
        if (n === 100) controller.abort(new Error('enough'));
        yield lateLoan({ patronId: `q${n}` });
      }
    }
    const stopped = runAccrual(store, policy, night(4), { loans: endless(), signal: controller.signal });
    await expect(stopped).rejects.toThrow('enough');
    const started = await balancesOf(store, 'q50');
    expect(started.owed).toBe(75);
  });

  it('keeps no more in memory than it works on at a time', async () => {
    const taken: string[] = [];
    async function* loans(): AsyncGenerator<AccruingLoan> {
      for (let n = 0; n < 100; n++) {
        taken.push(`p${n}`);
        yield lateLoan({ patronId: `p${n}` });
      }
    }
    const ahead: number[] = [];
    await runAccrual(emptyStore(), policy, night(3), {
      loans: loans(),
      concurrency: 2,
      onLoan: ({ row }) => void ahead.push(taken.length - row),
    });
    expect(Math.max(...ahead)).toBeLessThanOrEqual(6);
  });

  it('rethrows errors of the stream of loans', async () => {
    async function* loans(): AsyncGenerator<AccruingLoan> {
      yield lateLoan();
      throw new Error('connection lost');
    }
    await expect(runAccrual(emptyStore(), policy, night(3), { loans: loans() })).rejects.toThrow(
      'connection lost',
    );
  });
});
