import { listOnlinePayments, type OnlineLine, type OnlineListForm } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  begun,
  breakAccount,
  institution,
  reconcile,
  row,
  type Shop,
  settleKept,
  settlePart,
  taken,
} from '../shop.js';

async function list(shop: Shop, form: Partial<OnlineListForm> = {}): Promise<readonly OnlineLine[]> {
  const lines: OnlineLine[] = [];
  for await (const line of listOnlinePayments(shop.stores, shop.policy, { institution, at, ...form }))
    lines.push(line);
  return lines;
}

const idsOf = (lines: readonly OnlineLine[]) => lines.map((one) => one.onlinePaymentId);

/** A shop with a payment of `ann` and `ben` that waits for `ben`, one of `ann` that is over, and a strange capture. */
async function filled(): Promise<Shop> {
  const shop = await begun([{ patronId: 'ann', feeId: 'f1' }, { patronId: 'ben' }]);
  await shop.start('o2', [{ patronId: 'ann', feeId: 'f2' }], { at: '2026-03-01T09:00:00Z' });
  await shop.report('o2', { ended: { cause: 'failed', final: true } });
  breakAccount(shop, 'ben');
  await shop.report('o1', taken('ch_1', '9.50'));
  await shop.report('unknown', taken('ch_9', '5.00'));
  return shop;
}

