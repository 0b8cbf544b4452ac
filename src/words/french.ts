import type { RejectionWords } from '../account/rejections/rejectionText.js';
import type { Fault } from '../errors.js';
import type { FaultWords } from '../faultWords.js';
import { faultText } from '../input/faults.js';
import type { FineWords } from '../overdue/fineWords.js';
import type { KnownCodes } from '../policy/knownCodes.js';
import type { TransactionLabels } from '../views/transactionKinds.js';
import type { AnyRejection, Words } from './words.js';

const transactions: TransactionLabels = {
  assessed: 'Frais facturés',
  increased: 'Amende augmentée',
  decreased: 'Amende réduite',
  accrualEnded: 'Amende arrêtée',
  payment: 'Paiement',
  paymentReversed: 'Paiement annulé',
  waiver: 'Remise',
  waiverReversed: 'Remise annulée',
  creditIssued: 'Avoir accordé',
  creditApplied: 'Avoir utilisé',
  creditApplicationReversed: 'Utilisation de l’avoir annulée',
  creditCancelled: 'Avoir supprimé',
  creditForfeited: 'Avoir périmé',
  creditWithdrawn: 'Avoir retiré',
  cancelledCreditWithdrawn: 'Avoir supprimé puis retiré',
  refund: 'Remboursement',
  refundReversed: 'Remboursement annulé',
  transfer: 'Transmis',
  settlement: 'Transmission réglée',
  settlementReversed: 'Règlement annulé',
  recall: 'Transmission rappelée',
  cancellation: 'Supprimé',
  disputed: 'Contesté',
  disputeResolved: 'Contestation close',
  returned: 'Document rendu',
  planAgreed: 'Échéancier convenu',
  planEnded: 'Échéancier terminé',
};

const lengths: FineWords['lengths'] = {
  minute: { one: '{count} minute', other: '{count} minutes' },
  hour: { one: '{count} heure', other: '{count} heures' },
  day: { one: '{count} jour', other: '{count} jours' },
  week: { one: '{count} semaine', other: '{count} semaines' },
  month: { other: '{count} mois' },
  year: { one: '{count} an', other: '{count} ans' },
};

const fine: FineWords = {
  language: 'fr',
  decimalSign: ',',
  money: '{amount} {currency}',
  date: '{day} {month} {year}',
  moment: '{weekday} {date} à {time}',
  weekdays: ['dim.', 'lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.'],
  months: [
    'janvier',
    'février',
    'mars',
    'avril',
    'mai',
    'juin',
    'juillet',
    'août',
    'septembre',
    'octobre',
    'novembre',
    'décembre',
  ],
  range: 'du {from} au {to}',
  notLate: 'Sans retard : à rendre le {dueAt}, compté jusqu’au {until}.',
  late: 'À rendre le {dueAt}. Compté jusqu’au {until}.',
  lateAfterMove: 'À rendre le {dueAt} (reporté du {movedFrom}, jour de fermeture). Compté jusqu’au {until}.',
  closed: 'Fermé, non compté : {closures}.',
  closedWeekdays: {
    monday: { one: '{count} lundi', other: '{count} lundis' },
    tuesday: { one: '{count} mardi', other: '{count} mardis' },
    wednesday: { one: '{count} mercredi', other: '{count} mercredis' },
    thursday: { one: '{count} jeudi', other: '{count} jeudis' },
    friday: { one: '{count} vendredi', other: '{count} vendredis' },
    saturday: { one: '{count} samedi', other: '{count} samedis' },
    sunday: { one: '{count} dimanche', other: '{count} dimanches' },
  },
  counted: 'Compté : {length}.',
  countedOpen: 'Compté : {length} d’ouverture.',
  lengths,
  lengthsOf: lengths,
  graceWithoutEnd: 'Délai de grâce de {length} : pas encore écoulé, faute de jours d’ouverture.',
  graceWithin: 'Délai de grâce de {length} : rien n’est dû avant le {endsAt}.',
  graceExceeded: 'Délai de grâce de {length} : écoulé depuis le {endsAt}, donc facturé aussi.',
  graceExcluded: 'Délai de grâce de {length} : écoulé depuis le {endsAt}, et non facturé.',
  recalled:
    'Rappelé le {recalledAt} : un autre tarif vaut pour la suite ; l’amende était alors de {fineBefore}.',
  recalledWhole:
    'Rappelé le {recalledAt} : un autre tarif vaut pour toute la durée ; l’amende était alors de {fineBefore}.',
  periods: {
    minute: { one: 'Minute {from}', other: 'Minutes {from} à {to}' },
    hour: { one: 'Heure {from}', other: 'Heures {from} à {to}' },
    day: { one: 'Jour {from}', other: 'Jours {from} à {to}' },
    week: { one: 'Semaine {from}', other: 'Semaines {from} à {to}' },
    month: { one: 'Mois {from}', other: 'Mois {from} à {to}' },
    year: { one: 'Année {from}', other: 'Années {from} à {to}' },
  },
  longPeriods: { one: 'Période {from} de {length}', other: 'Périodes {from} à {to} de {length}' },
  cost: '{periods} : {count} × {each} = {amount}.',
  costRecalled: '{periods}, au tarif après rappel : {count} × {each} = {amount}.',
  maximum: 'Au plus {limit} : {amount}.',
  price: 'Au plus {limit}, vu le prix du document : {amount}.',
  fine: 'Amende : {amount}.',
};

