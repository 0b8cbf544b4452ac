import { describe, expect, it } from 'vitest';
import { approverOf, roleRefusal } from '../../../src/online/settle/settling.js';
import {
  ann,
  at,
  begun,
  breakAccount,
  clerk,
  manager,
  paymentOf,
  policyOf,
  rejectionsOf,
  type Shop,
  settleKept,
  settlePart,
  taken,
} from '../shop.js';

it('requires the role of those who may purge', () => {
  expect(roleRefusal(manager)).toBeUndefined();
  const refusal = { type: 'MayNotSettle', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' };
  expect(roleRefusal(clerk)).toEqual(refusal);
});

it('records who approved, without roles', () => {
  expect(approverOf({ userId: 'lee', roles: ['HEAD'], upTo: '15.00' })).toEqual({
    approvedBy: { userId: 'lee', upTo: '15.00' },
  });
});

const part = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'ann', what: 'apart' } as const;
const head = { userId: 'mo', roles: ['USER_MANAGER', 'HEAD'] };

/** A shop in which a part of 15.00 waits and a capture of 7.00 of an unknown payment is kept, under a policy. */
async function shopWith(rules: object): Promise<{ shop: Shop; keptId: string; repair: () => void }> {
  const shop = await begun(ann);
  const repair = breakAccount(shop, 'ann');
  await shop.report('o1', taken('ch_1', '15.50'));
  const { kept } = await shop.report('unknown', taken('ch_2', '7.00'));
  Object.assign(shop, { policy: policyOf({}, rules) });
  return { shop, keptId: kept[0]?.keptId ?? '', repair };
}

