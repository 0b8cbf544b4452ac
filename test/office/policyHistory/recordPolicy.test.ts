import { definePolicy } from 'patron-fees';
import { memoryEventStore } from 'patron-fees/history';
import { officeEvents, policyInForce, recordPolicy } from 'patron-fees/institution';
import { expect, it } from 'vitest';
import { by } from '../till/tills.js';

const institution = 'north';
const at = '2026-03-02T09:00:00Z';
const form = { institution, id: 'p1', from: '2026-01-01T00:00:00Z', at, by };
const usd = definePolicy({ currency: 'USD' });

function officeAt() {
  const clock = { now: at };
  return { clock, office: memoryEventStore({ now: () => clock.now, codec: officeEvents }) };
}

it('records what changed, from when and by whom, and nothing if it is the same', async () => {
  const { office } = officeAt();
  const first = await recordPolicy(office, usd, {
    ...form,
    by: { ...by, roles: ['CHIEF'] },
    comment: 'start',
  });
  expect(first).toMatchObject({
    accepted: true,
    isRepeat: false,
    recorded: { number: 1, from: form.from, by, comment: 'start', changed: Object.keys(usd).sort() },
  });
  expect(JSON.stringify(first)).not.toContain('CHIEF');
  expect(await recordPolicy(office, usd, form)).toMatchObject({ isRepeat: true, recorded: { number: 1 } });
  expect(await recordPolicy(office, usd, { ...form, id: 'p2' })).toMatchObject({ isRepeat: true });
  const changed = definePolicy({
    ...usd,
    feeTypes: { ...usd.feeTypes, OTHER: { label: 'Misc', manual: true, waiveable: false } },
    permissions: { WaiveFees: { CLERK: { upTo: '5.00' } } },
  } as never);
  expect(await recordPolicy(office, changed, { ...form, id: 'p2' })).toMatchObject({
    recorded: { number: 2, changed: expect.arrayContaining(['feeTypes.OTHER.waiveable', 'permissions']) },
  });
  expect(await recordPolicy(office, changed, form)).toEqual({
    accepted: false,
    rejection: { type: 'OfficeIdAlreadyUsed', kind: 'conflict', id: 'p1' },
  });
  await expect(recordPolicy(office, usd, { ...form, from: 'soon' })).rejects.toThrow('form.from');
});

it('answers with the policy of the day, as it was known then', async () => {
  const { office, clock } = officeAt();
  const strict = definePolicy({ currency: 'USD', overpayment: 'credit' });
  await recordPolicy(office, usd, form);
  clock.now = '2026-05-01T09:00:00Z';
  await recordPolicy(office, strict, { ...form, id: 'p2', from: '2026-04-01T00:00:00Z' });
  const overpaymentAt = async (day: string, recordedBefore?: string) => {
    const question = { institution, at: `${day}T12:00:00Z`, ...(recordedBefore && { recordedBefore }) };
    return (await policyInForce(office, question))?.policy.overpayment ?? null;
  };
  expect(await overpaymentAt('2025-12-31')).toBeNull();
  expect(await overpaymentAt('2026-03-31')).toBe('refuse');
  expect(await overpaymentAt('2026-04-01')).toBe('credit');
  expect(await overpaymentAt('2026-04-01', '2026-05-01T00:00:00Z')).toBe('refuse');
  expect(await overpaymentAt('2026-04-01', '2026-01-01T00:00:00Z')).toBeNull();
  expect((await policyInForce(office, { institution, at: '2026-04-01T12:00:00Z' }))?.policy).toEqual(strict);
});

it('finishes when several processes record the same policy at once', async () => {
  const { office } = officeAt();
  const results = await Promise.all(['a', 'b', 'c'].map((id) => recordPolicy(office, usd, { ...form, id })));
  expect(results.filter((one) => one.accepted && !one.isRepeat)).toHaveLength(1);
});
