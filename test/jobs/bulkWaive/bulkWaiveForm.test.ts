import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy, isPatronFeesError } from '../../../src/index.js';
import { checkedForm } from '../../../src/jobs/bulkWaive/bulkWaiveForm.js';
import { mutations as anyMutations, mutatedBy } from '../../../src/testing/arbitraries/anything.js';
import { formWith } from '../../support/bulkWaiveForms.js';
import { tried } from '../../support/seeded.js';

const policy = definePolicy({ currency: 'USD' });

function faultsOf(form: unknown): string[] {
  try {
    checkedForm(form as never, policy);
    return [];
  } catch (error) {
    if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
    return (error.details.faults as { path: string }[]).map(({ path }) => path);
  }
}

describe('the form of a bulk waive', () => {
  it('requires a job, a time, `by`, an institution and a reason, and nothing else', () => {
    expect(faultsOf(formWith())).toEqual([]);
    expect(faultsOf({})).toEqual(
      ['jobId', 'at', 'by', 'institution', 'reason'].map((field) => `form.${field}`),
    );
  });

  it('reports the fault of every field', () => {
    for (const [more, path] of [
      [{ jobId: '' }, 'form.jobId'],
      [{ jobId: 'x'.repeat(191) }, 'form.jobId'],
      [{ at: '2026-06-30' }, 'form.at'],
      [{ by: { userId: 'mo' } }, 'form.by.roles'],
      [{ by: { userId: 'mo', roles: 'USER_MANAGER' } }, 'form.by.roles'],
      [{ threshold: 120 }, 'form.threshold'],
      [{ threshold: '0' }, 'form.threshold'],
      [{ threshold: '-5' }, 'form.threshold'],
      [{ threshold: '1.005' }, 'form.threshold'],
      [{ excludeOverdueLoans: 'yes' }, 'form.excludeOverdueLoans'],
      [{ groups: [] }, 'form.groups'],
      [{ groups: 'STUDENT' }, 'form.groups'],
      [{ feeTypes: [] }, 'form.feeTypes'],
      [{ feeTypes: [17] }, 'form.feeTypes[0]'],
      [{ comment: 5 }, 'form.comment'],
      [{ createdFrom: '2026-02-30', timeZone: 'UTC' }, 'form.createdFrom'],
      [{ createdThrough: '2026-02-01T00:00:00Z', timeZone: 'UTC' }, 'form.createdThrough'],
      [{ createdFrom: '2026-02-01', timeZone: 'Mars' }, 'form.timeZone'],
      [{ createdFrom: '2026-02-01' }, 'form'],
      [{ createdThrough: '2026-02-01' }, 'form'],
      [{ timeZone: 'UTC' }, 'form'],
      [{ createdFrom: '2026-02-02', createdThrough: '2026-02-01', timeZone: 'UTC' }, 'form'],
      [{ minimumAgeDays: 0 }, 'form.minimumAgeDays'],
      [{ minimumAgeDays: 1.5 }, 'form.minimumAgeDays'],
      [{ setName: '' }, 'form.setName'],
      [{ fileName: 5 }, 'form.fileName'],
      [{ treshold: '5' }, 'form.treshold'],
    ] as const) {
      expect([more, faultsOf(formWith(more as never))]).toEqual([more, [path]]);
    }
  });

  it('accepts a threshold as typed, and converts it to the decimals of the currency', () => {
    expect(checkedForm(formWith({ threshold: '12.5' }), policy)).toMatchObject({
      threshold: '12.50',
      thresholdMinor: 1250,
    });
    const yen = definePolicy({ currency: 'JPY' });
    expect(checkedForm(formWith({ threshold: '12' }), yen).thresholdMinor).toBe(12);
    expect(() => checkedForm(formWith({ threshold: '12.5' }), yen)).toThrow('form.threshold');
    expect(checkedForm(formWith(), policy).thresholdMinor).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses any other value with a clear error', () => {
    const full = formWith({ threshold: '5', groups: ['A'], feeTypes: ['OTHER'], comment: 'x' });
    fc.assert(
      fc.property(fc.array(anyMutations(fc), { minLength: 1, maxLength: 3 }), (mutations) => {
        faultsOf(mutatedBy(full, mutations));
      }),
      tried(300),
    );
  });
});
