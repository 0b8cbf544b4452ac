import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';

/** What the external system, and the choice of patrons, need to know that no account tells. */
export type BursarPatron = {
  /** The institution, for a directory of several; the job's own if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group?: string;
  /** The patron's name. */
  readonly name?: string;
  /** What the external system knows the patron by, e.g. a student number; the patron's id if left out or empty. */
  readonly identifier?: string;
  /** The kind of that identifier, in the external system's terms. */
  readonly identifierType?: string;
};

/**
 * Who the patrons are: a function that looks one up by the patron's id (in a database, with any number of patrons), or
 * a list to read once, which is kept in memory while the job runs. In a list, the later of two entries counts.
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
  }),
);

/** Finds a patron; null when the directory does not have them. */
type PatronLookup = (patronId: string) => Promise<BursarPatron | null>;

/** The schema of a directory. */
export const patronsField = v.custom<BursarPatrons>(
  (input) =>
    typeof input === 'function' ||
    (typeof input === 'object' &&
      input !== null &&
      (Symbol.asyncIterator in input || Symbol.iterator in input)),
  'patrons one after the other, or a function that looks one up',
);

/**
 * Makes one lookup of whatever the directory is.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an entry that is no patron, or not the one
 * who was looked up
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

/** Somebody else's name and number would send them the bill: a database may compare without regard to case, for one. */
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
