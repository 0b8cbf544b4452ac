import * as v from 'valibot';
import type { Status } from '../account/fee.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField, instantOf } from '../input/instant.js';
import type { RowSource } from './finesAndFeesRow.js';

/** The columns that the fines and fees list can be sorted by. */
export const sortColumns = ['at', 'type', 'status', 'owner', 'title', 'original', 'remaining'] as const;

/**
 * A column that the fines and fees list can be sorted by.
 *
 * - `at`: when the fee was assessed, or the credit issued.
 * - `type`: the label of the type, as people see it.
 * - `status`: the status.
 * - `owner`: the owning library's code.
 * - `title`: the title of the item.
 * - `original`: the amount that was charged.
 * - `remaining`: what remains.
 */
export type SortColumn = (typeof sortColumns)[number];

/** Which rows of the fines and fees list to return, their order and the page. */
export type FinesAndFeesFilter = {
  /**
   * One status, several, or `all`. An empty list matches no row, here and in the other fields.
   *
   * @defaultValue `"active"`
   */
  readonly status?: Status | 'all' | readonly Status[] | undefined;
  /**
   * One fee type code or several; `CREDIT` for credits.
   *
   * @defaultValue every type
   */
  readonly type?: string | readonly string[] | undefined;
  /**
   * One owning library or several.
   *
   * @defaultValue every library
   */
  readonly owner?: string | readonly string[] | undefined;
  /**
   * The exact id or barcode of an item.
   *
   * @defaultValue every item
   */
  readonly item?: string | undefined;
  /**
   * Only fees and credits assessed or issued at this instant or later: ISO 8601 with a zone.
   *
   * @defaultValue from the beginning
   */
  readonly from?: string | undefined;
  /**
   * Only fees and credits assessed or issued before this instant. The next period begins with it.
   *
   * @defaultValue to the end
   */
  readonly before?: string | undefined;
  /**
   * The order of the rows.
   *
   * @defaultValue the account's order: fees as they were assessed, then credits as they were issued
   */
  readonly sort?:
    | {
        /** The column. Text is sorted in code-unit order, independent of locale. */
        readonly by: SortColumn;
        /** Whether to sort from largest to smallest. Ties keep the account's order either way; false if left out. */
        readonly descending?: boolean | undefined;
      }
    | undefined;
  /**
   * The page.
   *
   * @defaultValue all rows
   */
  readonly page?:
    | {
        /** How many rows to skip; 0 if left out. */
        readonly offset?: number | undefined;
        /** The maximum number of rows; no maximum if left out. */
        readonly limit?: number | undefined;
      }
    | undefined;
};

const statuses = ['active', 'disputed', 'transferred', 'closed'] as const satisfies readonly Status[];
const status = v.picklist([...statuses, 'all'], 'a status, a list of them, or all');
const codes = v.array(v.string('a code'));
// Chosen before they are checked: of alternatives that all fail, no fault could name the entry of the list.
const statusOrList = v.lazy((input) => (Array.isArray(input) ? v.array(v.picklist(statuses)) : status));
const oneOrMore = v.lazy((input) => (Array.isArray(input) ? codes : v.string('a code or a list of codes')));
const count = v.pipe(
  v.number(),
  v.safeInteger('a whole number'),
  v.minValue(0, 'a number of rows, 0 or more'),
);

const filterSchema = v.strictObject({
  status: v.optional(statusOrList),
  type: v.optional(oneOrMore),
  owner: v.optional(oneOrMore),
  item: v.optional(v.string()),
  from: v.optional(instantField),
  before: v.optional(instantField),
  sort: v.optional(
    v.strictObject({
      by: v.picklist(sortColumns),
      descending: v.optional(v.boolean()),
    }),
  ),
  page: v.optional(v.strictObject({ offset: v.optional(count), limit: v.optional(count) })),
}) satisfies v.GenericSchema<FinesAndFeesFilter>;

/** Returns whether a row matches. */
type RowTest = (source: RowSource) => boolean;

/** Returns a test for one value or several, or undefined if none are wanted. */
function among(
  wanted: string | readonly string[] | undefined,
): ((value: string | null) => boolean) | undefined {
  if (wanted === undefined) return undefined;
  if (typeof wanted === 'string') return (value) => value === wanted;
  const set = new Set<string | null>(wanted);
  return (value) => set.has(value);
}

/**
 * Checks a filter and returns the test of its rows.
 *
 * A row with an invalid instant (the fold does not check instants) is in no period.
 */
export function rowTest(filter: FinesAndFeesFilter): RowTest {
  checkedArgument(filterSchema, filter, 'filter');
  const { status: wanted = 'active', item, from, before } = filter;
  const tests: RowTest[] = [];
  const status = among(wanted === 'all' ? undefined : wanted);
  const type = among(filter.type);
  const owner = among(filter.owner);
  if (status) tests.push((row) => status(row.status));
  if (type) tests.push((row) => type(row.type));
  if (owner) tests.push((row) => owner(row.owner));
  if (item !== undefined) tests.push((row) => row.item?.id === item || row.item?.barcode === item);
  if (from !== undefined) tests.push((row) => instantOf(row.at) >= instantOf(from));
  if (before !== undefined) tests.push((row) => instantOf(row.at) < instantOf(before));
  return (row) => tests.every((test) => test(row));
}
