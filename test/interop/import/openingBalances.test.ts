import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { openingBalances } from '../../../src/interop/import/openingBalances.js';
import { openingRows } from '../../support/rows/openingRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { imported } from './foreign.js';
import { importLaws, listOf } from './importLaws.js';

const policy = definePolicy({ currency: 'USD' });
const fee = {
  patronId: 'u17',
  id: 'F-1',
  feeType: 'OTHER',
  owner: 'MAIN',
  amount: '12.50',
  at: '2026-03-02',
};

const opened = async (rows: object[], options = {}) => {
  const [account] = await listOf(openingBalances(rows, { policy, ...options }));
  if (account === undefined) throw new Error('no account');
  return account;
};

describe('opening balances', () => {
  it('charge the original amount and cancel what was settled before', async () => {
    const rows = [
      { ...fee, remaining: 7.5, itemId: 5, barcode: '399', title: 'Emma', loanId: '4711', staffNote: 's' },
    ];
    const { all, findings, owed } = imported(await opened(rows, { system: 'symphony' }));
    expect([findings, owed]).toEqual([[], { 'symphony/F-1': 750 }]);
    expect(all).toMatchObject([
      {
        type: 'FeeAssessed',
        data: { amount: '12.50', item: { id: '5', barcode: '399', title: 'Emma' }, loanId: '4711' },
      },
      { type: 'FeeCancelled', data: { amount: '5.00', comment: 'Settled before the import' } },
    ]);
  });

  it('settle what was settled there since', async () => {
    const first = imported(await opened([{ ...fee, remaining: '7.50' }]));
    const second = imported(await opened([{ ...fee, remaining: '2.00' }]), first.all);
    expect(second).toMatchObject({
      events: ['FeeCancelled 5.50'],
      findings: [],
      owed: { 'import/F-1': 200 },
    });
  });

  it('issue the rest of a credit', async () => {
    const credit = {
      patronId: 'u17',
      id: 'C-1',
      kind: 'credit',
      amount: '9.00',
      remaining: '4.00',
      at: '2026-03-02',
    };
    const rows = [
      { ...credit, purpose: 'goodwill', owner: 'MAIN' },
      { ...credit, id: 'C-2', remaining: '0' },
    ];
    const { all, findings } = imported(await opened(rows));
    expect(findings).toEqual([]);
    expect(all).toMatchObject([
      {
        type: 'CreditIssued',
        data: { creditId: 'import/C-1', amount: '4.00', purpose: 'goodwill', owner: 'MAIN' },
      },
    ]);
  });

  it.each([
    [{ kind: 'fine' }, 'UnknownType kind'],
    [{ purpose: 'cash' }, 'UnknownType purpose'],
    [{ owner: '' }, 'MalformedField owner'],
    [{ feeType: null }, 'MalformedField feeType'],
    [{ amount: '0' }, 'AmountHasWrongSign amount'],
    [{ remaining: '-1' }, 'AmountHasWrongSign remaining'],
    [{ at: 'yesterday' }, 'MalformedField at'],
  ])('with %j are a finding', async (fields, code) => {
    const { findings, changes } = await opened([{ ...fee, ...fields }]);
    expect(findings.map((finding) => `${finding.code} ${finding.field}`)).toEqual([code]);
    expect(changes).toEqual([]);
  });

  it('take the owner from the options, and names from the tables', async () => {
    const { changes } = await opened([{ ...fee, owner: '' }], { owner: 'MAIN', feeTypes: { OTHER: 'X' } });
    expect(changes).toMatchObject([{ owner: 'MAIN', feeType: 'X' }]);
  });

  it('refuse an invalid name of the system', async () => {
    await expect(opened([fee], { system: 'a/b' })).rejects.toThrow('options.system');
    expect(
      (await listOf(openingBalances([{ id: 1, patronId: '', amount: 1 }], { policy })))[0]?.findings,
    ).toMatchObject([{ code: 'NoPatron' }]);
  });
});

describe('laws of opening balances', () => {
  const laws = importLaws(openingRows(fc), (tables) => openingBalances(tables.rows ?? [], { policy }));
  it('owe and credit what is left', laws.validRows, LAW_TIMEOUT_MS);
  it('add what is new of later rows', laws.laterRows, LAW_TIMEOUT_MS);
  it('never throw for corrupt rows, and import the rows that can be read', laws.corrupt, LAW_TIMEOUT_MS);
});
