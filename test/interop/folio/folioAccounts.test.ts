import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  type FolioRecords,
  folioAccounts,
  folioActions,
  paymentGroups,
  readActions,
} from '../../../src/interop/folio/folioAccounts.js';
import { checkedReadOptions } from '../../../src/interop/import/importEvents.js';
import { newIntake } from '../../../src/interop/import/importReport.js';
import { folioRows } from '../../support/rows/folioRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';
import { account, action, folioImport, policy } from './folioImport.js';
import { edgeSip2, modNcip, modPatron } from './folioSamples.js';

describe('folioAccounts', () => {
  const policy = definePolicy({ currency: 'USD' });

  describe('the records of FOLIO', () => {
    const fee = {
      id: 'a1',
      userId: 'u1',
      amount: 5,
      remaining: 5,
      feeFineType: 'Lost',
      feeFineOwner: 'Main',
    };
    const account = { ...fee, metadata: { createdDate: '2026-03-02T09:00:00Z' } };

    it('come from the API, from tables, and from CSV files of tables', async () => {
      const json = JSON.stringify(account);
      const rows = [
        account,
        { id: 'a2', jsonb: { ...account, id: 'a2' } },
        { id: 'a1', jsonb: json },
        { jsonb: '{' },
      ];
      const accounts = await listOf(folioAccounts({ accounts: rows }, { policy }));
      expect(accounts.map(({ patronId, changes }) => [patronId, changes.length])).toEqual([
        [null, 0],
        ['u1', 3],
      ]);
      async function* streamed() {
        yield* rows.slice(0, 3);
      }
      expect(await listOf(folioAccounts({ accounts: streamed() }, { policy }))).toHaveLength(1);
    });

    it('and the options are checked', async () => {
      await expect(listOf(folioAccounts({} as FolioRecords, { policy }))).rejects.toThrow('records.accounts');
      await expect(listOf(folioAccounts({ accounts: [] }, {} as never))).rejects.toThrow('options.policy');
    });
  });

  describe('laws of the import from FOLIO', () => {
    const laws = importLaws(folioRows(fc), (tables) =>
      folioAccounts(tables as unknown as FolioRecords, { policy }),
    );
    it('owes what remaining says, fee by fee', laws.validRows, LAW_TIMEOUT_MS);
    it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
    it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
  });
});

describe('samples of FOLIO', () => {
  it('owes 255.00 in five accounts of mod-patron, four of which share one id', async () => {
    const { active, findings } = await folioImport(modPatron);
    expect(active).toBe(25_500);
    expect(findings.filter((finding) => finding.startsWith('DuplicateRow'))).toHaveLength(3);
    // No action explains the rest of three of them.
    expect(findings.filter((finding) => finding.startsWith('BalanceDiffers'))).toHaveLength(3);
  });

  it('owes 1.00, 5.50 and 65.66 in the accounts of edge-sip2, which have no actions', async () => {
    const { owed, active } = await folioImport(edgeSip2);
    expect(active).toBe(100 + 550 + 6_566);
    expect(owed['folio/88a6def8-c024-46f2-9bb1-d7051a49bbc2']).toBe(6_566);
  });

  it('reads the account of mod-ncip, with a zone without a colon and no loan', async () => {
    const { all, findings } = await folioImport([modNcip]);
    expect(findings).toEqual([]);
    expect(all[0]?.data).toEqual({
      feeId: `folio/${modNcip.id}`,
      feeType: 'LOST',
      amount: '2.50',
      currency: 'USD',
      owner: 'LIBRARY',
      item: {
        id: modNcip.itemId,
        barcode: modNcip.barcode,
        title: 'TEST ONE',
        location: 'PALCI Shelf',
      },
      at: '2019-10-08T18:10:33.171Z',
      by: { channel: 'import' },
    });
  });
});