/** The words of the instalments of a plan, in statements and reports. */
const plans = {
  paymentPlan: 'Échéancier',
  due: 'À payer le',
  instalment: 'Échéance',
  stillToPay: 'Reste à payer',
} as const;

const fieldNames = { feeType: 'type', owner: 'bibliothèque', loanId: 'prêt' } as const;

const purposes = {
  setOff: 'il ne réduit que ses propres frais',
  refundable: 'il appartient à l’usager',
  external: 'il ne va qu’au système de facturation externe',
  goodwill: 'il ne sert qu’à régler des frais',
} as const;

const name = 'un texte de 1 à {lengthMax} caractères, sans U+0000 ni demi-paires';
const amount =
  'un montant positif d’au plus {decimals} décimales et {digits} chiffres, en texte, par exemple « {example} »';

/** The words of faults, for `faultText`. */
const faults: FaultWords = {
  missing: '{path} manque (attendu : {expected})',
  mismatch: '{path} : attendu {expected}, trouvé {found}',
  input: 'demande',
  foundText: 'un texte de {length} caractères',
  foundNumber: 'un nombre',
  didYouMean: ' (peut-être {nearest})',
  text: 'un texte',
  shortText: 'un texte d’au plus {lengthMax} caractères',
  number: 'un nombre',
  yesOrNo: 'true ou false',
  object: 'un objet',
  list: 'une liste',
  unknownField: 'aucun champ de ce nom',
  oneOf: 'l’une des valeurs {options}',
  command: 'le nom d’une commande, parmi {options}',
  readable: 'une commande lisible',
  name,
  feeType: `l’un des types de frais, ${name}`,
  method: `l’un des moyens de paiement, ${name}`,
  reason: `l’un des motifs, ${name}`,
  amount,
  amountOrZero: `0, ou ${amount}`,
  instant: 'une date et une heure ISO 8601 avec fuseau',
  date: 'une date, AAAA-MM-JJ',
  days: 'un nombre de jours, 0 ou plus',
  atLeastOne: 'au moins une entrée',
  distinct: 'chaque entrée une seule fois',
  laterDays: 'chaque échéance après la précédente',
  allocationsAlone: 'ni feeIds ni order à côté des affectations',
  transactionId: 'l’identifiant de la transaction avec son montant total ou sa part',
  restNamesNoFees: 'sans externalTransactionTotal, ni feeIds ni allocations avec rest',
  totalOfWhole: 'le montant, avec whole',
  totalOrEnd: 'un montant, sauf si la commande arrête l’amende sans nouveau total',
  otherId: 'un autre identifiant que celui de la commande',
  feesOrLoan: 'soit feeIds, soit loanId',
  remedyOfOutcome: 'waive ou cancel avec patronUpheld, rien sinon',
  namedOrEligible: 'soit des frais et avoirs nommés, soit tous ceux qui conviennent',
  goodwillIfManual: 'goodwill, ou rien, si la cause est manual',
};

