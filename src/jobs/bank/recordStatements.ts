import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { RETRY } from '../../history/retry.js';
import { actorOf } from '../../job/jobHead.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { type BankAccount, foldBankAccount } from '../../office/bank/bankAccount.js';
import type {
  BankBalance,
  BankEvent,
  BankStatementRead,
  UnpostedEntry,
} from '../../office/bank/bankEvents.js';
import type { BankId } from '../../office/bank/executeBank.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { executeOffice } from '../../office/officeStream.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { BankStatement } from './bankStatement.js';

type Order = Pick<BankStatementRead['data'], 'currency' | 'at' | 'by'> & {
  readonly unpostedOf: (
    statement: BankStatement,
    account: BankAccount,
  ) => readonly UnpostedEntry[] | undefined;
};

/**
 * Records which statements were read, each once: what is the same in all that is compared is one statement. One
 * without a number and balances is not recorded, since nothing can be compared with it.
 *
 * @param order - the currency of the account; when and by whom the job was ordered; the entries of a statement that are
 * not posted, undefined if they are not known
 */
export async function recordStatements(
  office: OfficeStore,
  { institution, bank }: BankId,
  statements: readonly BankStatement[],
  order: Order,
): Promise<void> {
  const known = statements.filter(
    ({ number, opening, closing }) => number !== null || (opening !== null && closing !== null),
  );
  if (known.length === 0) return;
  const rules = {
    fold: (recorded: readonly unknown[], state?: BankAccount) =>
      foldBankAccount(recorded as readonly BankEvent[], state),
    // What others posted since this run read the account is not open.
    decide: (account: BankAccount) => ({
      events: known
        .map((statement) => eventOf(statement, account, order))
        .filter(({ metadata }) => !account.commands.has(metadata.commandId)),
    }),
  };
  await executeOffice(office, streamOfKind(institution, 'bank', bank), rules, RETRY);
}

/** Returns a statement that was recorded. What is not kept of it is null. */
export function statementOf(data: BankStatementRead['data']): BankStatement {
  return {
    statementId: data.statementId ?? '',
    account: data.account ?? null,
    number: data.number ?? null,
    page: data.page ?? null,
    currency: data.currency,
    opening: data.opening ?? null,
    closing: data.closing ?? null,
    firstDay: data.firstDay ?? null,
    sum: null,
    sha256: data.sha256,
  };
}

function eventOf(
  statement: BankStatement,
  books: BankAccount,
  { currency, at, by, unpostedOf }: Order,
): BankStatementRead {
  const unposted = unpostedOf(statement, books);
  const { account, number, page, opening, closing, firstDay, sha256 } = statement;
  const digits = minorDigits(currency) as number;
  const identity = JSON.stringify([account, number, page, opening, closing, sha256]);
  const digest = createHash('sha256').update(identity).digest('hex');
  // What a file says and is no name, e.g. since it is too long, is not worth a refusal.
  const named = (name: string, value: string | null) => (v.is(nameField, value) ? { [name]: value } : {});
  const canonical = <Has extends { readonly amount: string }>(has: Has): Has => ({
    ...has,
    amount: formatAmount(minorUnits(has.amount), digits),
  });
  const balance = ({ amount, day, isInterim }: BankBalance) => canonical({ amount, day, isInterim });
  return {
    type: 'BankStatementRead',
    data: {
      ...{ currency, at, by: actorOf(by) as BankStatementRead['data']['by'] },
      ...named('statementId', statement.statementId),
      ...named('account', account),
      ...named('number', number),
      ...named('page', page),
      ...(opening !== null && { opening: balance(opening) }),
      ...(closing !== null && { closing: balance(closing) }),
      ...(firstDay !== null && { firstDay }),
      sha256,
      ...(unposted !== undefined && { unposted: unposted.map(canonical) }),
    },
    metadata: { commandId: `statement/${digest}`, commandDigest: digest },
  };
}
