import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/index.js';
import { evergreenFacts } from './evergreenFacts.js';
import { balanceOf, type Fact, type Played } from './fact.js';
import { factsNotPlayed } from './factsNotPlayed.js';
import { kohaLostItems } from './kohaLostItems.js';
import { overdueFacts } from './kohaOverdue.js';
import { kohaPayments } from './kohaPayments.js';
import { kohaReductions } from './kohaReductions.js';
import { mustAsk, openDesk } from './ourDesk.js';

const facts: readonly Fact[] = JSON.parse(
  readFileSync(new URL('koha-evergreen.json', import.meta.url), 'utf8'),
);
const played: Readonly<Record<string, Played>> = {
  ...kohaPayments,
  ...kohaReductions,
  ...kohaLostItems,
  ...evergreenFacts,
  ...overdueFacts,
};
const notPlayed = factsNotPlayed.flatMap(({ ids }) => ids);

const cases = facts.flatMap((fact) => {
  const each = played[fact.id];
  return each === undefined
    ? []
    : [{ ...fact, ...each, title: `${fact.id} ${fact.system}: ${fact.when.op}` }];
});

describe.each(['Koha', 'Evergreen'])(
  'facts from the tests of %s for which this library has a rule',
  (name) => {
    it.each(cases.filter(({ system }) => system === name))('$title', ({ play, unsaid = [], ...fact }) => {
      const said = Object.entries(fact.then).filter(([field]) => !unsaid.includes(field));
      expect(said.length).toBeGreaterThan(0);
      expect(play(fact)).toEqual(Object.fromEntries(said));
    });
  },
);

describe('decided otherwise than in', () => {
  const at = '2026-03-02T09:00:00Z';
  const fee = (id: string, amount: string) =>
    ({ type: 'AssessFee', id, feeType: 'OTHER', amount, owner: 'MAIN', at }) as const;

  it('Koha (K124): the use of a credit on a fee on which nothing is owed is refused, not ignored', () => {
    const desk = openDesk({ overpayment: 'credit' });
    mustAsk(desk, fee('f1', '5.00'), {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '8.00',
      method: 'CASH',
      at,
    });
    const use = { type: 'ApplyCredit', id: 'u1', creditId: 'p1#1', at } as const;
    expect(decide(use, desk.account(), desk.policy)).toMatchObject({ rejection: { type: 'NothingOwed' } });
  });

  it('Evergreen (E017): what was forgiven of a cancelled fee pays no other fee', () => {
    const desk = openDesk({});
    mustAsk(desk, fee('f1', '5.00'), fee('f2', '3.00'));
    mustAsk(desk, { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'OTHER', at });
    expect(balanceOf(desk)).toBe(300);
    mustAsk(desk, { type: 'CancelFee', id: 'c1', feeId: 'f1', at });
    expect(balanceOf(desk)).toBe(300);
  });
});

describe('every fact of Koha and Evergreen', () => {
  it('is run, or has a reason why it is not, but never both', () => {
    const known = [...Object.keys(played), ...notPlayed].sort();
    expect(known).toEqual(facts.map(({ id }) => id).sort());
  });

  it('is counted in the documentation', () => {
    const page = readFileSync(new URL('../../docs/concepts/other-systems.md', import.meta.url), 'utf8');
    expect(page).toContain(`Of ${facts.length} facts ${cases.length} are about a rule that this library has`);
    expect(page).toContain(`each of the other ${notPlayed.length} has`);
  });

  it('gives another result if more is paid, charged or credited', () => {
    const ids = ['K005', 'K016', 'K022', 'K034', 'K068', 'K095', 'K096'];
    const moved = ids.filter((id) => {
      const fact = cases.find((each) => each.id === id);
      if (fact === undefined) return false;
      const { play, unsaid = [], then: expected, given } = fact;
      const more = <Row extends { amount: number }>(by: number, rows: readonly Row[] = []) =>
        rows.map((row) => ({
          ...row,
          amount: row.amount + by,
          ...raised(row, 'outstanding', by),
          ...raised(row, 'available', by),
        }));
      const rows = { debits: more(1, given.debits), credits: more(2, given.credits) };
      const changed = play({ ...fact, given: { ...given, ...rows } });
      const said = Object.fromEntries(Object.entries(expected).filter(([field]) => !unsaid.includes(field)));
      return JSON.stringify(changed) !== JSON.stringify(said);
    });
    expect(moved).toEqual(ids);
  });
});

function raised(row: object, field: string, by: number): object {
  const value = (row as Record<string, unknown>)[field];
  return typeof value === 'number' ? { [field]: value + by } : {};
}
