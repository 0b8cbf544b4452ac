import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BursarForm, type BursarSubject, bursarExportOfAccount } from '../../src/bursar/index.js';
import { type Command, decide, definePolicy, fold, type PatronAccount } from '../../src/index.js';
import { accountAfter, ask, assess, at, deepFrozen, pay } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';
import { expecting, institution } from './bursarLibrary.js';

const form: BursarForm = { jobId: 'job', at, institution, fees: {}, credits: {} };
const u17: BursarSubject = { institution, patronId: 'u17' };
const credit = ask('IssueCredit', 'c1', { amount: '8.00', cause: 'imported' });

/** The planned rows and the findings. */
function planned(
  commands: readonly Command[],
  given: Partial<BursarForm> = {},
  subject: BursarSubject = u17,
  before: PatronAccount = accountAfter(commands, expecting),
) {
  const { events, transfers, findings } = bursarExportOfAccount(
    before,
    subject,
    { ...form, ...given },
    expecting,
  );
  return {
    events: events.length,
    sent: transfers.map(({ id, amount }) => `${id} ${amount}`),
    found: findings.map((finding) => finding.code),
    findings,
  };
}

it('needs accounts and patrons only', () => {
  const account = accountAfter([assess('f1', '5')], expecting);
  for (const none of [undefined, null, 'x', {}]) {
    expect(() => bursarExportOfAccount(none as never, u17, form, expecting)).toThrow('INVALID_ACCOUNT');
    expect(() => bursarExportOfAccount(account, none as never, form, expecting)).toThrow(
      'INVALID_ARGUMENT: subject',
    );
  }
});

describe('the rows of an export', () => {
  const two = [assess('f1', '12.00'), assess('f2', '3.00', { feeType: 'OTHER' }), credit];

  it('are fees and credits, each by its own minimum, type and owner', () => {
    expect(planned(two).sent).toEqual(['f1 12.00', 'f2 3.00', 'c1 8.00']);
    expect(planned(two, { fees: { minimumAmount: '3.01' } }).sent).toEqual(['f1 12.00', 'c1 8.00']);
    expect(planned(two, { fees: { feeTypes: ['OTHER'] }, credits: { minimumAmount: '9' } }).sent).toEqual([
      'f2 3.00',
    ]);
    expect(planned(two, { fees: { minimumAgeDays: 1 }, credits: { owners: ['LAW'] } }).sent).toEqual([]);
  });

  it('are never disputed', () => {
    expect(planned([...two, ask('DisputeFee', 'd1', { feeId: 'f1' })]).sent).toEqual(['f2 3.00', 'c1 8.00']);
  });

  it('are empty if nothing is open, without a finding', () => {
    expect(planned([])).toMatchObject({ events: 0, sent: [], found: [] });
    expect(planned([assess('f1', '12.00'), pay('p1', '12.00')])).toMatchObject({ events: 0, found: [] });
  });

  it('are fees of patrons in the chosen groups', () => {
    const of = (patron: BursarSubject['patron']) => planned(two, { groups: ['A', 'B'] }, { ...u17, patron });
    expect(of({ patronId: 'u17', group: 'B' }).sent).toHaveLength(3);
    for (const patron of [{ patronId: 'u17', group: 'C' }, { patronId: 'u17' }, undefined]) {
      expect(of(patron)).toMatchObject({ events: 0, sent: [], found: [] });
    }
  });

  it('leave account, form and policy unchanged', () => {
    const account = deepFrozen(accountAfter(two, expecting));
    expect(
      bursarExportOfAccount(account, deepFrozen(u17), deepFrozen(form), expecting).transfers,
    ).toHaveLength(3);
  });
});

