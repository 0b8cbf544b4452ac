import { describe, expect, it } from 'vitest';
import { runAccrual } from '../../../src/jobs/index.js';
import { books, calendar, emptyStore, lateLoan, night, policy, runNight } from './nights.js';

describe('the form and the options of a run', () => {
  const loans = [lateLoan()];
  const faultsOf = async (form: object, options: object = { loans }) => {
    try {
      await runAccrual(emptyStore(), policy, { ...night(3), ...form } as never, options as never);
    } catch (error) {
      const { code, details } = error as {
        code: string;
        details: { faults: { path: string; expected: string }[] };
      };
      expect(code).toBe('INVALID_ARGUMENT');
      return details.faults.map(({ path }) => path);
    }
    return [];
  };

  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ jobId: 'j'.repeat(101) }, ['form.jobId']],
    [{ jobId: '' }, ['form.jobId', 'form.jobId']],
    [{ at: '2026-03-01' }, ['form.at']],
    [{ night: true }, ['form.night']],
    [{ rules: [books] }, ['form.rules']],
    [
      {
        rules: { books: {}, other: { ...books, currency: 'EUR' } },
        calendars: { MAIN: { timeZone: 'Mars' } },
      },
      [
        'form.rules.books.currency',
        'form.rules.books.period',
        'form.rules.other.currency',
        'form.calendars.MAIN.timeZone',
      ],
    ],
  ])('%j', async (form, paths) => {
    const found = await faultsOf(form);
    for (const path of paths) expect(found).toContain(path);
    if (paths.length === 0) expect(found).toEqual([]);
  });

  it.each([
    [{ loans: 7 }, ['options.loans']],
    [{}, ['options.loans']],
    [{ loans, onloan: () => undefined }, ['options.onloan']],
  ])('options %#', async (options, paths) => {
    expect(await faultsOf({}, options)).toEqual(paths);
  });

  it('accepts rules and calendars that were read from JSON', async () => {
    const json = JSON.parse(JSON.stringify({ rules: { books }, calendars: { MAIN: calendar() } }));
    const { report } = await runNight(emptyStore(), night(3, json), lateLoan());
    expect(report.total.charged.amount).toBe('0.50');
  });

  it('refuses an invalid policy', async () => {
    await expect(runAccrual(emptyStore(), {} as never, night(3), { loans })).rejects.toThrow(
      'INVALID_POLICY',
    );
  });
});