describe('the list of online payments', () => {
  it('has payments by state, patron, day and finding, and what was kept', async () => {
    const shop = await filled();
    expect(idsOf(await list(shop))).toEqual(['o1', 'o2', 'unknown']);
    expect(idsOf(await list(shop, { states: ['ended'] }))).toEqual(['o2']);
    expect(idsOf(await list(shop, { states: ['kept'] }))).toEqual(['unknown']);
    expect(idsOf(await list(shop, { patronId: 'ben' }))).toEqual(['o1']);
    expect(idsOf(await list(shop, { from: '2026-03-02' }))).toEqual(['o1', 'unknown']);
    expect(idsOf(await list(shop, { through: '2026-03-01', timeZone: 'America/New_York' }))).toEqual(['o2']);
    expect(idsOf(await list(shop, { codes: ['TAKEN_NOT_RECORDED'] }))).toEqual(['o1']);
    expect(idsOf(await list(shop, { onlinePaymentId: 'o2' }))).toEqual(['o2']);
    const [kept] = await list(shop, { states: ['kept'] });
    expect(idsOf(await list(shop, { keptId: kept?.keptId ?? '' }))).toEqual(['unknown']);
  });

  it('says what to do about each finding, and names the function for it', async () => {
    const shop = await filled();
    const [waiting] = await list(shop, { onlinePaymentId: 'o1' });
    const about = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'ben' } as const;
    expect(waiting).toMatchObject({
      state: 'captured',
      total: '9.50',
      taken: '9.50',
      patronIds: ['ann', 'ben'],
      findings: [
        {
          code: 'TAKEN_NOT_RECORDED',
          message: expect.stringContaining('repair the account'),
          since: at,
          actions: [{ does: 'settlePart', what: 'apart', ...about }],
        },
      ],
    });
    await settlePart(shop, { ...about, what: 'apart', reason: 'in cash' });
    expect(await list(shop, { onlinePaymentId: 'o1' })).toMatchObject([
      {
        findings: [],
        actions: [{ does: 'settlePart', what: 'record', ...about }],
        settled: [{ what: 'apart', reason: 'in cash', by: { userId: 'mo' } }],
      },
    ]);
  });

  it('offers to report a refused part again, to settle it, and to open it again', async () => {
    const shop = await filled();
    const [kept] = await list(shop, { states: ['kept'] });
    const keptId = kept?.keptId ?? '';
    expect(kept?.findings[0]).toMatchObject({
      code: 'REPORT_REFUSED',
      actions: [
        { does: 'tellAnew', keptId },
        { does: 'settle', keptId },
      ],
    });
    await settleKept(shop, keptId);
    expect(await list(shop, { keptId })).toMatchObject([
      { state: 'settled', findings: [], actions: [{ does: 'reopen', keptId }] },
    ]);
  });

  it('shows how rows and totals differ, and which payments never became final', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    await reconcile(shop, row('r1', '16.50'));
    const [line] = await list(shop, { at: '2026-05-02T09:00:00Z', askForDays: 30 });
    const about = { kind: 'capture', externalTransactionId: 'ch_1' } as const;
    expect(line?.findings.map(({ code, actions }) => [code, actions])).toEqual([
      ['AMOUNT_DIFFERS', [{ does: 'settlePart', ...about, what: 'rows' }]],
      ['NEVER_FINAL', [{ does: 'reportEnd' }]],
    ]);
  });

  it('offers to settle an amount above the total as really taken or as returned, which ends the finding', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '1550.00'));
    const [line] = await list(shop);
    const [finding] = line?.findings ?? [];
    const of = { of: 'ch_1', kind: 'refund', amount: '1534.50', currency: 'USD' };
    expect(finding).toMatchObject({
      code: 'CAPTURED_ABOVE_TOTAL',
      actions: [
        { does: 'settlePart', kind: 'capture', externalTransactionId: 'ch_1', what: 'aboveTotal' },
        { does: 'reportReturn', returned: { ...of, externalTransactionId: expect.stringMatching(/^rest-/) } },
      ],
    });
    const rest = finding?.actions.find(({ does }) => does === 'reportReturn');
    if (rest?.does !== 'reportReturn') throw new Error('no return is offered');
    await shop.report('o1', { returns: [rest.returned] });
    expect(await list(shop)).toMatchObject([{ findings: [] }]);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('marks an open finding for a reminder at once, and then at intervals of days', async () => {
    const shop = await filled();
    const remind = async (time: string, remindedAt: string | null) =>
      idsOf(await list(shop, { at: time, remindedAt, remindEveryDays: 7 }));
    expect(await remind(at, null)).toEqual(['o1', 'unknown']);
    expect(await remind('2026-03-05T09:00:00Z', at)).toEqual([]);
    expect(await remind('2026-03-09T09:00:00Z', '2026-03-05T09:00:00Z')).toEqual(['o1', 'unknown']);
    expect(await remind('2026-03-10T09:00:00Z', '2026-03-09T09:00:00Z')).toEqual([]);
  });

  it('records nothing, and names a payment that cannot be read', async () => {
    const shop = await filled();
    const { office } = shop.stores;
    const before = (await office.readAll()).events.length;
    await list(shop);
    expect((await office.readAll()).events).toHaveLength(before);
    const corrupt = { type: 'OnlinePaymentEnded', data: ended } as const;
    const stream = { institution, stream: 'online:o9' };
    await office.append(stream, [corrupt as never], { expectedVersion: 0 });
    expect(await list(shop, { onlinePaymentId: 'o9' })).toMatchObject([
      { state: 'unreadable', findings: [{ code: 'CORRUPT_HISTORY' }] },
    ]);
  });

  it('names refused parts that cannot be read', async () => {
    const shop = await filled();
    const { office } = shop.stores;
    const corrupt = { type: 'OnlineReportSettled', data: settled } as const;
    const stream = { institution, stream: 'onlineKept:k9' };
    await office.append(stream, [corrupt as never], { expectedVersion: 0 });
    const unreadable = {
      ...{ onlinePaymentId: null, keptId: 'k9', state: 'unreadable' },
      findings: [{ code: 'CORRUPT_HISTORY', keptId: 'k9', actions: [] }],
    };
    expect(await list(shop, { keptId: 'k9' })).toMatchObject([unreadable]);
    expect(await list(shop, { states: ['unreadable'] })).toMatchObject([unreadable]);
  });
});

const ended = {
  ...{ onlinePaymentId: 'o9', currency: 'USD', at, by: { channel: 'job' } },
  ...{ cause: 'failed', final: true },
};

const settled = {
  ...{ keptId: 'k9', currency: 'USD', at, by: { channel: 'desk', userId: 'ann' } },
  ...{ how: 'settled', reason: 'a payment of another shop' },
};
