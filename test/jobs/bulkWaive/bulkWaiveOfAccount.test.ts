import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
  formatAmount,
  owed,
} from '../../../src/index.js';
import {
  bulkWaiveFee,
  bulkWaiveOfAccount,
  waivedBefore,
} from '../../../src/jobs/bulkWaive/bulkWaiveOfAccount.js';
import type { DirectoryPatron } from '../../../src/jobs/index.js';
import { violations } from '../../../src/testing/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  deepFrozen,
  pay,
  policy,
  transfer,
} from '../../support/account.js';
import { at, formWith, patron, reasonOf } from '../../support/bulkWaiveForms.js';
import { tried } from '../../support/seeded.js';
import { anyNaming, anyPolicy, moves, namingNamed, runMoves } from '../../support/stories.js';

/** An account built by a random story, and its policy. */
const played = fc
  .tuple(moves(20), anyPolicy, anyNaming)
  .map(([story, rules, naming]) => ({
    rules,
    account: runMoves(story, rules, namingNamed[naming]).at(-1)?.after ?? emptyAccount(),
  }))
  .filter(({ account, rules }) => account.eventCount > 0 && account.currency === rules.currency);

it('needs accounts and patrons only: a patron whose loans are unknown keeps all fees', () => {
  const account = accountAfter([assess('f1', '5')]);
  for (const none of [undefined, null, 'x', {}, [], emptyAccount]) {
    const [code, on] = ['INVALID_ACCOUNT', none as never];
    expect(() => bulkWaiveOfAccount(on, patron('p1'), formWith(), policy)).toThrow(code);
  }
  for (const none of [undefined, null, 'x', {}, { patronId: 'p1', group: 'STUDENT' }]) {
    const form = formWith({ excludeOverdueLoans: true });
    expect(() => bulkWaiveOfAccount(account, none as never, form, policy)).toThrow(
      'INVALID_ARGUMENT: patron',
    );
  }
});

function inMinor(account: { minorDigits: number }, minor: number): string {
  return formatAmount(minor, account.minorDigits);
}

const student: DirectoryPatron = patron('p1');

const threeFees = [assess('f1', '10'), assess('f2', '50'), assess('f3', '70')];

