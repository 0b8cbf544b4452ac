import { owed } from '../../account/fee.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { jsonNumber } from '../clientAmount.js';
import { admit } from '../doorOptions.js';
import { type FolioAnswer, folioError } from './folioHttp.js';
import type { FolioAccess, FolioSettings } from './folioOptions.js';
import { folioFees } from './folioRecords.js';

/** Answers `GET /patron/account/{id}` as edge-patron: what is owed, with `includeCharges` each fee; no loans and no holds. */
export async function patronSummary(
  userId: string,
  access: FolioAccess,
  { includeCharges }: Readonly<Record<string, string>>,
  settings: FolioSettings,
): Promise<FolioAnswer> {
  const patronId = (await settings.index.patronOf(userId)) ?? userId;
  const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
  if (admitted === undefined) return folioError(404, 'Unable to find patron');
  const { policy } = settings;
  const { group } = admitted;
  const isoCurrencyCode = group[0].account.currency ?? policy.currency;
  const money = (minor: number) => ({
    amount: jsonNumber(minor, digitsOf(isoCurrencyCode)),
    isoCurrencyCode,
  });
  const open = folioFees(group, userId, settings).filter(({ fee }) => owed(fee) > 0);
  const charges = open.map(({ fee, record }) => ({
    ...(fee.item === null
      ? {}
      : {
          item: {
            title: record.title ?? '',
            ...(record.itemId === undefined ? {} : { itemId: record.itemId }),
          },
        }),
    chargeAmount: money(owed(fee)),
    accrualDate: record.metadata.createdDate,
    state: record.paymentStatus.name,
    reason: record.feeFineType,
    feeFineId: record.id,
  }));
  const body = {
    id: userId,
    totalCharges: money(sumOf(open.map(({ fee }) => owed(fee)))),
    totalChargesCount: open.length,
    totalLoans: 0,
    totalHolds: 0,
    charges: includeCharges === 'true' ? charges : [],
    holds: [],
    loans: [],
  };
  return { status: 200, body };
}
