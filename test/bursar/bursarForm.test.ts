import { describe, expect, it } from 'vitest';
import { checkedBursarForm, transferCommand } from '../../src/bursar/bursarForm.js';
import type { BursarForm } from '../../src/bursar/index.js';
import { at } from '../support/account.js';
import { expecting, institution } from './bursarLibrary.js';

const form: BursarForm = { jobId: 'export-9', at, institution, fees: {}, credits: {} };

function faultsOf(given: unknown): unknown {
  try {
    checkedBursarForm(given as BursarForm, expecting);
    return [];
  } catch (error) {
    const { details } = error as {
      readonly details: { readonly faults: readonly { readonly path: string }[] };
    };
    return details.faults.map(({ path }) => path);
  }
}

describe('the form of an export', () => {
  it('is returned with amounts in canonical form', () => {
    const fees = { minimumAmount: '5', minimumAgeDays: 7, feeTypes: ['OTHER'], owners: ['MAIN'] };
    const full: BursarForm = {
      ...form,
      by: { channel: 'job', userId: 'mo' },
      destination: 'BANNER',
      expectsSettlement: false,
      fees,
      groups: ['STUDENT'],
      codes: { feeTypes: { OTHER: 'D1' }, credit: 'C1' },
    };
    expect(checkedBursarForm(full, expecting)).toEqual({ ...full, fees: { ...fees, minimumAmount: '5.00' } });
  });

  it.each([
    ['a job without a name', { jobId: '' }, 'form.jobId'],
    ['a job with too long a name', { jobId: 'x'.repeat(191) }, 'form.jobId'],
    ['no time', { at: 'today' }, 'form.at'],
    ['no institution', { institution: undefined }, 'form.institution'],
    ['an external system that the policy does not have', { destination: 'constructor' }, 'form.destination'],
    ['an amount with too many decimals', { fees: { minimumAmount: '5.001' } }, 'form.fees.minimumAmount'],
    ['a negative age', { fees: { minimumAgeDays: -1 } }, 'form.fees.minimumAgeDays'],
    [
      'an endless age',
      { credits: { minimumAgeDays: Number.POSITIVE_INFINITY } },
      'form.credits.minimumAgeDays',
    ],
    ['fee types of credits', { credits: { feeTypes: ['OTHER'] } }, 'form.credits.feeTypes'],
    ['no group at all', { groups: [] }, 'form.groups'],
    ['a code without a name', { codes: { feeTypes: { OTHER: '' } } }, 'form.codes.feeTypes.OTHER'],
    ['a field that it does not have', { minimumAmount: '5' }, 'form.minimumAmount'],
  ])('is refused with %s', (_what, wrong, path) => {
    expect(faultsOf({ ...form, ...wrong })).toEqual([path]);
  });

  it('is refused if it asks for neither fees nor credits', () => {
    expect(faultsOf({ jobId: 'export-9', at, institution })).toEqual(['form']);
  });
});

describe('the command of an export', () => {
  it('is the same for every account, and for any order of the types', () => {
    const feeTypes = { B: 'D2', A: 'D1', C: 'D3' };
    const given = { ...form, fees: { feeTypes: ['B', 'X', 'A'] } };
    expect(transferCommand(given, { feeTypes })).toEqual({
      type: 'TransferFees',
      id: 'export-9',
      at,
      by: { channel: 'job' },
      eligible: { fees: { feeTypes: ['A', 'B'] } },
    });
  });

  it('selects every type, and credits, if the external system has no codes of its own', () => {
    expect(transferCommand({ ...form, expectsSettlement: true }, undefined)).toMatchObject({
      expectsSettlement: true,
      eligible: { fees: {}, credits: {} },
    });
  });

  it('selects credits only if the external system has a code for them', () => {
    expect(transferCommand(form, { feeTypes: {} }).eligible).toEqual({ fees: { feeTypes: [] } });
    expect(transferCommand(form, { feeTypes: {}, credit: 'C1' }).eligible).toHaveProperty('credits');
  });
});