describe('an account of FOLIO', () => {
  it('is charged by its first action, with the person and the comments', async () => {
    const comments = 'STAFF : called \n PATRON : thank you';
    const charged = action('x1', 'a1', 1, 'Overdue fine', 10, { balance: 10, comments, createdAt: 'desk-1' });
    const { all, findings } = await folioImport([account('a1', 10)], [charged], {
      feeTypes: { 'Overdue fine': 'OVERDUEFINE' },
      owners: { Main: 'MAIN' },
    });
    expect(findings).toEqual([]);
    expect(all).toMatchObject([
      {
        type: 'FeeAssessed',
        data: {
          feeType: 'OVERDUEFINE',
          owner: 'MAIN',
          at: '2026-03-02T09:01:00.000Z',
          by: { userId: 'Doe, Jane', desk: 'desk-1' },
          comment: 'thank you',
          staffNote: 'called',
        },
      },
    ]);
  });

  it.each([
    ['both', 'STAFF : called \n\n PATRON : thank you', { staffNote: 'called', comment: 'thank you' }],
    ['words', 'STAFF:PATRON : no\nPATRON :yes', { staffNote: 'PATRON : no', comment: 'yes' }],
    ['empty lines', `STAFF : ${'\n '.repeat(300_000)}`, {}],
    ['a late patron', `STAFF : a${'\n'.repeat(9_000)}PATRON : b`, { staffNote: 'a', comment: 'b' }],
  ])('keeps the comments for staff and for the patron: %s', async (_name, comments, expected) => {
    const charged = action('x1', 'a1', 1, 'Overdue fine', 10, { balance: 10, comments });
    const { all } = await folioImport([account('a1', 10)], [charged]);
    const { staffNote, comment } = { ...all[0]?.data } as { staffNote?: string; comment?: string };
    expect(JSON.stringify({ staffNote, comment })).toBe(JSON.stringify(expected));
  });

  it.each([
    [1.004987654321, 100],
    [0.005, 0],
    [0.015, 2],
    [0.025, 2],
  ])('that keeps %f owes %i cents, rounded once as FOLIO rounds', async (remaining, cents) => {
    const { active } = await folioImport([account('a1', remaining)]);
    expect(active).toBe(cents);
  });

  it('follows `remaining` even above the amount, and reports it', async () => {
    const { owed, findings } = await folioImport([account('a1', 15)]);
    expect(owed).toEqual({ 'folio/a1': 1_000, 'folio/a1/correction/1': 500 });
    expect(findings).toEqual(['BalanceDiffers accounts a1 remaining']);
    const negative = await folioImport([account('a1', -5, { amount: -5 })]);
    expect([negative.active, negative.findings[0]]).toEqual([-500, 'AmountHasWrongSign accounts a1 amount']);
  });

  it('is a finding without an owner or a type, or uses the option `owner`', async () => {
    const nobody = account('a1', 10, { feeFineOwner: null });
    expect((await folioImport([nobody])).findings).toEqual(['MalformedField accounts a1 feeFineOwner']);
    expect((await folioImport([nobody], [], { owner: 'MAIN' })).active).toBe(1_000);
    const { findings } = await folioImport([account('a1', 10, { feeFineType: null })]);
    expect(findings).toEqual(['MalformedField accounts a1 feeFineType']);
  });
});

const cash = { paymentMethod: 'Cash', transactionInformation: '-' };

