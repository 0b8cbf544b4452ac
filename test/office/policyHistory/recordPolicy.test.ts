import { definePolicy } from 'patron-fees';
import { memoryEventStore } from 'patron-fees/history';
import { officeEvents, policyInForce, recordPolicy } from 'patron-fees/office';
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

it('returns the policy of a day, as it was known on that day', async () => {
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

it('keeps a policy that begins later, and can move its first day in either direction', async () => {
  const { office } = officeAt();
  const credit = definePolicy({ currency: 'USD', overpayment: 'credit' });
  const record = async (id: string, policy: typeof usd, day: string) => {
    const result = await recordPolicy(office, policy, { ...form, id, from: `${day}T00:00:00Z` });
    if (!result.accepted) throw result.rejection;
    return [result.isRepeat, result.recorded.number, result.recorded.changed.join()];
  };
  const overpayments = async (...days: readonly string[]) => {
    const found = await Promise.all(
      days.map((day) => policyInForce(office, { institution, at: `${day}T12:00:00Z` })),
    );
    return found.map((one) => one?.policy.overpayment);
  };
  await record('p1', usd, '2026-01-01');
  expect(await record('p2', credit, '2026-04-01')).toEqual([false, 2, 'overpayment']);
  // A program starts with the policy of the day.
  expect(await record('start 1', usd, '2026-03-10')).toEqual([true, 1, Object.keys(usd).sort().join()]);
  expect(await overpayments('2026-03-15', '2026-04-15')).toEqual(['refuse', 'credit']);
  expect(await record('start 2', credit, '2026-06-10')).toEqual([true, 2, 'overpayment']);
  // Later than announced: the old policy from that day on, and the new one from the other.
  expect(await record('p3', usd, '2026-04-01')).toEqual([false, 3, 'overpayment']);
  expect(await record('p4', credit, '2026-05-01')).toEqual([false, 4, 'overpayment']);
  expect(await overpayments('2026-04-15', '2026-05-15')).toEqual(['refuse', 'credit']);
  // Earlier than announced.
  expect(await record('p5', credit, '2026-03-01')).toEqual([false, 5, 'overpayment']);
  expect(await overpayments('2026-02-15', '2026-03-15')).toEqual(['refuse', 'credit']);
});

it('requires a time near the present at a desk, if the policy says so', async () => {
  const { office } = officeAt();
  const prompt = definePolicy({ currency: 'USD', backdating: { days: 7 } });
  const mistyped = { ...form, at: '2062-03-02T09:00:00Z' };
  expect(await recordPolicy(office, prompt, mistyped, { now: at })).toEqual({
    accepted: false,
    rejection: { type: 'InTheFuture', kind: 'invalid', at: mistyped.at, latest: '2026-03-02T09:15:00Z' },
  });
  await expect(recordPolicy(office, prompt, form)).rejects.toThrow('options.now');
  // A program records it at each start; what is in force is a repeat at any time.
  const started = { ...mistyped, by: { channel: 'job', userId: 'server' } } as const;
  expect(await recordPolicy(office, prompt, started)).toMatchObject({ accepted: true, isRepeat: false });
  expect(await recordPolicy(office, prompt, { ...form, id: 'p2' })).toMatchObject({ isRepeat: true });
});

it('finds no policy in force before the first one', async () => {
  const { office } = officeAt();
  await recordPolicy(office, usd, form);
  const before = { ...form, id: 'p0', from: '2025-01-01T00:00:00Z' };
  expect(await recordPolicy(office, usd, before)).toMatchObject({
    isRepeat: false,
    recorded: { number: 2, changed: Object.keys(usd).sort() },
  });
});

it('finishes when several processes record the same policy at once', async () => {
  const { office } = officeAt();
  const results = await Promise.all(['a', 'b', 'c'].map((id) => recordPolicy(office, usd, { ...form, id })));
  expect(results.filter((one) => one.accepted && !one.isRepeat)).toHaveLength(1);
});