describe('the bulk waive of an account, in every random history', () => {
  it('brings the owed amount of waiveable fees to zero, changes nothing else, and has correct sums', () => {
    fc.assert(
      fc.property(played, ({ account, rules }) => {
        const form = formWith({ reason: reasonOf(rules) });
        const { entry, events } = bulkWaiveOfAccount(account, student, form, rules);
        const after = fold(events, account);
        expect(violations(after)).toEqual([]);
        const waived = new Map(entry.fees.map((fee) => [fee.feeId, fee]));
        for (const [index, fee] of account.fees.entries()) {
          const now = after.fees[index] as typeof fee;
          const waiveable = rules.feeTypes[fee.feeType]?.waiveable === true;
          const line = waived.get(fee.feeId);
          expect(line === undefined).toBe(owed(fee) === 0);
          expect(owed(now)).toBe(waiveable ? 0 : owed(fee));
          if (line !== undefined) {
            expect(line.owed).toBe(inMinor(account, owed(fee)));
            expect(line.waived).toBe(waiveable ? line.owed : inMinor(account, 0));
          }
          // The rule of the guide: the remaining amount of a lost-item fee is not reduced.
          if (fee.lostItem)
            expect({ ...now, reserved: 0, transactions: [] }).toEqual({
              ...fee,
              reserved: 0,
              transactions: [],
            });
          expect([now.disputed, now.transferred, now.paid]).toEqual([
            fee.disputed,
            fee.transferred,
            fee.paid,
          ]);
        }
        const fell = balancesInMinorUnits(account).owed - balancesInMinorUnits(after).owed;
        expect(entry.waived).toBe(inMinor(account, fell));
        expect(entry.owed).toBe(inMinor(account, balancesInMinorUnits(account).owed));
        expect(entry.because).toEqual(fell === 0 ? { type: 'NothingToWaive' } : null);
        expect(events.length === 0).toBe(fell === 0);
      }),
      tried(200),
    );
  });

  it('repeated changes nothing, and reports the earlier waivers', () => {
    fc.assert(
      fc.property(played, fc.boolean(), ({ account, rules }, throughJson) => {
        const form = formWith({ reason: reasonOf(rules) });
        const first = bulkWaiveOfAccount(account, student, form, rules);
        const after = fold(first.events, account);
        const held = throughJson ? JSON.parse(JSON.stringify(after)) : after;
        const again = bulkWaiveOfAccount(held, student, form, rules);
        expect(again.events).toEqual([]);
        expect(again.entry.waived).toBe(first.entry.waived);
        if (first.events.length === 0) return;
        const chosen = first.entry.fees.filter(({ because }) => because === null);
        expect(again.entry).toEqual({
          ...first.entry,
          earlier: true,
          owed: null,
          fees: chosen,
        });
      }),
      tried(200),
    );
  });

  it('waives everything if the threshold equals the owed amount, nothing if it is a cent less', () => {
    fc.assert(
      fc.property(played, ({ account, rules }) => {
        const total = balancesInMinorUnits(account).owed;
        // No valid threshold is larger than that.
        fc.pre(total > 1 && total < 1e12);
        const form = formWith({ reason: reasonOf(rules) });
        const free = bulkWaiveOfAccount(account, student, form, rules);
        const exact = { ...form, threshold: inMinor(account, total) };
        expect(bulkWaiveOfAccount(account, student, exact, rules)).toEqual(free);
        const less = { ...form, threshold: inMinor(account, total - 1) };
        expect(bulkWaiveOfAccount(account, student, less, rules)).toMatchObject({
          entry: { because: { type: 'OwedAboveThreshold', owed: free.entry.owed }, fees: [] },
          events: [],
        });
      }),
      tried(100),
    );
  });

  it('does not change its arguments', () => {
    fc.assert(
      fc.property(played, ({ account, rules }) => {
        const form = deepFrozen(formWith({ reason: reasonOf(rules), groups: ['STUDENT'] }));
        bulkWaiveOfAccount(deepFrozen(structuredClone(account)), deepFrozen(student), form, rules);
      }),
      tried(50),
    );
  });
});

