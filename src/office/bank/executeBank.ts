import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { everyAccount } from '../../job/job.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { OfficeStore } from '../officeEvents.js';
import {
  checkedOfficeOptions,
  executeOffice,
  foldedStream,
  type OfficeExecuteOptions,
} from '../officeStream.js';
import { loadRemittances } from '../remittances/executeRemittance.js';
import type { Remittances } from '../remittances/remittance.js';
import { nameOfKind, streamOfKind } from '../streamKinds.js';
import { loadTill } from '../till/executeTill.js';
import type { Till } from '../till/till.js';
import { type BankAccount, foldBankAccount } from './bankAccount.js';
import type { BankCommand } from './bankCommands.js';
import type { BankEvent, BankItem } from './bankEvents.js';
import { type BankDecideOptions, type BankDecision, decideBank } from './decideBank.js';

/** The key of an account at a bank. */
export type BankId = {
  /** The institution. */
  readonly institution: string;
  /** The account, by a name of the library's own, 1 to 190 characters, e.g. `GIRO`. */
  readonly bank: string;
};

/** The result of a command about a bank account. */
export type ExecutedBank = {
  /** The decision. If it was accepted, its events are stored. */
  readonly decision: BankDecision;
  /** The bank account after it. */
  readonly account: BankAccount;
};

/** The schema of the name of a bank account. */
export const bankField = commandIdField;

const idSchema = v.strictObject({ institution: nameField, bank: bankField });

/**
 * Reads an account at a bank.
 *
 * @param store - the store with the events of the office, opened with the codec `officeEvents`
 * @param id - the institution and the account
 * @returns the account, with no records if nothing was recorded yet
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold;
 * `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { loadBankAccount, officeEvents } from 'patron-fees/office';
 *
 * const office = memoryEventStore({ now: () => '2026-04-01T09:00:00Z', codec: officeEvents });
 * (await loadBankAccount(office, { institution: 'north', bank: 'GIRO' })).records.size; //=> 0
 * ```
 */
export async function loadBankAccount(store: OfficeStore, id: BankId): Promise<BankAccount> {
  assertOfficeStore(store, 'store');
  const { institution, bank } = checkedArgument(idSchema, id, 'id');
  const stream = streamOfKind(institution, 'bank', bank);
  const { events } = await store.read(stream);
  return foldedStream(stream, () => foldBankAccount(events.map(({ event }) => event as BankEvent)));
}

/**
 * Executes a command about an account at a bank: reads it, decides, and appends the event. If another writer appended
 * first, reads and decides again. Every command except a deposit first reads the other accounts at banks; to find them,
 * it lists all streams of the institution's office. If two commands about one item run at the same moment for two
 * accounts, both may be accepted; {@link runBankReconciliation} reports this.
 *
 * @param store - the store with the events of the office, opened with the codec `officeEvents`
 * @param policy - the institution's policy
 * @param id - the institution and the account
 * @param command - the command
 * @param options - the present time; how to retry if other writers append first
 * @returns the decision and the account after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt; `CORRUPT_HISTORY`; `INVALID_ARGUMENT`, also if the policy has `backdating` and `now` is missing; errors of
 * the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { executeBank, officeEvents } from 'patron-fees/office';
 *
 * const at = '2026-03-03T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const deposit = { type: 'DepositFromSafe', id: 'd1', amount: '300', reference: 'slip 119', at, by } as const;
 * const { account } = await executeBank(office, policy, { institution: 'north', bank: 'GIRO' }, deposit);
 * [...account.records.keys()]; //=> ['d1']
 * ```
 */
export async function executeBank(
  store: OfficeStore,
  policy: FeePolicy,
  id: BankId,
  command: BankCommand,
  options: OfficeExecuteOptions = {},
): Promise<ExecutedBank> {
  assertOfficeStore(store, 'store');
  const { retry, how } = checkedOfficeOptions(options);
  const { institution, bank } = checkedArgument(idSchema, id, 'id');
  let elsewhere: Pick<BankDecideOptions, 'others' | 'tills' | 'remittances'> = {};
  const { decision, state } = await executeOffice(
    store,
    streamOfKind(institution, 'bank', bank),
    {
      read: async () => {
        const account = await loadBankAccount(store, { institution, bank });
        if (settling.has(command?.type) && !account.commands.has(command.id))
          elsewhere = {
            others: await otherBanks(store, { institution, bank }),
            ...(definedPolicy(policy).duties && (await namedBy(store, institution, command))),
          };
        return account;
      },
      fold: (events, account?: BankAccount) => foldBankAccount(events as readonly BankEvent[], account),
      decide: (account) => decideBank(command, account, policy, { ...how, ...elsewhere }),
    },
    retry,
  );
  return { decision, account: state };
}

/** The commands that change what is settled of an item, over all accounts. */
const settling: ReadonlySet<BankCommand['type']> = new Set([
  'ConfirmBankEntry',
  'EndBankItem',
  'ReverseBankRecord',
]);

/** Reads the other accounts at banks of an institution. */
async function otherBanks(store: OfficeStore, { institution, bank }: BankId) {
  const others = new Map<string, BankAccount>();
  for await (const stream of everyAccount(store, institution)) {
    const name = nameOfKind('bank', stream);
    if (name !== null && name !== bank)
      others.set(name, await loadBankAccount(store, { institution, bank: name }));
  }
  return others;
}

/** Reads the tills and the remittances that a command names; those of a malformed one are not read. */
async function namedBy(
  store: OfficeStore,
  institution: string,
  command: BankCommand,
): Promise<Pick<BankDecideOptions, 'tills' | 'remittances'>> {
  const [tills, remittances] = [new Map<string, Till>(), new Map<string, Remittances>()];
  const { items, item: only } = command as Partial<Record<'items' | 'item', unknown>>;
  const named = [...(Array.isArray(items) ? items : []), only] as readonly (BankItem | undefined)[];
  for (const item of named) {
    if (item?.kind === 'deposit' && v.is(nameField, item.till))
      tills.set(item.till, await loadTill(store, { institution, till: item.till }));
    if (item?.kind === 'remittance' && v.is(v.optional(nameField), item.destination)) {
      const { destination } = item;
      const id = { institution, ...(destination !== undefined && { destination }) };
      remittances.set(destination ?? '', await loadRemittances(store, id));
    }
  }
  return { tills, remittances };
}
