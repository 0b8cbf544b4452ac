import { expect, it } from 'vitest';
import { overdueFeeId } from '../../../src/jobs/index.js';
import { ask, balancesOf, calendar, emptyStore, fineOf, lateLoan, night, runNight } from './nights.js';

const none = { count: 0, amount: '0.00' };

it('a backdated return gives back the charged and paid amounts of the days after it', async () => {
  const store = emptyStore();
  await runNight(store, night(7), lateLoan());
  expect(await fineOf(store)).toMatchObject({ owed: '1.50' });
  await ask(store, {
    type: 'ReceivePayment',
    id: 'paid',
    amount: '1.50',
    method: 'CASH',
    at: '2026-03-07T23:40:00-05:00',
  });
  const returned = lateLoan({ until: '2026-03-05T18:00:00-05:00', ends: 'returned' });
  const { report } = await runNight(store, night(8), returned);
  expect(report.total).toMatchObject({ decreased: { count: 1, amount: '0.50' }, ended: 1 });
  expect(await fineOf(store)).toEqual({ owed: '0.00', accrued: '1.00', endCause: 'returned' });
  expect(await balancesOf(store)).toMatchObject({ owed: 0, active: -50 });
  // The stream may name a loan that has ended again.
  const { report: again } = await runNight(store, night(9), returned);
  expect(again.total).toMatchObject({ unchanged: 1, ended: 0 });
  expect(again.findings.count).toBe(0);
});

it('an emergency closing declared afterwards lowers the fines', async () => {
  const store = emptyStore();
  await runNight(store, night(6), lateLoan(), lateLoan({ loanId: 'l2', owner: 'LAW', calendar: 'LAW' }), {
    ...lateLoan({ patronId: 'p2' }),
  });
  const closed = calendar({ closures: [{ from: '2026-03-04', to: '2026-03-06', name: 'Flood' }] });
  const calendars = { MAIN: closed, LAW: calendar() };
  const loans = [
    lateLoan(),
    lateLoan({ loanId: 'l2', owner: 'LAW', calendar: 'LAW' }),
    lateLoan({ patronId: 'p2' }),
  ];
  const { report } = await runNight(store, night(7, { calendars }), ...loans);
  // Five days up to the 6th were charged; of the 4th to the 7th only the 7th counts, so three days remain.
  expect(report.rows).toMatchObject([
    { owner: 'LAW', charged: { count: 1, amount: '1.50' } },
    { owner: 'MAIN', decreased: { count: 2, amount: '1.00' } },
  ]);
  expect(await fineOf(store)).toMatchObject({ owed: '0.75', accrued: '0.75' });
});

it('a renewal ends the fine, and the renewed loan has its own', async () => {
  const store = emptyStore();
  await runNight(store, night(3), lateLoan());
  const renewed = lateLoan({ until: '2026-03-04T10:00:00-05:00', ends: 'renewed' });
  const after = lateLoan({ renewals: 1, dueAt: '2026-03-06T20:00:00-05:00' });
  await runNight(store, night(5), renewed, after);
  const { report } = await runNight(store, night(8), renewed, after);
  expect(report.total).toMatchObject({ charged: { count: 1, amount: '0.50' }, unchanged: 1 });
  expect(await fineOf(store, renewed)).toEqual({ owed: '0.75', accrued: '0.75', endCause: 'renewed' });
  expect(await fineOf(store, after)).toEqual({ owed: '0.50', accrued: '0.50', endCause: null });
});

it('a renewal that forgives the fine cancels it', async () => {
  const store = emptyStore();
  await runNight(store, night(3), lateLoan());
  const { report } = await runNight(store, night(4), lateLoan({ ends: 'renewed', forgiven: true }));
  expect(report.total).toMatchObject({ decreased: { count: 1, amount: '0.50' }, ended: 1 });
  expect(await fineOf(store)).toEqual({ owed: '0.00', accrued: '0.00', endCause: 'renewed' });
});

it('a changed due date keeps the fee', async () => {
  const store = emptyStore();
  await runNight(store, night(4), lateLoan());
  const moved = lateLoan({ dueAt: '2026-03-03T20:00:00-05:00' });
  const { report } = await runNight(store, night(5), moved);
  expect(report.total).toMatchObject({ decreased: { count: 1, amount: '0.25' } });
  expect((await balancesOf(store)).owed).toBe(50);
});

it('a loss ends the fine on the day of the loss', async () => {
  const store = emptyStore();
  await runNight(store, night(3), lateLoan());
  const lost = lateLoan({ until: '2026-03-03T12:00:00-05:00', ends: 'lost' });
  const { report } = await runNight(store, night(4), lost);
  expect(report.total).toMatchObject({ increased: none, decreased: none, unchanged: 1, ended: 1 });
  await ask(store, {
    type: 'AssessFee',
    id: 'lost',
    feeType: 'LOSTITEMREPLACEMENTFEE',
    amount: '40.00',
    owner: 'MAIN',
    loanId: 'l1',
    at: '2026-03-05T12:00:00-05:00',
  });
  await runNight(store, night(6), lost);
  expect(await fineOf(store)).toEqual({ owed: '0.50', accrued: '0.50', endCause: 'lost' });
  expect((await balancesOf(store)).owed).toBe(4_050);
});

it('a claim "returned" halts the fine; it is removed if the item is found, and continues if not', async () => {
  const store = emptyStore();
  const loans = [lateLoan(), lateLoan({ loanId: 'l2' })];
  await runNight(store, night(3), ...loans);
  const claimed = loans.map((loan) => ({ ...loan, until: '2026-03-04T12:00:00-05:00' }));
  await runNight(store, night(5), ...claimed);
  const halted = await runNight(store, night(6), ...claimed);
  expect(halted.report.total.unchanged).toBe(2);
  expect((await balancesOf(store)).owed).toBe(150);

  const [kept, found] = loans as [(typeof loans)[0], (typeof loans)[0]];
  const { report } = await runNight(store, night(7), kept, { ...found, ends: 'other', forgiven: true });
  expect(report.total).toMatchObject({
    increased: { count: 1, amount: '0.75' },
    decreased: { count: 1, amount: '0.75' },
    ended: 1,
  });
  expect(await fineOf(store, kept)).toMatchObject({ owed: '1.50' });
  expect(await fineOf(store, found)).toEqual({ owed: '0.00', accrued: '0.00', endCause: 'other' });
});

it('a return already reported by the desk changes nothing at night', async () => {
  const store = emptyStore();
  await runNight(store, night(3), lateLoan());
  await ask(store, {
    type: 'AccrueFine',
    id: 'check-in 77',
    feeId: overdueFeeId(lateLoan()),
    feeType: 'OVERDUEFINE',
    total: '0.75',
    loanId: 'l1',
    ends: 'returned',
    at: '2026-03-04T10:00:00-05:00',
  });
  const returned = lateLoan({ until: '2026-03-04T10:00:00-05:00', ends: 'returned' });
  const { report } = await runNight(store, night(4), returned);
  expect(report).toMatchObject({ notAsComputed: 0, total: { unchanged: 1, ended: 0 } });
});
