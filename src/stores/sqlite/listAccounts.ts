import { type StoreRow, streamOf } from '../../history/codec.js';
import { type AccountPage, cursorUnknown } from '../../history/eventStore.js';
import { type CheckedPage, cursorInvalid } from '../../history/storeArguments.js';
import { accountPage } from '../accountList.js';
import { scanAccounts } from './scanAccounts.js';
import { withNamedErrors } from './sqliteDatabase.js';
import type { Statements } from './statements.js';

/** Lists a page of the accounts. */
export function listAccounts(statements: Statements, page: CheckedPage): Promise<AccountPage> {
  return accountPage(page, {
    begun: (after, limit) => withNamedErrors(() => listBegun(statements, { ...page, after, limit })),
    scan: (after) => withNamedErrors(() => scanAccounts(statements, page.institution, after)),
  });
}

function listBegun(statements: Statements, { after, limit = -1, institution }: CheckedPage): AccountPage {
  const start = positionOf(after);
  const rows =
    institution === undefined
      ? statements.accounts.all(start, limit)
      : statements.accountsOf.all(start, institution, limit);
  if (rows.length === 0) assertNotBeyondEnd(statements, start);
  const cursor = String((rows.at(-1) as StoreRow | undefined)?.position ?? start);
  return { accounts: (rows as StoreRow[]).map(streamOf), cursor };
}

/** Throws if a position is beyond the end. Called only if no rows follow it. */
export function assertNotBeyondEnd(statements: Statements, position: number): void {
  const { position: end } = statements.end.get() as StoreRow;
  if (position > Number(end)) throw cursorUnknown(String(position));
}

/** Returns the position of a cursor. */
export function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw cursorInvalid(cursor);
}
