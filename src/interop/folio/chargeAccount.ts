import type { Item } from '../../account/circumstances.js';
import type { AssessFee } from '../../account/commands/feeCommands.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { digitsOf } from '../../money/currency.js';
import { executeMade } from '../../patron/executeMade.js';
import type { GroupRow } from '../../patron/patronGroup.js';
import { readAmount } from '../clientAmount.js';
import { admit, mayOwn } from '../doorOptions.js';
import type { DoorAnswer } from '../doorRequest.js';
import { accountIdOf, folioId, isUuid, userIdOf } from './folioIds.js';
import {
  type FolioAccess,
  type FolioSettings,
  folioError,
  invalidField,
  librariesOf,
} from './folioOptions.js';
import { folioFees } from './folioRecords.js';

/** The body of a request, read. */
export type FolioBody = ReadonlyMap<string, unknown>;

/** Returns a field of a body if it is a text. */
export function textOf(body: FolioBody, name: string): string | undefined {
  const value = body.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Charges a fee: `POST /accounts`. */
export async function chargeAccount(
  body: FolioBody,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const { policy, index, newId, now } = settings;
  const [userId, id] = [textOf(body, 'userId'), textOf(body, 'id')];
  const amount = readAmount(body.get('amount'), digitsOf(policy.currency));
  const remaining = readAmount(body.get('remaining'), digitsOf(policy.currency));
  const feeType = Object.keys(policy.feeTypes).find(
    (code) => folioId('feefine', code) === body.get('feeFineId'),
  );
  const owner = ownerOf(body, settings);
  if (userId === undefined) return invalidField('userId', 'userId: missing');
  if (amount === undefined)
    return invalidField('amount', `amount: expected a positive amount in ${policy.currency}`);
  if (remaining !== amount)
    return invalidField('remaining', 'remaining: expected the amount, since nothing is paid yet');
  if (feeType === undefined) return invalidField('feeFineId', 'feeFineId: expected an id of /feefines');
  if (owner === undefined) return invalidField('ownerId', 'ownerId: expected an id of /owners');
  if (id !== undefined && !isUuid(id)) return invalidField('id', 'id: expected a UUID');
  if (id !== undefined && (await index.feeOf(id)) !== undefined)
    return invalidField('id', `id value already exists in table accounts: ${id}`);
  const patronId = (await index.patronOf(userId)) ?? userId;
  const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
  if (admitted === undefined) return folioError(404, `User with id '${userId.slice(0, 40)}' not found`);
  const { group, by } = admitted;
  const item = itemOf(body);
  const loanId = textOf(body, 'loanId');
  const command: AssessFee = {
    type: 'AssessFee',
    id: id?.toLowerCase() ?? newId(),
    feeType,
    amount,
    owner,
    at: now(),
    by,
    ...(Object.keys(item).length === 0 ? {} : { item }),
    // Fees without a loan have the loan 0.
    ...(loanId === undefined || loanId === '0' ? {} : { loanId }),
  };
  const why = await executeMade<never>(settings, group[0], () => [command], false);
  if (why !== undefined) return invalidField('feeFineId', rejectionText(why));
  const accountId = accountIdOf({ patronId: group[0].patronId, id: command.id });
  const [fee] = folioFees(group, userId, settings, (row) => accountIdOf(row) === accountId);
  return { status: 201, body: fee?.record, headers: { location: `/accounts/${accountId}` } };
}

/** Returns the code of the library that owns a fee; if libraries are not listed, it is the name of the owner. */
function ownerOf(body: FolioBody, settings: FolioSettings): string | undefined {
  const named = textOf(body, 'feeFineOwner');
  const codes =
    settings.libraries === undefined
      ? named === undefined
        ? []
        : [named]
      : librariesOf(settings).map(({ code }) => code);
  return codes.find((code) => mayOwn(code, settings) && folioId('owner', code) === body.get('ownerId'));
}

function itemOf(body: FolioBody): Item {
  const names = {
    id: 'itemId',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'callNumber',
    location: 'location',
  };
  const fields = Object.entries(names).flatMap(([field, name]) => {
    const text = textOf(body, name);
    return text === undefined ? [] : [[field, text] as const];
  });
  return Object.fromEntries(fields);
}

/**
 * Answers `POST /feefineactions` for the charge of a fee, which FOLIO's clients post after the fee: it is recorded
 * already. Anything else would change the history of a fee, and is refused.
 */
export async function chargeAction(
  body: FolioBody,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const { index } = settings;
  const accountId = textOf(body, 'accountId');
  const row = accountId === undefined ? undefined : await index.feeOf(accountId);
  const patronId = row?.patronId ?? '';
  const admitted =
    row === undefined ? undefined : await admit(settings, { ...access, identifier: patronId }, patronId);
  const isCharged = (one: GroupRow) => one.patronId === patronId && one.id === row?.id;
  const [fee] =
    admitted === undefined ? [] : folioFees(admitted.group, userIdOf(patronId), settings, isCharged);
  const charge = fee?.actions[0]?.record();
  if (charge === undefined) return invalidField('accountId', 'accountId: expected an id of /accounts');
  const { typeAction, amountAction } = charge;
  if (body.get('typeAction') !== typeAction || Number(body.get('amountAction')) !== amountAction)
    return invalidField(
      'typeAction',
      `typeAction: only the charge is posted here, ${typeAction} of ${amountAction}`,
    );
  return { status: 201, body: charge };
}
