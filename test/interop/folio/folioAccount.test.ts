import { describe, expect, it } from 'vitest';
import { account, action, folioImport } from './folioImport.js';
import { edgeSip2, modNcip, modPatron } from './folioSamples.js';

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