describe('the form of the guide', () => {
  const account = accountAfter(threeFees);
  const of = (more: Parameters<typeof formWith>[0], who = student, rules: FeePolicy = policy) =>
    bulkWaiveOfAccount(account, who, formWith(more), rules).entry;

  it('waives nothing of 10 + 50 + 70 at a threshold of 120, and all of it at 130', () => {
    expect(of({ threshold: '120' })).toMatchObject({
      waived: '0.00',
      because: { type: 'OwedAboveThreshold', owed: '130.00', threshold: '120.00' },
    });
    expect(of({ threshold: '130' })).toMatchObject({ waived: '130.00', because: null });
    expect(of({ threshold: '129.99' }).waived).toBe('0.00');
  });

  it('compares the threshold with the total owed, not with the chosen types', () => {
    const mixed = accountAfter([assess('f1', '10'), assess('f2', '115', { feeType: 'OTHER' })]);
    const form = formWith({ threshold: '120', feeTypes: ['OVERDUEFINE'] });
    expect(bulkWaiveOfAccount(mixed, student, form, policy).entry.because?.type).toBe('OwedAboveThreshold');
  });

  it('counts disputed fees, and does not deduct credits', () => {
    const credit = ask('IssueCredit', 'c1', { amount: '100', cause: 'manual', reason: 'GOODWILL' });
    const with_ = accountAfter([...threeFees, ask('DisputeFee', 'd1', { feeId: 'f3' }), credit]);
    const { entry } = bulkWaiveOfAccount(with_, student, formWith({ threshold: '129' }), policy);
    expect(entry.because).toMatchObject({ owed: '130.00' });
  });

  it('does not count paid, set-off and transferred amounts', () => {
    const less = accountAfter([
      ...threeFees,
      assessLost('lost', '60'),
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'lost' }], reason: 'OTHER' }),
      transfer('t1', 'f3'),
      pay('p1', '10'),
    ]);
    const { entry } = bulkWaiveOfAccount(less, student, formWith({ threshold: '50' }), policy);
    expect(entry).toMatchObject({ owed: '50.00', waived: '50.00' });
  });

  it('skips patrons with overdue loans only if that option is set', () => {
    const late = patron('p1', { hasOverdueLoans: true });
    expect(of({ excludeOverdueLoans: true }, late).because).toEqual({ type: 'HasOverdueLoans' });
    expect(of({ excludeOverdueLoans: false }, late).waived).toBe('130.00');
    expect(of({ excludeOverdueLoans: true }).waived).toBe('130.00');
  });

  it('waives for the chosen groups, or for all if none is chosen', () => {
    expect(of({ groups: ['STAFF'] }).because).toEqual({ type: 'GroupNotChosen' });
    expect(of({ groups: ['STAFF', 'STUDENT'] }).waived).toBe('130.00');
    expect(of({}, patron('p1', { group: '__proto__' })).waived).toBe('130.00');
  });

  it('waives only the chosen types, and reports the reason for the other fees', () => {
    const mixed = accountAfter([
      assess('f1', '10'),
      assess('f2', '20', { feeType: 'OTHER' }),
      assess('f3', '5', { feeType: 'TAX' }),
    ]);
    const form = formWith({ feeTypes: ['OTHER', 'TAX'] });
    expect(bulkWaiveOfAccount(mixed, student, form, policy).entry).toMatchObject({
      waived: '20.00',
      fees: [
        { feeId: 'f1', owed: '10.00', waived: '0.00', because: 'FeeTypeNotChosen' },
        { feeId: 'f2', owed: '20.00', waived: '20.00', because: null },
        { feeId: 'f3', owed: '5.00', waived: '0.00', because: 'FeeTypeNotWaiveable' },
      ],
    });
  });

  it('waives a disputed fee, and leaves the dispute unchanged', () => {
    const disputed = accountAfter([assess('f1', '10'), ask('DisputeFee', 'd1', { feeId: 'f1' })]);
    const { events } = bulkWaiveOfAccount(disputed, student, formWith(), policy);
    expect(events).toMatchObject([{ type: 'FeeWaived', data: { feeId: 'f1', amount: '10.00' } }]);
  });

  it('issues a credit on a lost-item fee', () => {
    const lost = accountAfter([assessLost('lost', '60')]);
    const { entry, events } = bulkWaiveOfAccount(lost, student, formWith(), policy);
    expect(entry.fees).toMatchObject([{ feeId: 'lost', waived: '60.00', asCredit: true }]);
    expect(events).toMatchObject([
      { type: 'LostItemCreditIssued', data: { cause: 'waived', purpose: 'setOff', amount: '60.00' } },
    ]);
  });

  it('does not touch amounts transferred to an external system, settled or not', () => {
    const sent = accountAfter([
      assess('f1', '10'),
      transfer('t1', 'f1'),
      assess('f2', '20'),
      transfer('t2', 'f2'),
      ask('SettleTransfer', 's1', { transferId: 't2', amount: '20' }),
    ]);
    const { entry, events } = bulkWaiveOfAccount(sent, student, formWith(), policy);
    expect([entry.because, events]).toEqual([{ type: 'NothingToWaive' }, []]);
  });

  it('records the job, who ordered it, the reason and the comment on every waiver', () => {
    const form = formWith({ reason: 'STAFF_ERROR', comment: 'Amnesty week', staffNote: 'Board of 3 June' });
    const { events } = bulkWaiveOfAccount(account, student, form, policy);
    expect(events).toHaveLength(3);
    for (const { data, metadata } of events) {
      const said = { reason: 'STAFF_ERROR', comment: 'Amnesty week', staffNote: 'Board of 3 June' };
      expect(data).toMatchObject({ at, by: { userId: 'mo', channel: 'job' }, ...said });
      expect(metadata?.commandId).toBe('june');
    }
    expect(events.map(({ data }) => 'waiverId' in data && data.waiverId)).toEqual([
      'june',
      'june#1',
      'june#2',
    ]);
  });
});

