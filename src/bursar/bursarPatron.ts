import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { isIterable } from '../input/iterable.js';
import { plainObject } from '../input/plainObject.js';

/** Data of a patron that is not in the account, for the external system and for the choice of patrons. */
export type BursarPatron = {
  /** The institution, in a directory of several; the job's institution if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group?: string;
  /** The patron's name. */
  readonly name?: string;
  /** The external system's id of the patron, e.g. a student number; the patron's id if left out or empty. */
  readonly identifier?: string;
  /** The kind of that identifier, as the external system names it. */
  readonly identifierType?: string;
  /** How to reach the patron, under names of your own, e.g. `email` or `street`; see `contactColumns`. */
  readonly contact?: Readonly<Record<string, string>>;
};

/**
 * The patron directory: a function that looks up a patron by id (e.g. in a database of any size), or a list, which is
 * read once and kept in memory during the job. If a list repeats a patron, the later entry counts.
 */
export type BursarPatrons =
  | AsyncIterable<BursarPatron>
  | Iterable<BursarPatron>
  | ((patronId: string) => BursarPatron | undefined | Promise<BursarPatron | undefined>);

const text = v.optional(v.string());

const patronSchema = v.pipe(
  plainObject,
  v.object({
    institution: v.optional(nameField),
    patronId: nameField,
    group: text,
    name: text,
    identifier: text,
    identifierType: text,
    contact: v.optional(v.record(v.string(), v.string())),
  }),
);

/** Finds a patron; null if the patron is not in the directory. */
type PatronLookup = (patronId: string) => Promise<BursarPatron | null>;

/** The schema of a directory. */
export const patronsField = v.custom<BursarPatrons>(
  (input) => typeof input === 'function' || isIterable(input),
  'patrons one after the other, or a function that looks one up',
);

/**
 * Turns a directory of either form into a lookup function.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid entry, or an entry of
 * another patron than the one looked up
 */
export async function patronLookup(patrons: BursarPatrons, institution: string): Promise<PatronLookup> {
  if (typeof patrons === 'function') {
    return async (patronId) => {
      const found = await patrons(patronId);
      return found === undefined ? null : checkedAnswer(found, patronId, institution);
    };
  }
  const byId = new Map<string, BursarPatron>();
  let index = 0;
  for await (const entry of patrons) {
    const patron = checkedPatron(entry, `patrons[${index}]`);
    if ((patron.institution ?? institution) === institution) byId.set(patron.patronId, patron);
    index += 1;
  }
  return async (patronId) => byId.get(patronId) ?? null;
}

/**
 * Rejects an entry of another patron, which would send the bill to the wrong person. A database may ignore case, for
 * example.
 */
function checkedAnswer(found: unknown, patronId: string, institution: string): BursarPatron {
  const name = `patrons(${JSON.stringify(patronId)})`;
  const patron = checkedPatron(found, name);
  if (patron.patronId === patronId && (patron.institution ?? institution) === institution) return patron;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `${name}: expected that patron of ${institution}, found another`,
  );
}

function checkedPatron(entry: unknown, name: string): BursarPatron {
  return checkedArgument(patronSchema, entry, name) as BursarPatron;
}