describe('what the policy lets a person settle', () => {
  it('has limits', async () => {
    const upTo = { USER_MANAGER: { upTo: '5.00' }, HEAD: {} };
    const permissions = { SettleOnlinePart: upTo, SettleOnlineReport: upTo };
    const { shop, keptId } = await shopWith({ permissions });
    const over = { type: 'NotPermitted', needs: ['HEAD'], limit: '5.00' };
    const refusedPart = { ...over, commandType: 'SettleOnlinePart', amount: '15.00' };
    expect(await settlePart(shop, part)).toMatchObject({ rejection: refusedPart });
    const refusedReport = { ...over, commandType: 'SettleOnlineReport', amount: '7.00' };
    expect(await settleKept(shop, keptId)).toMatchObject({ rejection: refusedReport });
    expect((await paymentOf(shop))?.settled).toEqual([]);
    expect(await settlePart(shop, { ...part, by: head })).toMatchObject({ accepted: true });
    expect(await settleKept(shop, keptId, { by: head })).toMatchObject({ status: 'settled' });
    // A repeat is accepted from everybody who may settle.
    expect(await settlePart(shop, part)).toMatchObject({ isRepeat: true });
    expect(await settleKept(shop, keptId)).toMatchObject({ isRepeat: true });
    expect(await settleKept(shop, keptId, { reopen: true })).toMatchObject({ rejection: refusedReport });
  });

  it('requires the approval of another user above an amount, for that amount', async () => {
    const approval = { above: '5.00', roles: ['HEAD'] };
    const approvals = { SettleOnlinePart: approval, SettleOnlineReport: approval };
    const { shop, keptId } = await shopWith({ approvals });
    const asked = { type: 'ApprovalRequired', above: '5.00', amount: '15.00' };
    const approvedBy = { userId: 'lee', roles: ['HEAD'], upTo: '15.00' };
    for (const one of [undefined, { ...approvedBy, userId: 'MO ' }, { ...approvedBy, upTo: '14.99' }])
      expect(await settlePart(shop, { ...part, ...(one && { approvedBy: one }) })).toMatchObject({
        rejection: asked,
      });
    expect(await settlePart(shop, { ...part, approvedBy })).toMatchObject({ accepted: true });
    const recorded = { userId: 'lee', upTo: '15.00' };
    expect((await paymentOf(shop))?.settled).toMatchObject([{ approvedBy: recorded }]);
    expect(await settleKept(shop, keptId)).toMatchObject({ rejection: { ...asked, amount: '7.00' } });
    expect(await settleKept(shop, keptId, { approvedBy })).toMatchObject({ status: 'settled' });
    const stream = { institution: 'north', stream: `onlineKept:${keptId}` };
    expect((await shop.stores.office.read(stream)).events.at(-1)?.event.data).toMatchObject({
      approvedBy: recorded,
    });
  });

  it('is not limited in another currency: a role without a limit may settle, and any amount needs the approval', async () => {
    const { shop } = await shopWith({});
    const [yen] = (await shop.report('o1', taken('ch_3', '5', 'JPY'))).kept;
    const keptId = yen?.keptId ?? '';
    const permissions = { SettleOnlineReport: { USER_MANAGER: { upTo: '500.00' }, HEAD: {} } };
    Object.assign(shop, { policy: policyOf({}, { permissions }) });
    const notPermitted = { type: 'NotPermitted', needs: ['HEAD'], limit: null, amount: null };
    expect(await settleKept(shop, keptId)).toMatchObject({ rejection: notPermitted });
    const approvals = { SettleOnlineReport: { above: '500.00', roles: ['HEAD'] } };
    Object.assign(shop, { policy: policyOf({}, { permissions, approvals }) });
    const asked = { type: 'ApprovalRequired', above: '0', amount: '5', approvedUpTo: null };
    expect(await settleKept(shop, keptId, { by: head })).toMatchObject({ rejection: asked });
    const approvedBy = { userId: 'lee', roles: ['HEAD'], upTo: '5' };
    expect(
      await settleKept(shop, keptId, { by: head, approvedBy: { ...approvedBy, upTo: '4' } }),
    ).toMatchObject({
      rejection: { ...asked, approvedUpTo: '4' },
    });
    // Approved in the currency of the policy: nothing was approved here.
    expect(
      await settleKept(shop, keptId, { by: head, approvedBy: { ...approvedBy, upTo: '5.00' } }),
    ).toMatchObject({
      rejection: { type: 'ApprovalRequired' },
    });
    expect(await settleKept(shop, keptId, { by: head, approvedBy })).toMatchObject({ status: 'settled' });
  });

  it('requires a user other than the one who took the cash, if the duties say so', async () => {
    const { shop, repair } = await shopWith({ duties: [['ReceivePayment', 'SettleOnlinePart']] });
    await settlePart(shop, { ...part, by: head });
    repair();
    const by = { channel: 'desk', userId: 'mo' } as const;
    const cash = { type: 'ReceivePayment', id: 'c1', amount: '1.00', method: 'CASH', at, by } as const;
    await shop.give('ann', cash);
    const record = { ...part, what: 'record' } as const;
    const sameUser = { type: 'SameUser', commandType: 'SettleOnlinePart', as: 'ReceivePayment' };
    expect(await settlePart(shop, record)).toMatchObject({ rejection: sameUser });
    const lee = { userId: 'lee', roles: ['USER_MANAGER'] };
    expect(await settlePart(shop, { ...record, by: lee })).toMatchObject({ accepted: true });
  });

  it('requires a user other than the one who settled a part of the same transaction, if the duties say so', async () => {
    const { shop, keptId } = await shopWith({ duties: [['SettleOnlinePart', 'SettleOnlineReport']] });
    await settlePart(shop, part);
    const differs = await shop.report('o1', taken('ch_1', '9.00'));
    expect(rejectionsOf(differs)).toEqual(['ReportDiffers']);
    const sameUser = { type: 'SameUser', commandType: 'SettleOnlineReport', as: 'SettleOnlinePart' };
    expect(await settleKept(shop, differs.kept[0]?.keptId ?? '')).toMatchObject({ rejection: sameUser });
    expect(await settleKept(shop, keptId)).toMatchObject({ status: 'settled' });
  });
});