describe('an account is not waived', () => {
  it('if it is empty, or in another currency', () => {
    const none = bulkWaiveOfAccount(emptyAccount(), student, formWith(), policy);
    expect(none.entry.because).toEqual({ type: 'NoAccount' });
    const euros = accountAfter([assess('f1', '10')], { ...policy, currency: 'EUR' });
    expect(bulkWaiveOfAccount(euros, student, formWith(), policy).entry.because).toEqual({
      type: 'AccountInOtherCurrency',
      kind: 'conflict',
      accountCurrency: 'EUR',
      policyCurrency: 'USD',
    });
  });

  it('if its patron belongs to another institution', () => {
    const elsewhere = { ...student, institution: 'south' };
    const { entry } = bulkWaiveOfAccount(accountAfter(threeFees), elsewhere, formWith(), policy);
    expect(entry).toMatchObject({ institution: 'south', because: { type: 'OtherInstitution' } });
  });

  it('if the actor may not waive', () => {
    const form = formWith({ by: { userId: 'kim', roles: ['user_manager'] } });
    expect(bulkWaiveOfAccount(accountAfter(threeFees), student, form, policy)).toMatchObject({
      entry: { waived: '0.00', because: { type: 'ActorLacksRole', userId: 'kim' } },
      events: [],
    });
  });

  it('if the id of the job is in use for another command', () => {
    const form = formWith({ reason: 'OTHER' });
    for (const [name, taken] of [
      ['a payment', [assess('f1', '10'), assess('f2', '10'), pay('june', '5')]],
      ['a fee', [assess('june', '10')]],
      [
        'another bulk waive',
        [assess('f1', '10'), ask('WaiveFees', 'june', { fees: [{ feeId: 'f1' }], reason: 'STAFF_ERROR' })],
      ],
      [
        'a waiver of a part',
        [
          assess('f1', '10'),
          ask('WaiveFees', 'june', { fees: [{ feeId: 'f1', amount: '5' }], reason: 'OTHER' }),
        ],
      ],
    ] as const) {
      const { entry, events } = bulkWaiveOfAccount(accountAfter(taken), student, form, policy);
      expect([name, entry.because?.type, events]).toEqual([name, 'IdAlreadyUsed', []]);
    }
  });

  it('if an id derived from the job is in use', () => {
    const taken = accountAfter([...threeFees, assess('june#1', '1')]);
    const { entry, events } = bulkWaiveOfAccount(taken, student, formWith(), policy);
    expect([entry.because, entry.waived, events]).toMatchObject([
      { type: 'IdAlreadyUsed', id: 'june#1' },
      '0.00',
      [],
    ]);
  });
});

it('a second time: its earlier waivers are reported, even if the patron is now in another group', () => {
  const form = formWith({ groups: ['STUDENT'] });
  const { events } = bulkWaiveOfAccount(accountAfter(threeFees), student, form, policy);
  const after = fold(events, accountAfter(threeFees));
  const { entry } = bulkWaiveOfAccount(after, patron('p1', { group: 'STAFF' }), form, policy);
  expect(entry).toMatchObject({ earlier: true, waived: '130.00', group: 'STAFF', because: null });
});

it('twice: fees charged after the job are left to the next one', () => {
  const first = bulkWaiveOfAccount(accountAfter(threeFees), student, formWith(), policy);
  const later = accountAfter([assess('f4', '5')], policy, fold(first.events, accountAfter(threeFees)));
  expect(bulkWaiveOfAccount(later, student, formWith(), policy)).toMatchObject({
    entry: { earlier: true, waived: '130.00' },
    events: [],
  });
  const next = bulkWaiveOfAccount(later, student, formWith({ jobId: 'july' }), policy);
  expect(next.entry).toMatchObject({ earlier: false, waived: '5.00' });
});