/** Returns what follows a sentence about an unknown code. */
function known({ nearest, codes, count }: KnownCodes): string {
  const hint = nearest === null ? '' : ` Vouliez-vous dire ${nearest} ?`;
  const more = count > codes.length ? ` et ${count - codes.length} autres` : '';
  return count === 0 ? ' Il n’y en a aucun.' : `${hint} Il y a ${codes.join(', ')}${more}.`;
}

const textNames = {
  comment: 'Le commentaire',
  staffNote: 'La note',
  reference: 'La référence',
  externalTransactionId: 'Le numéro de transaction',
} as const;

const bases = { accrual: 'des créances', cash: 'des encaissements' } as const;

const notPayable = {
  off: 'rien ne se paie en ligne ici',
  transferred: 'ils sont transmis à un autre système',
  disputed: 'ils sont contestés',
  nothingOwed: 'rien n’est dû',
  feeType: 'ce type de frais ne se paie pas en ligne',
  accruing: 'ils augmentent encore',
  closed: 'il n’y a plus rien à payer',
} as const;

/** Returns the sentence of what is malformed. */
function invalid({ faults: found }: { readonly faults: readonly Fault[] }): string {
  return `La demande est incorrecte : ${found.map((fault) => faultText(fault, { words: faults })).join('; ')}.`;
}

