import { describe, expect, it } from 'vitest';
import { decideRemittance, foldRemittances, noRemittances } from '../../src/bursar/index.js';
import { definePolicy } from '../../src/index.js';
import {
  type BankCommand,
  type BankItem,
  type BankRejection,
  decideBank,
  decideTill,
  executeBank,
  executeTill,
  noBankAccount,
  type OfficeRejection,
  officeEvents,
} from '../../src/office/index.js';
import { officeRefusal } from '../../src/office/officePermission.js';
import { bankAfter, cash, confirm, depositFromSafe, reverse } from './bank/banks.js';
import { received, policy as remittancePolicy, undone } from './remittances/remittances.js';
import { close, move, officeStore, open, tillAfter } from './till/tills.js';

const limits = { FINANCE: { upTo: '50.00' }, HEAD: {} };
const rules = definePolicy({
  currency: 'USD',
  permissions: {
    ConfirmBankEntry: limits,
    ReverseBankRecord: limits,
    DepositFromSafe: { FINANCE: {} },
  },
});
const finance = { channel: 'desk', userId: 'fin', roles: ['FINANCE'] } as const;

const over = {
  ...confirm('c1', '10.00', cash('1000.00')),
  difference: { kind: 'overShort', amount: '-990.00' },
} as const;
const returned: BankItem = {
  kind: 'returned',
  patronId: 'nobody',
  reversalId: 'v',
  method: 'CHECK',
  amount: '-900.00',
};

type Decided = { readonly accepted: boolean; readonly rejection?: BankRejection | OfficeRejection };
const refusal = (command: BankCommand, policy = rules, ...before: readonly BankCommand[]) =>
  (decideBank({ ...command, by: finance }, bankAfter(...before).account, policy) as Decided).rejection ??
  null;

describe('a limit of an office command', () => {
  it('is compared with the amount that an entry leaves over or short', () => {
    expect(refusal(confirm('c1', '50.00', cash('50.00')))).toBeNull();
    expect(refusal(over)).toMatchObject({
      type: 'NotPermitted',
      needs: ['HEAD'],
      limit: '50.00',
      amount: '1000.00',
    });
    const charged = {
      ...confirm('c1', '30.00', cash('51.00')),
      difference: { kind: 'charges', amount: '-21.00' },
    } as const;
    expect(refusal(charged)).toMatchObject({ amount: '51.00' });
  });

  it('is compared with a returned item that reduces an entry and that no account has', () => {
    const netted = confirm('c1', '10.00', cash('910.00'), returned);
    expect(refusal(netted)).toMatchObject({ type: 'NotPermitted', amount: '910.00' });
    expect(refusal(confirm('c1', '-900.00', returned))).toMatchObject({ amount: '900.00' });
  });

  it('applies to a reversal with the amount of the reversed command', () => {
    expect(refusal(reverse('u1', 'c1'), rules, over)).toMatchObject({
      type: 'NotPermitted',
      amount: '1000.00',
    });
    const remitted = { ...received('r1', '40.00'), commission: '20.00' };
    const limited = definePolicy({
      ...remittancePolicy,
      permissions: { RecordRemittance: { FINANCE: {} }, ReverseRemittance: limits },
    });
    const recorded = decideRemittance({ ...remitted, by: finance }, noRemittances, limited);
    const undo = { ...undone('u1', 'r1'), by: finance };
    expect(decideRemittance(undo, foldRemittances(recorded.events), limited)).toMatchObject({
      rejection: { type: 'NotPermitted', amount: '60.00' },
    });
  });
});

describe('an approval of an office command', () => {
  const careful = definePolicy({
    currency: 'USD',
    approvals: {
      ConfirmBankEntry: { above: '50.00', roles: ['HEAD'] },
      MoveTillMoney: { above: '0', roles: ['HEAD'] },
    },
  });
  const approvedBy = { userId: 'mo', roles: ['HEAD'], upTo: '1000' } as const;

  it('covers everything that the command moves, is given by another user, and is recorded without roles', () => {
    expect(refusal(confirm('c1', '50.00', cash('50.00')), careful)).toBeNull();
    const missing = { type: 'ApprovalRequired', above: '50.00', amount: '1000.00', roles: ['HEAD'] };
    expect(refusal(over, careful)).toMatchObject({ ...missing, approvedUpTo: null });
    expect(refusal({ ...over, approvedBy: { ...approvedBy, upTo: '999.99' } }, careful)).toMatchObject({
      ...missing,
      approvedUpTo: '999.99',
    });
    for (const wrong of [
      { ...approvedBy, userId: ' FIN' },
      { ...approvedBy, roles: ['CLERK'] },
      { userId: 'mo' },
    ])
      expect(refusal({ ...over, approvedBy: wrong }, careful)).toMatchObject(missing);
    const { events } = decideBank({ ...over, by: finance, approvedBy }, noBankAccount, careful);
    expect(events[0]?.data).toHaveProperty('approvedBy', { userId: 'mo', upTo: '1000.00' });
    expect(officeEvents.decode(officeEvents.encode(events[0] as (typeof events)[0]))).toEqual(events[0]);
  });

  it('is not compared when a command is repeated', () => {
    const { account } = bankAfter(over);
    expect(decideBank({ ...over, approvedBy }, account, careful)).toEqual({ accepted: true, events: [] });
  });

  it('is needed for movements of a till, and never for its counts', () => {
    const till = tillAfter(open());
    expect(decideTill(move('m1', 'out', '5'), till, careful)).toMatchObject({
      rejection: { type: 'ApprovalRequired' },
    });
    expect(decideTill({ ...move('m1', 'out', '5'), approvedBy }, till, careful).accepted).toBe(true);
    for (const command of ['OpenTill', 'CloseTill'])
      expect(() =>
        definePolicy({ currency: 'USD', approvals: { [command]: { above: '0', roles: ['HEAD'] } } as never }),
      ).toThrow(command);
  });
});

