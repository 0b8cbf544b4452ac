import type { StreamId } from '../../history/eventStore.js';
import { SCAN_SIZE, type Scanned } from '../accountList.js';
import type { Session } from './session.js';
import { NAMES, streamOf } from './statements.js';

/** Looks at the next accounts, of one institution or of all, for those without their first event. */
export async function scanAccounts(
  { rows: rowsOf }: Session,
  institution: string | undefined,
  after: StreamId = { institution: institution ?? '', patronId: '' },
): Promise<Scanned> {
  const values = [after.institution, after.patronId];
  const rows =
    institution === undefined
      ? await rowsOf(SCAN_ACCOUNTS, values)
      : await rowsOf(SCAN_ACCOUNTS_OF, [...values, institution]);
  const last = rows.at(-1);
  return {
    headless: rows.filter((row) => row.is_headless === true).map(streamOf),
    last: last?.is_last === true ? streamOf(last) : undefined,
  };
}

function scanStatement(condition: string): string {
  const next = (institution: string, patron: string) => `
    select institution, patron_id from patron_fees_event
    where ${condition} (institution, patron_id) > (${institution}, ${patron})
    order by institution, patron_id limit 1`;
  return `
  with recursive stream (institution, patron_id, place) as (
    select first.*, 1 from (${next('$1', '$2')}) as first
    union all
    select following.*, stream.place + 1
    from stream cross join lateral (${next('stream.institution', 'stream.patron_id')}) as following
    where stream.place < ${SCAN_SIZE}
  ), looked as (
    select stream.*, first.version <> 1 and not (
      select is_left_by_purge from patron_fees_event as event
      where event.institution = stream.institution and event.patron_id = stream.patron_id
        and event.version = first.version
    ) as is_headless
    from stream cross join lateral (
      select version from patron_fees_event as event
      where event.institution = stream.institution and event.patron_id = stream.patron_id
      order by version limit 1
    ) as first
  )
  select ${NAMES}, is_headless, place = ${SCAN_SIZE} as is_last from looked
  where is_headless or place = ${SCAN_SIZE} order by place`;
}

/**
 * Looks at the accounts after one ($1, $2), in the order of their ids, for those without their first event. Also
 * returns the account at which it stops.
 */
const SCAN_ACCOUNTS = scanStatement('');

/** {@link SCAN_ACCOUNTS} of one institution ($3). */
const SCAN_ACCOUNTS_OF = scanStatement('institution = $3 and');