const rejections: RejectionWords<AnyRejection> = {
  InvalidCommand: invalid,
  IdAlreadyUsed: 'L’identifiant {id} sert déjà à autre chose.',
  ExternalTransactionAlreadyUsed:
    'L’opération {externalTransactionId} ({method}) est déjà enregistrée : paiement {paymentId} de {recordedAmount}.',
  ExceedsTransactionTotal:
    'L’opération {externalTransactionId} ({method}) s’élève à {total} : {recordedAmount} sont enregistrés, {amount} sont de trop.',
  ExternalRefundAlreadyUsed:
    'Le remboursement {externalTransactionId} ({method}) est déjà enregistré : {refundId} de {recordedAmount}.',
  TransactionAmbiguous:
    'On ne sait pas si {amount} s’ajoutent à l’opération {externalTransactionId} ({method}) ou font partie des {recordedAmount} enregistrés. Indiquez le total de l’opération, ou qu’il s’agit du reste.',
  AccountInOtherCurrency: 'Le compte est en {accountCurrency}, les règles en {policyCurrency}.',
  AccountTotalTooLarge: 'Le compte dépasserait la limite de {amount}.',
  FeeTypeUnknown: (rejection) =>
    `Le type de frais ${rejection.feeType} n’existe pas.${known(rejection.known)}`,
  FeeTypeRetired: 'Le type de frais {feeType} n’est plus facturé.',
  FeeTypeNotManual: 'Le type de frais {feeType} ne se facture pas à la main.',
  FeeOwnerMissing: 'Indiquez la bibliothèque à qui reviennent les frais.',
  FeeNotFound: 'Ce compte n’a pas de frais {feeId}.',
  CreditNotFound: 'Ce compte n’a pas d’avoir {creditId}.',
  PaymentNotFound: 'Ce compte n’a pas de paiement {paymentId}.',
  WaiverNotFound: 'Ce compte n’a pas de remise {waiverId}.',
  TransferNotFound: 'Ce compte n’a pas de transmission {transferId}.',
  SettlementNotFound: 'Ce compte n’a pas de règlement {settlementId}.',
  CreditApplicationNotFound: 'Ce compte n’a pas d’utilisation d’avoir {applicationId}.',
  RefundNotFound: 'Ce compte n’a pas de remboursement {refundId}.',
  PaymentMethodUnknown: (rejection) =>
    `Le moyen de paiement ${rejection.method} n’existe pas.${known(rejection.known)}`,
  ReasonUnknown: ({ reason, known: codes }) =>
    (reason === null ? 'Choisissez un motif de la liste.' : `${reason} n’est pas un motif de la liste.`) +
    known(codes),
  DestinationUnknown: (rejection) =>
    `Le système de facturation externe ${rejection.destination} n’existe pas.${known(rejection.known)}`,
  NothingOwed: ({ feeId }) => (feeId === null ? 'Rien n’est dû.' : `Rien n’est dû pour les frais ${feeId}.`),
  PaymentExceedsOwed: '{amount} dépasse les {owed} dus.',
  AllocationsDoNotAddUp: 'La somme des parts est {allocated}, mais le montant est {amount}.',
  FeeIsDisputed: 'Les frais {feeId} sont contestés. Réglez d’abord la contestation.',
  FeeAlreadyDisputed: 'Les frais {feeId} sont déjà contestés.',
  FeeNotDisputed: 'Les frais {feeId} ne sont pas contestés.',
  FeeTypeNotWaiveable: 'Les frais de type {feeType} ne peuvent pas être remis.',
  WaiverExceedsOwed: '{amount} dépasse les {owed} qui peuvent être remis sur les frais {feeId}.',
  FeeNotLostItem: 'Les frais {feeId} ne concernent pas un document perdu.',
  LostItemFeeNotFound: 'Le prêt {loanId} n’a pas de frais pour document perdu.',
  LostItemAlreadyReturned: 'Le document perdu des frais {feeId} est déjà rendu.',
  FeeNotAccruing: 'Les frais {feeId} sont facturés une fois et n’augmentent pas.',
  AccruingFeeDiffers: ({ feeId, field, recorded, given }) =>
    `Frais ${feeId}, ${fieldNames[field]} : ${recorded ?? '(rien)'} est enregistré, et non ${given}.`,
  AccrualHasEnded: 'Les frais {feeId} sont arrêtés à {total} ; {requested} est impossible.',
  FeeTypeIsLostItem: 'Les frais de type {feeType} concernent des documents perdus et n’augmentent pas.',
  FeeStillAccruing: 'Les frais {feeId} augmentent encore. Ils pourront être transmis ensuite.',
  NothingToCancel: 'Il ne reste rien à supprimer des frais {feeId}.',
  CancellationExceedsFee: '{amount} dépasse les {cancellable} qui peuvent être supprimés des frais {feeId}.',
  CreditPurposeForbids: ({ creditId, purpose }) =>
    `L’avoir ${creditId} ne convient pas : ${purposes[purpose]}.`,
  CreditUsedUp: 'Il ne reste rien de l’avoir {creditId}.',
  CreditNotForfeitable: ({ creditId, from }) =>
    from === null
      ? `L’avoir ${creditId} ne se périme pas : les règles n’ont pas de délai.`
      : `L’avoir ${creditId} ne se périme pas avant ${from}.`,
  AmountExceedsCredit: '{amount} dépasse les {unused} qui restent de l’avoir {creditId}.',
  CreditInUse:
    '{amount} de l’avoir {creditId} devraient revenir, mais il n’en reste que {unused}. Annulez d’abord son utilisation.',
  AppliedAgain:
    'Les frais {feeId} reprendraient aussitôt l’avoir {creditId} : il a été rendu plus que reçu. Annulez d’abord cela.',
  ApplicationExceedsOwed: '{amount} de l’avoir dépassent les {owed} dus.',
  TransferExceedsOwed: '{amount} dépasse les {owed} dus pour les frais {feeId}.',
  NothingToTransfer: 'Il n’y a rien à transmettre.',
  TransferNotPending: 'Aucun paiement n’est attendu pour la transmission {transferId}.',
  SettlementExceedsPending: '{amount} dépasse les {pending} attendus pour la transmission {transferId}.',
  ReversalExceedsSettlement: '{amount} dépasse les {reversible} qui restent du règlement {settlementId}.',
  NothingToRecall: 'La transmission {transferId} est entièrement réglée ou rappelée.',
  RecallExceedsTransfer: '{amount} dépasse les {recallable} à rappeler de la transmission {transferId}.',
  ReversalAlreadySent:
    'Des avoirs pour la transmission {transferId} sont déjà envoyés ({creditIds}). Rappelez-les d’abord.',
  NotPermitted: ({ needs, limit, amount }) => {
    const who = needs.length === 0 ? 'Aucun rôle ne le peut.' : `Il faut le rôle ${needs.join(' ou ')}.`;
    return limit === null
      ? `Cela ne vous est pas permis. ${who}`
      : `${limit} au plus vous sont permis, et non ${amount}. ${who}`;
  },
  FileAlreadyImported: 'Ce fichier a déjà été importé par le travail {jobId}, le {at}.',
  PolicyNotRecorded: 'Aucune règle enregistrée n’est en vigueur le {at}.',
  ApprovalRequired: (rejection) => {
    const who = `quelqu’un d’autre ayant le rôle ${rejection.roles.join(' ou ')} doit l’approuver.`;
    if (!('amount' in rejection)) return who.replace('q', 'Q');
    const { above, amount, approvedUpTo } = rejection;
    return `${amount} dépasse ${approvedUpTo ? `les ${approvedUpTo} approuvés` : above} : ${who}`;
  },
  TooFarBack: 'L’heure {at} est trop ancienne. La plus ancienne admise est {earliest}.',
  InTheFuture: 'L’heure {at} est dans le futur.',
  LooksLikeCardNumber: ({ field }) =>
    `${textNames[field]} contient ce qui semble être un numéro de carte de paiement. Retirez-le.`,
  CommentRequired: '{code} exige un commentaire.',
  OnlinePaymentsOff: 'Les frais de cette bibliothèque ne se paient pas ici.',
  AlreadyUndone: '{id} est déjà annulé.',
  PaymentPlanNotFound: 'Ce compte n’a pas d’échéancier {planId}.',
  PaymentPlanNotRunning: 'L’échéancier {planId} n’est plus en cours.',
  FeeInPaymentPlan: 'Les frais {feeId} font partie de l’échéancier {planId}. Terminez-le d’abord.',
  AccountMerged: 'Le compte est fusionné avec celui de {into}. Utilisez celui-là pour ce qui est nouveau.',
  InstalmentsDoNotAddUp: 'La somme des échéances est {total}, mais {owed} sont dus.',
  ReversalExceedsPayment: '{amount} dépasse les {reversible} qui restent du paiement {paymentId}.',
  InvalidOfficeCommand: invalid,
  OfficeIdAlreadyUsed: 'L’identifiant {id} sert déjà à autre chose.',
  OfficeInOtherCurrency: 'Les écritures sont en {recordedCurrency}, les règles en {policyCurrency}.',
  TillMethodUnknown: (rejection) =>
    `Le mode de paiement ${rejection.method} n’existe pas.${known(rejection.known)}`,
  TillAlreadyOpen: 'La caisse est ouverte depuis {openedAt} : fermez d’abord la session {sessionId}.',
  TillSessionNotFound: 'Cette caisse n’a pas de session {sessionId}.',
  TillSessionClosed: 'La session {sessionId} a été fermée le {closedAt}.',
  TillMethodNotCounted: 'Comptez {method} : il devrait y avoir {expected}.',
  TillDepositExceedsCount:
    'Le dépôt de {deposit} dépasse les {available} comptés ou mis au coffre ({method}).',
  TillDifferenceNotFound: 'La session {sessionId} n’a pas d’écart à accepter.',
  SameUser: 'Une autre personne doit le faire : vous avez effectué {as}.',
  RemittanceDestinationUnknown: (rejection) =>
    `Le système de facturation externe ${rejection.destination} n’existe pas.${known(rejection.known)}`,
  RemittanceSurplusExceedsAmount: 'L’excédent de {surplus} dépasse les {amount} payés.',
  RemittanceNotFound: 'Le versement {remittanceId} n’existe pas.',
  RemittanceAlreadyReversed: 'Le versement {remittanceId} est déjà annulé.',
  BankMethodUnknown: (rejection) =>
    `Le mode de paiement ${rejection.method} n’existe pas.${known(rejection.known)}`,
  BankAmountsDiffer: 'L’opération de la banque est de {amount}, et {expected} sont à confirmer.',
  BankEntryAlreadyConfirmed: 'L’opération {entryId} de la banque est déjà rapprochée.',
  BankItemAlreadyConfirmed: ({ bank, confirmationId }) =>
    `Une autre opération de ${bank ?? 'la banque'} le confirme déjà : ${confirmationId}.`,
  ConfirmedAbove: 'Sur {total}, {left} ne sont ni confirmés ni clos : {amount} ne convient pas.',
  BankReasonUnknown: (rejection) => `Le motif ${rejection.reason} n’existe pas.${known(rejection.known)}`,
  BankRecordNotFound: 'Le compte bancaire n’a pas d’enregistrement {recordId}.',
  BankRecordClosed: ({ recordId, confirmationId }) =>
    confirmationId === null
      ? `${recordId} est déjà annulé.`
      : `La banque a confirmé le dépôt ${recordId} : annulez d’abord ${confirmationId}.`,
  MergeIntoItself: 'C’est le même compte : {patronId}.',
  MergeAcrossInstitutions: 'Les comptes relèvent de deux établissements, {from} et {into}.',
  MergeLeadsBack: 'Les comptes sont déjà fusionnés dans l’autre sens : {path}.',
  MergeNotFound: 'Le compte n’a pas été fusionné par {mergeId}.',
  ActorLacksRole: 'Il faut le rôle {role}, que {userId} n’a pas.',
  SealTooEarly: 'Le mois qui finit le {cutoff} peut être scellé à partir du {sealableFrom}.',
  SealNotAfterLast:
    'Un mois ultérieur est déjà scellé : celui-ci finit le {cutoff}, le dernier sceau le {lastCutoff}.',
  SealMonthLeftOut: 'Scellez d’abord le mois {month}.',
  SealTermsDiffer: ({ timeZone, basis, lostItems }) =>
    `Les sceaux ont le fuseau horaire ${timeZone}, la base ${bases[basis]} et les documents perdus ${lostItems === 'gross' ? 'bruts' : 'nets'}.`,
  SealFileExists:
    'Le dossier contient un fichier du sceau {number} qui n’est pas enregistré (total {total}). Mettez-le de côté.',
  BooksDiffer: ({ seal, findings }) =>
    seal === 0
      ? `Les livres ne peuvent pas être scellés : ${findings.count} anomalies.`
      : `Les livres diffèrent du sceau ${seal} : ${findings.count} anomalies.`,
  InvalidOnlinePayment: invalid,
  NoOnlinePayments: 'Les frais ne se paient pas en ligne ici.',
  OnlineFeeNotFound: 'Le compte {patronId} n’a pas de frais {feeId}.',
  FeeNotPayableOnline: ({ feeId, because }) =>
    `Les frais ${feeId} ne peuvent pas être payés en ligne : ${notPayable[because]}.`,
  OnlineAmountExceedsPayable: '{amount} dépasse les {payable} à payer sur les frais {feeId}.',
  NothingPayableOnline: 'Il n’y a rien à payer en ligne.',
  BelowMinimumAmount: '{amount} est inférieur au minimum de {minimumAmount}.',
  NotExactBalance: 'Il faut payer le solde entier de {payable}, et non {amount}.',
  OnlineAccountInOtherCurrency:
    'Le compte {patronId} est en {accountCurrency}, les règles en {policyCurrency}.',
  PaymentInProgress: 'L’un de ces frais est en cours de paiement en ligne : {onlinePaymentId}.',
  AmountChanged:
    'Le total est maintenant de {total}, et non de {expectedTotal}. Vérifiez le nouveau montant, puis payez de nouveau.',
  OnlinePaymentIdUsed: 'Le paiement en ligne {onlinePaymentId} a commencé avec un autre contenu.',
  OnlinePaymentHasEnded: 'Le paiement en ligne {onlinePaymentId} est terminé. Commencez-en un autre.',
  OnlinePaymentUnknown: 'Le paiement en ligne {onlinePaymentId} n’existe pas.',
  ReportInOtherCurrency: '{externalTransactionId} est en {currency}, le paiement en {expected}.',
  ReportDiffers: '{externalTransactionId} est enregistré avec {recordedAmount}, et non {amount}.',
  PerhapsReported:
    '{externalTransactionId} de {amount} est peut-être {reported}, déjà enregistré. Sinon, son versement l’enregistrera.',
  TransactionOfOtherPayment: '{externalTransactionId} relève du paiement en ligne {onlinePaymentId}.',
  CaptureUnknown:
    '{externalTransactionId} rembourse {of}, qui n’est pas encore connu. Signalez-le de nouveau plus tard.',
  ReturnExceedsCapture: '{externalTransactionId} rembourse {amount}, mais il ne reste que {left} de {of}.',
  MayNotSettle: 'Il faut le rôle {role}, que {userId} n’a pas.',
  PartUnknown: 'Le paiement n’a ni encaissement ni remboursement {externalTransactionId}.',
  PartRecorded: 'Le compte {patronId} a enregistré {externalTransactionId} : il n’y a rien à régler.',
  KeptUnknown: 'Rien n’est conservé sous {keptId}.',
  KeptRecorded: '{keptId} est enregistré : il n’y a rien à régler.',
  KeptNotRecorded: ({ keptId, because }) => `${keptId} ne correspond pas à ce paiement (${because.code}).`,
};