describe('duties of the office', () => {
  const duties = definePolicy({
    ...remittancePolicy,
    duties: [
      ['OpenTill', 'CloseTill', 'ConfirmBankEntry'],
      ['DepositFromSafe', 'ConfirmBankEntry', 'ReverseBankRecord'],
      ['RecordRemittance', 'ReverseRemittance', 'ConfirmBankEntry'],
      ['MoveTillMoney', 'CloseTill'],
    ],
  });
  const by = (userId: string) => ({ channel: 'desk', userId }) as const;

  it('let nobody open and close one session of a till', () => {
    const till = tillAfter(open());
    const closing = (userId: string) => ({ ...close('z', '0', '50'), by: by(userId) });
    expect(decideTill(closing('ANA'), till, duties)).toMatchObject({
      rejection: { type: 'SameUser', commandType: 'CloseTill', as: 'OpenTill' },
    });
    expect(decideTill(closing('ben'), till, duties).accepted).toBe(true);
    const moved = tillAfter(open(), { ...move('m1', 'in', '5'), by: by('ben') });
    const counted = { ...close('z', '0', '55'), by: by('ben') };
    expect(decideTill(counted, moved, duties)).toMatchObject({ rejection: { as: 'MoveTillMoney' } });
    // Another session is another thing.
    const next = tillAfter(open(), close('z', '0', '50'), { ...open('CIRC/2'), by: by('cy') });
    expect(decideTill({ ...close('z', '0', '50', 'CIRC/2'), by: by('ana') }, next, duties).accepted).toBe(
      true,
    );
  });

  it('let nobody confirm at the bank what they opened, counted, deposited or remitted', async () => {
    const office = officeStore();
    const circ = { institution: 'north', till: 'CIRC' };
    await executeTill(office, duties, circ, open());
    await executeTill(office, duties, circ, close('z', '62', '112'));
    const giro = { institution: 'north', bank: 'GIRO' };
    const confirmed = async (userId: string) => {
      const { decision } = await executeBank(office, duties, giro, {
        ...confirm('c1', '62', cash()),
        by: by(userId),
      });
      return decision.accepted ? decision.events.length : decision.rejection;
    };
    expect(await confirmed('ana')).toMatchObject({ type: 'SameUser', as: 'OpenTill' });
    expect(await confirmed('Ben')).toMatchObject({ type: 'SameUser', as: 'CloseTill' });
    expect(await confirmed('cy')).toBe(1);

    const { account } = bankAfter(depositFromSafe('d1', '300'));
    const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300.00' };
    expect(decideBank(confirm('c2', '300', safe), account, duties)).toMatchObject({
      rejection: { type: 'SameUser', as: 'DepositFromSafe' },
    });
    expect(decideBank({ ...confirm('c2', '300', safe), by: by('cy') }, account, duties).accepted).toBe(true);
    expect(decideBank(reverse('u', 'd1'), account, duties)).toMatchObject({
      rejection: { type: 'SameUser' },
    });

    const { events } = decideRemittance(received('r1', '95'), noRemittances, duties);
    const state = foldRemittances(events);
    const { destination } = received('r1', '95');
    const item: BankItem = { kind: 'remittance', remittanceId: 'r1', destination, amount: '95.00' };
    const remittances = new Map([[destination, state]]);
    const sender = events[0]?.data.by as { readonly channel: 'desk'; readonly userId: string };
    expect(
      decideBank({ ...confirm('c3', '95', item), by: sender }, noBankAccount, duties, { remittances }),
    ).toMatchObject({ rejection: { type: 'SameUser', as: 'RecordRemittance' } });
    expect(decideRemittance({ ...undone('u1', 'r1'), by: sender }, state, duties)).toMatchObject({
      rejection: { type: 'SameUser', as: 'RecordRemittance' },
    });
  });
});

it('refuses options that are not an object with a typed error', () => {
  for (const options of [null, 'x', { now: 5 }] as never[]) {
    const typed = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => decideTill(open(), tillAfter(), rules, options)).toThrow(typed);
    expect(() => decideBank(depositFromSafe('d', '1'), noBankAccount, rules, options)).toThrow(typed);
    expect(() => decideRemittance(received('r', '1'), noRemittances, remittancePolicy, options)).toThrow(
      typed,
    );
  }
  const others = { others: 5 } as never;
  expect(() => decideBank(depositFromSafe('d', '1'), noBankAccount, rules, others)).toThrow('others');
});

it('every command is permitted without permissions, approvals and duties', () => {
  const open = definePolicy({ currency: 'USD' });
  const before = [{ commandType: 'OpenTill', userId: 'ana' }] as const;
  const asked = {
    commandType: 'CloseTill',
    by: { userId: 'ana' },
    approvedBy: undefined,
    amounts: ['9'],
    before,
  } as const;
  expect(officeRefusal(asked, open)).toBeUndefined();
});
