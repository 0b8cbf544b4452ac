import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { SCAN_SIZE, type Scanned } from '../accountList.js';
import type { Statements } from './statements.js';

/** Looks at the next accounts of one institution for those without their first event. */
export function scanAccounts(
  statements: Statements,
  only: string | undefined,
  after: StreamId | undefined,
): Scanned {
  const institutionAfter = (name: string) => {
    const row = only === undefined ? statements.institution.get(name) : undefined;
    return (row as StoreRow | undefined)?.institution as string | undefined;
  };
  const institution = after?.institution ?? only ?? institutionAfter('');
  if (institution === undefined) return { headless: [], last: undefined };
  const rows = statements.scan.all(
    institution,
    after?.patronId ?? '',
    institution,
    institution,
  ) as StoreRow[];
  const found = rows.map(({ patron_id, place, begins }) => ({
    stream: { institution, patronId: String(patron_id) },
    isLast: Number(place) === SCAN_SIZE,
    isHeadless: Number(begins) === 0,
  }));
  const headless = found.filter(({ isHeadless }) => isHeadless).map(({ stream }) => stream);
  const last = found.find(({ isLast }) => isLast)?.stream;
  if (last !== undefined) return { headless, last };
  const next = institutionAfter(institution);
  return { headless, last: next === undefined ? undefined : { institution: next, patronId: '' } };
}
