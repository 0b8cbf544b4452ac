import * as v from 'valibot';
import { decodeEvent } from '../../history/codec.js';
import type { StoredAccountEvent, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { onBatchField } from '../batchQueue.js';
import { inlineField } from '../parts.js';
import { assertStillOpen, type SqliteDatabase } from './sqliteDatabase.js';
import { assertNoPromise } from './sqliteTransaction.js';

/** A read model in the same database that is updated in the transaction of every append, so that it is never behind. */
export type SqliteProjection = {
  /**
   * Its name, such as `accounts`: 1 to 60 letters, digits, `_`, `-` and `.`. The database notes it with the first append,
   * and accepts none of a store without this projection from then on; see {@link sqlite.forgetPart | forgetPart}.
   *
   * @defaultValue it is not noted
   */
  readonly name?: string;
  /**
   * Applies the events of one append, which are already stored in the transaction. Must finish before it returns; it
   * must not return a promise. If it throws, the append rejects with the same error, and nothing is stored. It may run
   * again for an append whose transaction was rolled back.
   *
   * @param events - the events of the append, of one account
   * @param database - the connection of the append's transaction; neither commit it nor roll it back
   */
  readonly apply: (events: readonly StoredAccountEvent[], database: SqliteDatabase) => void;
};

const optionsSchema = v.strictObject({
  synchronous: v.optional(v.picklist(['full', 'normal'], "'full' or 'normal'"), 'full'),
  busyTimeoutMs: v.optional(wholeNumber(0), 5_000),
  now: v.optional(v.function('a function that returns the time')),
  inline: inlineField<SqliteProjection>(),
  gather: v.optional(v.boolean(), true),
  onBatch: onBatchField,
  codec: v.optional(v.any()),
});

/** Checks the options of a store. */
export function checkedSqliteOptions(options: object) {
  return checkedArgument(optionsSchema, options, 'options');
}

/** Applies the projections to the events of an append, within its transaction. */
export function applyInline(
  { inline, database }: { readonly inline: readonly SqliteProjection[]; readonly database: SqliteDatabase },
  { institution, patronId }: StreamId,
  appended: { readonly after: number; readonly recordedAt: string; readonly texts: readonly string[] },
): void {
  if (inline.length === 0) return;
  const { after, recordedAt, texts } = appended;
  const events = texts.map((text, index) => {
    const version = after + index + 1;
    return { institution, patronId, version, recordedAt, event: decodeEvent(text) };
  });
  for (const projection of inline) {
    assertNoPromise(
      projection.apply(events, database),
      'options.inline: expected a projection that returns no promise',
    );
    assertStillOpen(database);
  }
}
