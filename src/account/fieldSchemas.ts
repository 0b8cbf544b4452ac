import * as v from 'valibot';
import { expects } from '../input/faultCodes.js';
import { instantField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import type { AmountSchema } from '../money/amountSchema.js';
import { parseAmount } from '../money/money.js';
import { channels } from './circumstances.js';

/** The maximum length of ids in events. */
export const ID_LENGTH_MAX = 200;

/** The maximum length of comments, titles, references and other free texts. */
export const TEXT_LENGTH_MAX = 10_000;

/** The maximum length of the names of streams, so that a prefix and the longest id are a name. */
const STREAM_NAME_LENGTH_MAX = 220;

/** The maximum length of command ids, so that `id#1` and so on stay within the limit. */
export const COMMAND_ID_LENGTH_MAX = 190;

/** U+0000 or a lone surrogate: such a string cannot be stored as UTF-8 everywhere. */
const unwritable = /[\0\p{Surrogate}]/u;

/**
 * Returns whether a string is valid as an id or code: neither empty nor too long, without U+0000 and lone surrogates.
 */
export function isName(text: string, lengthMax: number): boolean {
  if (text.length === 0 || text.length > lengthMax) return false;
  // Every id of every event that is read is checked, and on most ids a loop takes a tenth of the expression's time.
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0 || code >= SURROGATE_MIN) return !unwritable.test(text);
  }
  return true;
}

/** The lowest code unit of surrogates. */
const SURROGATE_MIN = 0xd800;

/** The schema of ids and codes of limited length. */
function nameSchema(lengthMax: number, code: 'name' | PolicyCode = 'name') {
  const expected = expects(code, { lengthMax });
  return v.pipe(
    v.string(expected),
    v.check((text) => isName(text, lengthMax), expected),
  );
}

/** An id in an account, or a code. */
export const nameField = nameSchema(ID_LENGTH_MAX);

/** The name of a stream of other events than those of an account. */
export const streamNameField = nameSchema(STREAM_NAME_LENGTH_MAX);

/**
 * The message about a text that is too long. Such a text is not written, but read: it was stored before there was a
 * limit.
 */
export const TEXT_TOO_LONG = expects('shortText', { lengthMax: TEXT_LENGTH_MAX });

/** A comment, a title, a reference or another free text. */
export const textField = v.pipe(
  v.string(),
  v.check((text) => text.length <= TEXT_LENGTH_MAX, TEXT_TOO_LONG),
);

/** A code from one of the policy's tables. The decisions check whether the policy has it. */
export function policyCodeField(code: PolicyCode) {
  return nameSchema(ID_LENGTH_MAX, code);
}

/** A kind of code from one of the policy's tables. */
type PolicyCode = 'feeType' | 'method' | 'reason';

/** The id of a command. */
export const commandIdField = nameSchema(COMMAND_ID_LENGTH_MAX);

/** The fields of who acts. */
export const actorFields = {
  userId: v.exactOptional(nameField),
  channel: v.picklist(channels),
  desk: v.exactOptional(nameField),
  library: v.exactOptional(nameField),
  institution: v.exactOptional(nameField),
  tillSession: v.exactOptional(nameField),
};

/** Who acts, and where. */
export const actorField = onlyFields(actorFields);

/** Who gives a command, with roles. */
export const commandActorField = onlyFields({ ...actorFields, roles: v.exactOptional(v.array(nameField)) });

/** Returns the schema of who approves a command, with roles, for a currency's amounts. */
export function approverField(amount: AmountSchema) {
  const roles = v.exactOptional(v.array(nameField));
  return onlyFields({ userId: nameField, roles, upTo: v.exactOptional(amount) });
}

/**
 * An amount that was approved. It has the decimals of any currency: some of the events that record it have no currency.
 */
export const approvedAmountField = v.pipe(
  v.string('an amount above 0'),
  v.check(
    (text) => [0, 2, 3].some((digits) => parseAmount(text, digits) > 0),
    'an amount above 0, with as many decimals as its currency has',
  ),
);

/** Who approved. */
export const recordedApproverField = onlyFields({
  userId: nameField,
  upTo: v.exactOptional(approvedAmountField),
});

/** The item that a fee is about. */
export const itemField = onlyFields({
  id: v.exactOptional(textField),
  barcode: v.exactOptional(textField),
  title: v.exactOptional(textField),
  callNumber: v.exactOptional(textField),
  library: v.exactOptional(textField),
  location: v.exactOptional(textField),
  dueAt: v.exactOptional(instantField),
});

/** The circumstances that every event and every command may have. */
export const circumstancesFields = {
  at: instantField,
  by: v.exactOptional(actorField),
  approvedBy: v.exactOptional(recordedApproverField),
  reason: v.exactOptional(textField),
  comment: v.exactOptional(textField),
  staffNote: v.exactOptional(textField),
};