describe('bulkWaiveFee', () => {
  const policy = definePolicy({
    currency: 'USD',
    feeTypes: {
      OVERDUEFINE: { label: 'Overdue fine' },
      LOST100: { label: 'Lost item', lostItem: true },
      TAX: { label: 'Tax', waiveable: false },
    },
  });

  const { fees } = accountAfter([
    assess('fine', '10'),
    assessLost('lost', '60'),
    assess('tax', '5', { feeType: 'TAX' }),
    assess('old', '3', { feeType: 'OTHER' }),
    pay('p1', '4', { feeIds: ['fine'] }),
  ]);

  const lines = (chosen?: readonly string[]) =>
    fees.map((fee) => {
      const { feeId, owed, waived, asCredit, because } = bulkWaiveFee(
        fee,
        { feeTypes: chosen && new Set(chosen), reason: 'OTHER', isCreatedThen: () => true },
        policy,
        (minor) => formatAmount(minor, 2),
      );
      return [feeId, owed, waived, asCredit, because];
    });

  it('waives the owed amount of every fee with a waiveable type; of a lost item as a credit', () => {
    expect(lines()).toEqual([
      ['fine', '6.00', '6.00', false, null],
      ['lost', '60.00', '60.00', true, null],
      ['tax', '5.00', '0.00', false, 'FeeTypeNotWaiveable'],
      ['old', '3.00', '0.00', false, 'FeeTypeUnknown'],
    ]);
  });

  it('skips types that were not chosen, even those that are not waiveable', () => {
    expect(lines(['LOST100']).map(([feeId, , waived, , because]) => [feeId, waived, because])).toEqual([
      ['fine', '0.00', 'FeeTypeNotChosen'],
      ['lost', '60.00', null],
      ['tax', '0.00', 'FeeTypeNotChosen'],
      ['old', '0.00', 'FeeTypeNotChosen'],
    ]);
  });
});

describe('waivedBefore', () => {
  const fees = [assess('f1', '10'), assess('f2', '50'), assessLost('lost', '60')];

  const job = (jobId: string, ...feeIds: string[]) =>
    ask('WaiveFees', jobId, { fees: feeIds.map((feeId) => ({ feeId })), reason: 'OTHER' });

  const waivedIn = (...commands: Parameters<typeof accountAfter>[0]) =>
    waivedBefore(accountAfter(commands), 'job', (minor) => formatAmount(minor, 2)).map(
      ({ feeId, waived, asCredit }) => [feeId, waived, asCredit],
    );

  const all = [
    ['f1', '10.00', false],
    ['f2', '50.00', false],
    ['lost', '60.00', true],
  ];

  describe('earlier waivers of a job', () => {
    it('are found by its id: every waiver, and the credits of lost items', () => {
      expect(waivedIn(...fees, job('job', 'f1', 'f2', 'lost'))).toEqual(all);
      expect(waivedIn(...fees, job('job', 'lost', 'f1'))).toEqual([all[2], all[0]]);
    });

    it('do not change with later events', () => {
      const undo = ask('ReverseWaiver', 'u1', { waiverId: 'job' });
      expect(waivedIn(...fees, job('job', 'f1', 'f2', 'lost'), undo, pay('p1', '10'))).toEqual(all);
    });

    it('exclude the effects of other commands', () => {
      expect(waivedIn(...fees)).toEqual([]);
      expect(waivedIn(...fees, job('job2', 'f1'), job('job#1', 'f2'))).toEqual([]);
      expect(waivedIn(...fees, job('job', 'f1'), job('job#1', 'f2'))).toEqual([all[0]]);
      expect(waivedIn(...fees, pay('job', '10'))).toEqual([]);
      expect(waivedIn(assess('job', '10'))).toEqual([]);
      expect(
        waivedIn(...fees, ask('IssueCredit', 'job', { amount: '5', cause: 'manual', reason: 'GOODWILL' })),
      ).toEqual([]);
    });
  });
});