describe('a type without a code of the external system', () => {
  const three = [assess('f1', '12.00'), assess('f2', '3.00', { feeType: 'OTHER' }), credit];

  it('is not transferred, and becomes a finding with its amount', () => {
    const { sent, findings } = planned(three, { codes: { feeTypes: { OVERDUEFINE: 'D1' } } });
    expect(sent).toEqual(['f1 12.00']);
    const none = { institution, patronId: 'u17', code: 'TYPE_NOT_MAPPED', transferred: false };
    expect(findings).toEqual([
      {
        ...none,
        feeId: 'f2',
        creditId: null,
        feeType: 'OTHER',
        amount: '3.00',
        message: 'OTHER has no code of the external system: 3.00 stays here',
      },
      {
        ...none,
        feeId: null,
        creditId: 'c1',
        feeType: 'CREDIT',
        amount: '8.00',
        message: 'CREDIT has no code of the external system: 8.00 stays here',
      },
    ]);
  });

  it('is not a finding if it would not be transferred anyway', () => {
    const codes = { feeTypes: { OVERDUEFINE: 'D1' } };
    expect(
      planned(three, { codes, fees: { minimumAmount: '5' }, credits: { minimumAmount: '9' } }).found,
    ).toEqual([]);
    expect(
      planned(three, { codes, fees: { feeTypes: ['OVERDUEFINE'] }, credits: { owners: ['LAW'] } }).found,
    ).toEqual([]);
  });

  it('is the same finding when the job is repeated, with any ids in the account', () => {
    const strange = [...three, assess('?', '1.00'), assess('??#1', '1.00')];
    const codes = { feeTypes: { OVERDUEFINE: 'D1' }, credit: 'C1' };
    const account = accountAfter(strange, expecting);
    const { events } = bursarExportOfAccount(
      account,
      u17,
      { ...form, codes, fees: { feeTypes: ['OVERDUEFINE', 'OTHER'] } },
      expecting,
    );
    const again = planned(
      [],
      { codes, fees: { feeTypes: ['OVERDUEFINE', 'OTHER'] } },
      u17,
      fold(events, account),
    );
    expect(again).toMatchObject({
      events: 0,
      sent: ['f1 12.00', '? 1.00', '??#1 1.00', 'c1 8.00'],
      found: ['TYPE_NOT_MAPPED'],
    });
  });

  it('is also a finding if an earlier run transferred it: the file has it', () => {
    const account = accountAfter(
      [...three, ask('TransferFees', 'job', { eligible: { fees: {} } })],
      expecting,
    );
    const { sent, findings } = planned(
      [],
      { codes: { feeTypes: { OTHER: 'D2' } }, credits: { minimumAmount: '9' } },
      u17,
      account,
    );
    expect(sent).toEqual(['f1 12.00', 'f2 3.00']);
    expect(findings).toMatchObject([
      { code: 'REFUSED', rejection: { type: 'IdAlreadyUsed', id: 'job' } },
      { code: 'TYPE_NOT_MAPPED', feeId: 'f1', amount: '12.00', transferred: true },
    ]);
  });
});

describe('a patron who is not in the directory', () => {
  const unknown = { ...u17, patron: null };

  it('becomes a finding if anything would be transferred, and nothing is', () => {
    expect(planned([assess('f1', '12.00')], {}, unknown)).toMatchObject({
      events: 0,
      sent: [],
      findings: [{ code: 'PATRON_NOT_IN_DIRECTORY', transferred: false }],
    });
    expect(planned([], {}, unknown).found).toEqual([]);
    expect(planned([assess('f1', '12.00')], { fees: { minimumAmount: '13' } }, unknown).found).toEqual([]);
  });

  it('stays in the file with the transfers of an earlier run', () => {
    const account = accountAfter(
      [assess('f1', '12.00'), ask('TransferFees', 'job', { eligible: { fees: {} } })],
      expecting,
    );
    expect(planned([], {}, unknown, account)).toMatchObject({
      sent: ['f1 12.00'],
      findings: [{ code: 'PATRON_NOT_IN_DIRECTORY', transferred: true }],
    });
  });
});

describe('an account in another currency', () => {
  it('is a finding, and its earlier rows stay in the file', () => {
    const yen = definePolicy({ currency: 'JPY' });
    const account = accountAfter([assess('f1', '1200')], yen);
    expect(planned([], {}, u17, account)).toMatchObject({ events: 0, sent: [], found: ['OTHER_CURRENCY'] });
    const sent = accountAfter([ask('TransferFees', 'job', { eligible: { fees: {} } })], yen, account);
    expect(planned([], {}, u17, sent)).toMatchObject({ sent: ['f1 1200'], found: ['OTHER_CURRENCY'] });
  });
});

describe('a plan', () => {
  it('returns the same rows without events when repeated after its execution, with every eligible amount', () => {
    fc.assert(
      fc.property(moves(), anyPolicy, (story, policy) => {
        const account = runMoves(story, policy).at(-1)?.after ?? fold([]);
        if (account.currency !== null && account.currency !== policy.currency) return;
        const first = bursarExportOfAccount(account, u17, form, policy);
        const after = fold(first.events, account);
        expect(bursarExportOfAccount(after, u17, form, policy)).toEqual({ ...first, events: [] });
        const command = {
          type: 'TransferFees',
          id: 'another',
          at,
          eligible: { fees: {}, credits: {} },
        } as const;
        const later = decide(command, after, policy);
        // The transfer of a returned fee may issue the credit that keeps the return's promise; it goes with the next run.
        const issued = first.events.flatMap((event) =>
          event.type === 'LostItemCreditIssued' ? [event.data.creditId] : [],
        );
        if (issued.length === 0) expect(later).toMatchObject({ rejection: { type: 'NothingToTransfer' } });
        for (const event of later.events) {
          expect(event).toMatchObject({
            type: 'CreditTransferred',
            data: { creditId: expect.toBeOneOf(issued) },
          });
        }
      }),
      tried(300),
    );
  });

  it('is refused for an invalid form', () => {
    expect(() => planned([], { jobId: '' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
