import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/index.js';
import { fee, pay, plan, policy, short, telling, told } from './noticeHistory.js';

describe('the notices of events, of blocks and of a day', () => {
  it('are one for fees that were charged together', async () => {
    expect(await short([fee('f1', '10'), fee('f2', '2')])).toEqual([
      ['charged', '12.00', 'f1 10.00 10.00', 'f2 2.00 2.00'],
    ]);
    expect(await short([fee('f1', '10')], [fee('f2', '2')])).toHaveLength(2);
  });

  it('tell of a plan when it is agreed, and the day after an instalment was missed', async () => {
    const lists = [[fee('f1', '10')], [plan]];
    const agreed = await told(policy, lists);
    expect(agreed[1]).toMatchObject({
      ...{ kind: 'planAgreed', amount: '10.00', on: null },
      instalments: [{ dueOn: '2026-04-01', open: '5.00' }, { dueOn: '2026-05-01' }],
    });
    const on = async (day: string) => (await told(policy, lists, { on: day })).slice(2);
    expect(await on('2026-04-01')).toEqual([]);
    expect(await on('2026-04-02')).toMatchObject([
      { kind: 'planBehind', amount: '5.00', at: null, on: '2026-04-02', told: ['planBehind/n1/2026-04-01'] },
    ]);
    expect(await on('2026-05-02')).toMatchObject([{ amount: '10.00', told: ['planBehind/n1/2026-05-01'] }]);
  });

  it('tell of a block when a limit is reached, unless it is over', async () => {
    const blocking = telling({}, { blockLimits: { '*': [{ amount: '10.00' }] } });
    const lists = [[fee('f1', '8')], [fee('f2', '8')], [fee('f3', '1')]];
    const kinds = async (...more: readonly (readonly Command[])[]) =>
      (await told(blocking, [...lists, ...more])).filter(({ kind }) => kind === 'blocked');
    expect(await kinds()).toMatchObject([{ told: ['blocked/2'], payable: '17.00', amount: null }]);
    expect(await kinds([pay('p1', '17')])).toEqual([]);
    expect(await kinds([pay('p1', '17')], [fee('f4', '11')])).toMatchObject([{ told: ['blocked/5'] }]);
    const later = telling({ from: '2026-03-02T09:00:03Z' }, { blockLimits: { '*': [{ amount: '10.00' }] } });
    expect((await told(later, lists)).map(({ kind }) => kind)).toEqual(['charged']);
  });

  it('tell what is owed once a month or week', async () => {
    const kinds = ['owed'] as const;
    const of = async (owedEvery: 'week' | 'month', day: string) =>
      (await told(telling({ owedEvery, rules: [{ kinds }] }), [[fee('f1', '8')]], { on: day })).map(
        (notice) => notice.told[0],
      );
    expect(await of('month', '2026-03-31')).toEqual(['owed/2026-03']);
    expect(await of('week', '2026-03-31')).toEqual(['owed/2026-03-30']);
    expect(await of('week', '2026-04-05')).toEqual(['owed/2026-03-30']);
    expect(await of('week', '2026-04-06')).toEqual(['owed/2026-04-06']);
    const ofMonth = telling({ rules: [{ kinds }] });
    expect(await told(ofMonth, [[fee('f1', '8')], [pay('p1', '8')]])).toEqual([]);
    const dear = telling({ rules: [{ kinds, minimumAmount: '8.01' }] });
    expect(await told(dear, [[fee('f1', '8')]])).toEqual([]);
    expect(await told(dear, [[fee('f1', '8')], [fee('f2', '1')]])).toHaveLength(1);
  });
});