/**
 * All texts of the package in French.
 *
 * @example
 * ```ts
 * import { french } from 'patron-fees/words';
 *
 * french.statement.statement; //=> 'Relevé de compte'
 * ```
 */
export const french: Words = {
  language: 'fr',
  labels: {
    feeTypes: {
      OVERDUEFINE: 'Amende de retard',
      RECALLEDOVERDUEFINE: 'Amende de retard après rappel',
      OVERDUENOTIFICATIONFINE: 'Frais de relance',
      NOTIFICATIONFEE: 'Frais d’avis',
      FINEFEENOTIFICATIONFEE: 'Frais d’avis de paiement',
      LOSTITEMREPLACEMENTFEE: 'Remplacement d’un document perdu',
      LOSTITEMPROCESSFEE: 'Traitement d’un document perdu',
      DAMAGEDITEMFINE: 'Document abîmé',
      RENEWFEE: 'Prolongation',
      CARDRENEWAL: 'Renouvellement de la carte',
      ISSUELIBRARYCARD: 'Établissement de la carte',
      LIBRARYCARDREPLACEMENT: 'Remplacement de la carte',
      LOCKERKEY: 'Clé d’un casier',
      SERVICEFEE: 'Frais de traitement',
      DOCUMENTDELIVERYSERVICE: 'Fourniture de documents',
      OTHER: 'Divers',
    },
    paymentMethods: {
      CASH: 'espèces',
      CREDIT_CARD: 'carte de crédit',
      DEBIT_CARD: 'carte de débit',
      ONLINE: 'en ligne',
      CHECK: 'chèque',
    },
    waiveReasons: {
      GRACE_PERIOD: 'Délai de grâce',
      STAFF_ERROR: 'Erreur du personnel',
      TECHNICAL_ISSUE: 'Problème technique',
      LOST_ITEM_FOUND: 'Document perdu retrouvé',
      OTHER: 'Divers',
    },
    creditReasons: { GOODWILL: 'Geste commercial', OTHER: 'Divers' },
    destinations: { BURSAR: 'Agence comptable' },
  },
  transactions,
  statement: {
    ...plans,
    language: 'fr',
    direction: 'ltr',
    statement: 'Relevé de compte',
    barcode: 'Numéro de carte',
    from: 'Du',
    to: 'Au',
    beginning: 'la première écriture',
    latest: 'la dernière écriture',
    entry: 'Écriture',
    signs: 'Un montant négatif réduit la dette ; un solde négatif est en votre faveur.',
    seal: 'Sceau',
    movements: 'Mouvements',
    noMovements: 'Aucun mouvement.',
    date: 'Date',
    recorded: 'Enregistré',
    what: 'Opération',
    reference: 'Pièce',
    comment: 'Commentaire',
    amount: 'Montant',
    balance: 'Solde',
    opening: 'Solde initial',
    closing: 'Solde final',
    disputed: 'Dont contesté',
    transferred: 'Dû à un système de facturation externe',
    kinds: transactions,
    writtenOff: 'passé en perte',
  },
  receipt: {
    language: 'fr',
    direction: 'ltr',
    kinds: {
      payment: 'Reçu',
      refund: 'Remboursement',
      waiver: 'Remise',
      cancellation: 'Frais annulés',
      return: 'Retour d’un document perdu',
      application: 'Utilisation d’un avoir',
      reversal: 'Annulation',
      forfeiture: 'Avoir périmé',
    },
    copy: 'duplicata',
    number: 'Numéro',
    date: 'Date',
    issued: 'Établi',
    issuedBy: 'Établi par',
    patron: 'Usager',
    undoes: 'Annule',
    undone: 'Annulé',
    what: 'Objet',
    amount: 'Montant',
    remaining: 'Reste dû',
    total: 'Total',
    credit: 'Avoir',
    tax: 'TVA',
    net: 'Hors taxes',
    gross: 'TTC',
    method: 'Moyen de paiement',
    reason: 'Motif',
    writtenOff: 'passé en perte',
    reference: 'Référence',
    transaction: 'Transaction',
    comment: 'Commentaire',
    payable: 'Reste à payer en tout',
  },
  notice: {
    ...plans,
    language: 'fr',
    direction: 'ltr',
    kinds: {
      charged: 'Des frais ont été portés à votre compte',
      grown: 'Le montant de votre amende ne change plus',
      paid: 'Nous avons reçu votre paiement',
      reversed: 'Votre dette a de nouveau augmenté',
      refunded: 'Nous vous avons remboursé',
      refundReversed: 'Un remboursement a été annulé',
      waived: 'Des frais vous ont été remis',
      cancelled: 'Des frais ont été annulés',
      disputed: 'Nous avons noté votre contestation',
      resolved: 'Votre contestation est close',
      returned: 'Un document perdu est revenu',
      transferred: 'Des frais ont été transmis',
      planAgreed: 'Votre échéancier',
      planBehind: 'Une échéance est en retard',
      blocked: 'Votre compte est bloqué',
      owed: 'Ce que vous devez',
    },
    sentences: {
      charged: 'Voici ce qui a été porté à votre compte.',
      grown: 'L’amende n’augmente plus. Voici à combien elle s’élève.',
      paid: 'Merci. Voici à quoi votre paiement a servi.',
      reversed:
        'Un paiement ou une remise a été annulé, ou des frais sont de nouveau à régler à la bibliothèque.',
      refunded: 'Un montant en votre faveur a été versé.',
      refundReversed:
        'Ce que nous vous avions versé nous est revenu ou a été repris. Ce montant compte de nouveau en votre faveur.',
      waived: 'Vous n’avez pas à payer ceci.',
      cancelled: 'Ces frais ont été retirés.',
      disputed: 'Nous allons vérifier. D’ici là, vous n’avez pas à payer ces frais.',
      resolved: 'Nous avons vérifié les frais que vous contestiez.',
      returned: 'Les frais ont été réduits. Voici ce que vous ne devez plus, ou ce qui vous revient.',
      transferred: 'Veuillez régler ce montant là-bas, et non à la bibliothèque.',
      planAgreed: 'Voici les échéances convenues.',
      planBehind: 'Veuillez la régler, ou parlez-nous-en.',
      blocked: 'Vous devez trop pour emprunter. Veuillez payer, ou parlez-nous-en.',
      owed: 'Ces frais sont à payer.',
    },
    outcomes: {
      feeStands: 'les frais sont maintenus',
      withdrawn: 'retirée',
      patronUpheld: 'décidée en votre faveur',
    },
    patron: 'Usager',
    date: 'Date',
    outcome: 'Résultat',
    method: 'Mode de paiement',
    destination: 'Transmis à',
    reason: 'Motif',
    comment: 'Commentaire',
    what: 'Objet',
    amount: 'Montant',
    owed: 'Reste dû',
    total: 'Total',
    credited: 'En votre faveur',
    payable: 'À payer maintenant',
  },
  activityReport: {
    ...plans,
    language: 'fr',
    direction: 'ltr',
    activityReport: 'Aperçu du compte',
    date: 'Date',
    barcode: 'Code-barres',
    loans: 'Prêts',
    noLoans: 'Aucun prêt.',
    title: 'Titre',
    library: 'Bibliothèque',
    dueBack: 'À rendre le',
    overdue: 'En retard',
    fees: 'Frais',
    noFees: 'Aucuns frais en cours.',
    noLibrary: 'Sans bibliothèque',
    type: 'Type',
    credit: 'Avoir',
    status: 'État',
    statuses: { active: 'Dû', disputed: 'Contesté', transferred: 'Transmis', closed: 'Clos' },
    accruing: 'Augmente encore',
    original: 'Montant',
    remaining: 'Reste',
    transferPending: 'Transmis',
    comment: 'Commentaire',
    total: 'Total',
    activeBalance: 'Solde dû',
    disputedBalance: 'Solde contesté',
    transferredBalance: 'Solde transmis',
    payable: 'À payer maintenant',
  },
  fine,
  rejections,
  faults,
};