describe('actions of FOLIO', () => {
  it('of one payment are one payment of several fees', async () => {
    const paid = { ...cash, transactionInformation: 'Receipt 7' };
    const { all, findings } = await folioImport(
      [account('a1', 4), account('a2', 0)],
      [action('x2', 'a1', 5, 'Paid partially', 6, paid), action('x1', 'a2', 5, 'Paid fully', 10, paid)],
    );
    expect(findings).toEqual([]);
    expect(all.at(-1)).toMatchObject({
      type: 'PaymentReceived',
      data: {
        paymentId: 'folio/action/x1',
        amount: '16.00',
        method: 'Cash',
        reference: 'Receipt 7',
        allocations: [
          { feeId: 'folio/a1', amount: '6.00' },
          { feeId: 'folio/a2', amount: '10.00' },
        ],
      },
    });
  });

  it('waive, transfer and cancel', async () => {
    const { steps, findings, all } = await folioImport(
      [account('a1', 0)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 1, 'Waived partially', 2, { paymentMethod: 'Kindness', balance: 8 }),
        action('x3', 'a1', 2, 'Transferred partially', 3, { paymentMethod: 'Bursar', balance: 5 }),
        action('x4', 'a1', 3, 'Staff info only', 0),
        action('x5', 'a1', 4, 'Cancelled as error', 10, { balance: 0 }),
      ],
    );
    expect([steps, findings]).toEqual([
      ['FeeAssessed 10.00', 'FeeWaived 2.00', 'FeeTransferred 3.00', 'FeeCancelled 5.00'],
      [],
    ]);
    expect(all[1]?.data).toMatchObject({ reason: 'Kindness' });
    expect(all[2]?.data).toMatchObject({ destination: 'Bursar', expectsSettlement: false });
  });

  it('cancel if they have a custom reason; unknown ones are findings', async () => {
    const own = await folioImport(
      [account('a1', 0)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 4, 'Wrong patron', 10, { balance: 0 }),
      ],
    );
    expect([own.steps, own.findings]).toEqual([['FeeAssessed 10.00', 'FeeCancelled 10.00'], []]);
    const unknown = await folioImport(
      [account('a1', 10)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 4, 'Pondered', 3, { balance: 7 }),
      ],
    );
    expect(unknown.findings).toEqual(['UnknownType feefineactions x2 typeAction']);
  });

  it('refund: a payment is reversed, a transfer recalled', async () => {
    const { steps, findings } = await folioImport(
      [account('a1', 5)],
      [
        action('x1', 'a1', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Transferred fully', 4, { paymentMethod: 'Bursar' }),
        action('x3', 'a1', 3, 'Credited partially', 2, { transactionInformation: 'Refund to patron' }),
        action('x4', 'a1', 3, 'Refunded partially', 2, { transactionInformation: 'Refunded to patron' }),
        action('x5', 'a1', 4, 'Refunded fully-Claim returned', 3, {
          transactionInformation: 'Refunded to Bursar',
        }),
      ],
    );
    expect([steps.slice(3), findings]).toEqual([['PaymentReversed 2.00', 'TransferRecalled 3.00'], []]);
  });

  it('that give back more than came in are cut, with a finding (paid 6, transferred 5, the patron gets 11)', async () => {
    const back = { transactionInformation: 'Refunded to patron' };
    const { owed, findings } = await folioImport(
      [account('a1', 11, { amount: 11 })],
      [
        action('x1', 'a1', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Transferred fully', 5, { paymentMethod: 'Bursar' }),
        action('x3', 'a1', 3, 'Refunded partially', 4, back),
        action('x4', 'a1', 4, 'Refunded partially', 4, back),
        action('x5', 'a1', 5, 'Refunded partially', 3, back),
      ],
    );
    expect(Object.values(owed).reduce((sum, one) => sum + one, 0)).toBe(1_100);
    expect(findings).toEqual([
      'AmountDoesNotFit feefineactions x4',
      'AmountDoesNotFit feefineactions x5',
      'BalanceDiffers accounts a1 remaining',
    ]);
  });

  it('are findings without an account or an amount', async () => {
    const { findings } = await folioImport(
      [account('a1', 10)],
      [
        action('x1', 'a9', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Waived partially', 0),
        action('x3', 'a1', 3, 'Paid partially', -1, cash),
      ],
    );
    expect(findings.sort()).toEqual([
      'AmountHasWrongSign feefineactions x2 amountAction',
      'AmountHasWrongSign feefineactions x3 amountAction',
      'UnknownRow feefineactions x1 accountId',
    ]);
  });

  it('are read in the order of their dates', () => {
    const intake = newIntake();
    const options = checkedReadOptions({ policy });
    const rows = [
      action('x2', 'a1', 5, 'Paid fully', 10, {
        ...cash,
        createdAt: '-',
        originalCreatedAt: 'desk-2',
        comments: 'plain',
      }),
      action('x1', 'a1', 1, 'Fine', 10, { balance: 10 }),
      action('x3', 'a1', 1, 'Paid fully', 10, { dateAction: null }),
    ];
    const actions = readActions(rows, 'u1', options, intake);
    expect(actions.map(({ kind }) => kind)).toEqual(['charge', 'payment']);
    expect(actions[1]?.by).toEqual({ userId: 'Doe, Jane', desk: 'desk-2', staffNote: 'plain' });
    expect(intake.findings).toMatchObject([{ code: 'MalformedField', field: 'dateAction' }]);
    expect(paymentGroups(actions, options)).toHaveLength(1);
    const [charge] = actions;
    const fee = { id: 'folio/a1', feeType: 'Fine', owner: 'Main' };
    expect(charge && folioActions({ ...fee, reader: charge.reader }, actions, options)).toEqual([]);
  });
});
