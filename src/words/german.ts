import type { RejectionWords } from '../account/rejections/rejectionText.js';
import type { Fault } from '../errors.js';
import type { FaultWords } from '../faultWords.js';
import { faultText } from '../input/faults.js';
import type { FineWords } from '../overdue/fineWords.js';
import type { KnownCodes } from '../policy/knownCodes.js';
import type { TransactionLabels } from '../views/transactionKinds.js';
import type { AnyRejection, Words } from './words.js';

const transactions: TransactionLabels = {
  assessed: 'Gebühr erhoben',
  increased: 'Gebühr gestiegen',
  decreased: 'Gebühr gesenkt',
  accrualEnded: 'Gebühr steigt nicht mehr',
  payment: 'Zahlung',
  paymentReversed: 'Zahlung storniert',
  waiver: 'Erlass',
  waiverReversed: 'Erlass zurückgenommen',
  creditIssued: 'Gutschrift ausgestellt',
  creditApplied: 'Gutschrift verwendet',
  creditApplicationReversed: 'Verwendung der Gutschrift zurückgenommen',
  creditCancelled: 'Gutschrift gestrichen',
  creditForfeited: 'Gutschrift verfallen',
  creditWithdrawn: 'Gutschrift zurückgezogen',
  cancelledCreditWithdrawn: 'Gestrichene Gutschrift zurückgezogen',
  refund: 'Auszahlung',
  refundReversed: 'Auszahlung zurückgenommen',
  transfer: 'Übergeben',
  settlement: 'Übergabe beglichen',
  settlementReversed: 'Begleichung zurückgenommen',
  recall: 'Übergabe zurückgeholt',
  cancellation: 'Gestrichen',
  disputed: 'Bestritten',
  disputeResolved: 'Einspruch erledigt',
  returned: 'Medium zurückgegeben',
  planAgreed: 'Ratenzahlung vereinbart',
  planEnded: 'Ratenzahlung beendet',
};

const fine: FineWords = {
  language: 'de',
  decimalSign: ',',
  money: '{amount} {currency}',
  date: '{day}. {month} {year}',
  moment: '{weekday}, {date}, {time} Uhr',
  weekdays: ['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa'],
  months: [
    'Januar',
    'Februar',
    'März',
    'April',
    'Mai',
    'Juni',
    'Juli',
    'August',
    'September',
    'Oktober',
    'November',
    'Dezember',
  ],
  range: '{from} bis {to}',
  notLate: 'Nicht verspätet: fällig {dueAt}, gezählt bis {until}.',
  late: 'Fällig {dueAt}. Gezählt bis {until}.',
  lateAfterMove: 'Fällig {dueAt} (verschoben von {movedFrom}, als geschlossen war). Gezählt bis {until}.',
  closed: 'Geschlossen und nicht gezählt: {closures}.',
  closedWeekdays: {
    monday: { one: '{count} Montag', other: '{count} Montage' },
    tuesday: { one: '{count} Dienstag', other: '{count} Dienstage' },
    wednesday: { one: '{count} Mittwoch', other: '{count} Mittwoche' },
    thursday: { one: '{count} Donnerstag', other: '{count} Donnerstage' },
    friday: { one: '{count} Freitag', other: '{count} Freitage' },
    saturday: { one: '{count} Samstag', other: '{count} Samstage' },
    sunday: { one: '{count} Sonntag', other: '{count} Sonntage' },
  },
  counted: 'Gezählt: {length}.',
  countedOpen: 'Gezählt: {length} Öffnungszeit.',
  lengths: {
    minute: { one: '{count} Minute', other: '{count} Minuten' },
    hour: { one: '{count} Stunde', other: '{count} Stunden' },
    day: { one: '{count} Tag', other: '{count} Tage' },
    week: { one: '{count} Woche', other: '{count} Wochen' },
    month: { one: '{count} Monat', other: '{count} Monate' },
    year: { one: '{count} Jahr', other: '{count} Jahre' },
  },
  lengthsOf: {
    minute: { one: '{count} Minute', other: '{count} Minuten' },
    hour: { one: '{count} Stunde', other: '{count} Stunden' },
    day: { one: '{count} Tag', other: '{count} Tagen' },
    week: { one: '{count} Woche', other: '{count} Wochen' },
    month: { one: '{count} Monat', other: '{count} Monaten' },
    year: { one: '{count} Jahr', other: '{count} Jahren' },
  },
  graceWithoutEnd: 'Kulanz von {length}: noch nicht vorbei, weil so lange nicht geöffnet war.',
  graceWithin: 'Kulanz von {length}: vor {endsAt} wird nichts berechnet.',
  graceExceeded: 'Kulanz von {length}: vorbei seit {endsAt}, und daher mitberechnet.',
  graceExcluded: 'Kulanz von {length}: vorbei seit {endsAt}, und nicht berechnet.',
  recalled:
    'Zurückgerufen {recalledAt}: für die Zeit danach gelten andere Sätze; bis dahin waren es {fineBefore}.',
  recalledWhole:
    'Zurückgerufen {recalledAt}: für die ganze Zeit gelten andere Sätze; bis dahin waren es {fineBefore}.',
  periods: {
    minute: { one: 'Minute {from}', other: 'Minuten {from} bis {to}' },
    hour: { one: 'Stunde {from}', other: 'Stunden {from} bis {to}' },
    day: { one: 'Tag {from}', other: 'Tage {from} bis {to}' },
    week: { one: 'Woche {from}', other: 'Wochen {from} bis {to}' },
    month: { one: 'Monat {from}', other: 'Monate {from} bis {to}' },
    year: { one: 'Jahr {from}', other: 'Jahre {from} bis {to}' },
  },
  longPeriods: { one: 'Zeitraum {from} von {length}', other: 'Zeiträume {from} bis {to} von {length}' },
  cost: '{periods}: {count} × {each} = {amount}.',
  costRecalled: '{periods}, zum Satz nach dem Rückruf: {count} × {each} = {amount}.',
  maximum: 'Höchstens {limit}: {amount}.',
  price: 'Höchstens {limit}, wegen des Preises: {amount}.',
  fine: 'Säumnisgebühr: {amount}.',
};

const fieldNames = { feeType: 'Art', owner: 'Bibliothek', loanId: 'Ausleihe' } as const;

/** The words of the instalments of a plan, in statements and reports. */
const plans = {
  paymentPlan: 'Ratenzahlung',
  due: 'Fällig',
  instalment: 'Rate',
  stillToPay: 'Noch zu zahlen',
} as const;

const purposes = {
  setOff: 'sie mindert nur ihre eigene Gebühr',
  refundable: 'sie ist Geld, das der Person gehört',
  external: 'nur das externe Abrechnungssystem erhält sie',
  goodwill: 'sie ist nur für Gebühren verwendbar',
} as const;

const name = 'ein Text von 1 bis {lengthMax} Zeichen ohne U+0000 und halbe Zeichenpaare';
const amount =
  'ein Betrag über 0 mit höchstens {decimals} Nachkommastellen und {digits} Ziffern, als Text, etwa "{example}"';

/** The words of faults, for `faultText`. */
const faults: FaultWords = {
  missing: '{path} fehlt (erwartet: {expected})',
  mismatch: '{path}: erwartet ist {expected}, gefunden wurde {found}',
  input: 'Eingabe',
  foundText: 'ein Text von {length} Zeichen',
  foundNumber: 'eine Zahl',
  didYouMean: ' (gemeint ist vielleicht {nearest})',
  text: 'ein Text',
  shortText: 'ein Text von höchstens {lengthMax} Zeichen',
  number: 'eine Zahl',
  yesOrNo: 'true oder false',
  object: 'ein Objekt',
  list: 'eine Liste',
  unknownField: 'kein Feld dieses Namens',
  oneOf: 'eines von {options}',
  command: 'der Name eines Befehls, einer von {options}',
  readable: 'ein lesbarer Befehl',
  name,
  feeType: `eine der Gebührenarten, ${name}`,
  method: `eine der Zahlungsarten, ${name}`,
  reason: `einer der Gründe, ${name}`,
  amount,
  amountOrZero: `0 oder ${amount}`,
  instant: 'Datum und Uhrzeit nach ISO 8601 mit Zeitzone',
  date: 'ein Datum, JJJJ-MM-TT',
  days: 'eine Anzahl von Tagen, 0 oder mehr',
  atLeastOne: 'mindestens ein Eintrag',
  distinct: 'jeder Eintrag nur einmal',
  laterDays: 'jede Rate an einem späteren Tag als die vorige',
  allocationsAlone: 'neben Aufteilungen weder feeIds noch order',
  transactionId: 'die Kennung der Transaktion zu ihrer Summe oder ihrem Teil',
  restNamesNoFees: 'ohne externalTransactionTotal keine feeIds und keine allocations neben rest',
  totalOfWhole: 'den Betrag, neben whole',
  totalOrEnd: 'ein Betrag, außer wenn der Befehl das Steigen ohne neuen Betrag beendet',
  otherId: 'eine andere Kennung als die des Befehls',
  feesOrLoan: 'entweder feeIds oder loanId',
  remedyOfOutcome: 'waive oder cancel bei patronUpheld, sonst nichts',
  namedOrEligible: 'entweder genannte Gebühren und Gutschriften oder alle, die in Frage kommen',
  goodwillIfManual: 'goodwill oder nichts, wenn die Ursache manual ist',
};

/** Returns what follows a sentence about an unknown code. */
function known({ nearest, codes, count }: KnownCodes): string {
  const hint = nearest === null ? '' : ` Gemeint ist vielleicht ${nearest}.`;
  const more = count > codes.length ? ` und ${count - codes.length} weitere` : '';
  return count === 0 ? ' Es gibt keine.' : `${hint} Vorhanden: ${codes.join(', ')}${more}.`;
}

const textNames = {
  comment: 'Der Kommentar',
  staffNote: 'Die Notiz',
  reference: 'Das Zeichen',
  externalTransactionId: 'Die Nummer der Transaktion',
} as const;

const bases = { accrual: 'Soll', cash: 'Ist' } as const;

const notPayable = {
  off: 'online wird hier nichts bezahlt',
  transferred: 'sie ist einem anderen System übergeben',
  disputed: 'sie ist bestritten',
  nothingOwed: 'es ist nichts offen',
  feeType: 'ihre Art wird nicht online bezahlt',
  accruing: 'sie steigt noch',
  closed: 'es ist nichts mehr zu bezahlen',
} as const;

/** Returns the sentence of what is malformed. */
function invalid({ faults: found }: { readonly faults: readonly Fault[] }): string {
  return `Die Anfrage ist ungültig: ${found.map((fault) => faultText(fault, { words: faults })).join('; ')}.`;
}

const rejections: RejectionWords<AnyRejection> = {
  InvalidCommand: invalid,
  IdAlreadyUsed: 'Die Kennung {id} ist schon für etwas anderes vergeben.',
  ExternalTransactionAlreadyUsed:
    'Die Transaktion {externalTransactionId} ({method}) ist schon verbucht: Zahlung {paymentId} über {recordedAmount}.',
  ExceedsTransactionTotal:
    'Die Transaktion {externalTransactionId} ({method}) beträgt insgesamt {total}: {recordedAmount} sind verbucht, {amount} sind zu viel.',
  ExternalRefundAlreadyUsed:
    'Die Erstattung {externalTransactionId} ({method}) ist schon verbucht: {refundId} über {recordedAmount}.',
  TransactionAmbiguous:
    'Unklar ist, ob {amount} ein weiterer Teil der Transaktion {externalTransactionId} ({method}) sind oder in den verbuchten {recordedAmount} stecken. Geben Sie den Gesamtbetrag an, oder dass es der Rest ist.',
  AccountInOtherCurrency: 'Das Konto ist in {accountCurrency}, die Regeln sind in {policyCurrency}.',
  AccountTotalTooLarge: 'Das Konto würde um {amount} zu groß.',
  FeeTypeUnknown: (rejection) => `Es gibt keine Gebührenart ${rejection.feeType}.${known(rejection.known)}`,
  FeeTypeRetired: 'Die Gebührenart {feeType} wird nicht mehr erhoben.',
  FeeTypeNotManual: 'Die Gebührenart {feeType} ist nicht von Hand zu erheben.',
  FeeOwnerMissing: 'Bitte die Bibliothek angeben, der die Gebühr zusteht.',
  FeeNotFound: 'Zu diesem Konto gibt es keine Gebühr {feeId}.',
  CreditNotFound: 'Zu diesem Konto gibt es keine Gutschrift {creditId}.',
  PaymentNotFound: 'Zu diesem Konto gibt es keine Zahlung {paymentId}.',
  WaiverNotFound: 'Zu diesem Konto gibt es keinen Erlass {waiverId}.',
  TransferNotFound: 'Zu diesem Konto gibt es keine Übergabe {transferId}.',
  SettlementNotFound: 'Zu diesem Konto gibt es keine Begleichung {settlementId}.',
  CreditApplicationNotFound: 'Zu diesem Konto gibt es keine Verwendung {applicationId} einer Gutschrift.',
  RefundNotFound: 'Zu diesem Konto gibt es keine Auszahlung {refundId}.',
  PaymentMethodUnknown: (rejection) =>
    `Es gibt keine Zahlungsart ${rejection.method}.${known(rejection.known)}`,
  ReasonUnknown: ({ reason, known: codes }) =>
    (reason === null
      ? 'Bitte einen Grund aus der Liste wählen.'
      : `${reason} ist kein Grund aus der Liste.`) + known(codes),
  DestinationUnknown: (rejection) =>
    `Es gibt kein externes Abrechnungssystem ${rejection.destination}.${known(rejection.known)}`,
  NothingOwed: ({ feeId }) =>
    feeId === null ? 'Es ist nichts offen.' : `Bei Gebühr ${feeId} ist nichts offen.`,
  PaymentExceedsOwed: '{amount} ist mehr als die offenen {owed}.',
  AllocationsDoNotAddUp: 'Die Teile ergeben {allocated}, der Betrag ist aber {amount}.',
  FeeIsDisputed: 'Gebühr {feeId} ist bestritten. Bitte zuerst den Einspruch erledigen.',
  FeeAlreadyDisputed: 'Gebühr {feeId} ist schon bestritten.',
  FeeNotDisputed: 'Gebühr {feeId} ist nicht bestritten.',
  FeeTypeNotWaiveable: 'Gebühren der Art {feeType} werden nicht erlassen.',
  WaiverExceedsOwed: '{amount} ist mehr als die {owed}, die bei Gebühr {feeId} zu erlassen sind.',
  FeeNotLostItem: 'Gebühr {feeId} wurde nicht für ein verlorenes Medium erhoben.',
  LostItemFeeNotFound: 'Zur Ausleihe {loanId} gibt es keine Gebühr für ein verlorenes Medium.',
  LostItemAlreadyReturned: 'Das verlorene Medium der Gebühr {feeId} ist schon zurück.',
  FeeNotAccruing: 'Gebühr {feeId} wurde einmal erhoben und steigt nicht.',
  AccruingFeeDiffers: ({ feeId, field, recorded, given }) =>
    `Gebühr ${feeId}, ${fieldNames[field]}: verbucht ist ${recorded ?? '(nichts)'}, nicht ${given}.`,
  AccrualHasEnded: 'Gebühr {feeId} steigt seit {total} nicht mehr; {requested} ist nicht möglich.',
  FeeTypeIsLostItem: 'Gebühren der Art {feeType} gelten verlorenen Medien und steigen nicht.',
  FeeStillAccruing: 'Gebühr {feeId} steigt noch. Erst danach ist die Übergabe möglich.',
  NothingToCancel: 'Von Gebühr {feeId} ist nichts mehr zu streichen.',
  CancellationExceedsFee:
    '{amount} ist mehr als die {cancellable}, die von Gebühr {feeId} zu streichen sind.',
  CreditPurposeForbids: ({ creditId, purpose }) =>
    `Gutschrift ${creditId} ist dafür nicht verwendbar: ${purposes[purpose]}.`,
  CreditUsedUp: 'Von Gutschrift {creditId} ist nichts mehr da.',
  CreditNotForfeitable: ({ creditId, from }) =>
    from === null
      ? `Gutschrift ${creditId} verfällt nicht: Die Regeln nennen keine Frist.`
      : `Gutschrift ${creditId} verfällt nicht vor ${from}.`,
  AmountExceedsCredit: '{amount} ist mehr als die {unused}, die von Gutschrift {creditId} noch da sind.',
  CreditInUse:
    '{amount} von Gutschrift {creditId} müssten zurück, es sind aber nur {unused} da. Bitte zuerst ihre Verwendung zurücknehmen.',
  AppliedAgain:
    'Gebühr {feeId} nähme Gutschrift {creditId} gleich wieder: Für sie ging mehr zurück, als einging. Bitte zuerst das zurücknehmen.',
  ApplicationExceedsOwed: '{amount} der Gutschrift ist mehr als die offenen {owed}.',
  TransferExceedsOwed: '{amount} ist mehr als die {owed}, die bei Gebühr {feeId} offen sind.',
  NothingToTransfer: 'Es gibt nichts zu übergeben.',
  TransferNotPending: 'Bei Übergabe {transferId} steht keine Zahlung aus.',
  SettlementExceedsPending: '{amount} ist mehr als die {pending}, die bei Übergabe {transferId} ausstehen.',
  ReversalExceedsSettlement:
    '{amount} ist mehr als die {reversible}, die von Begleichung {settlementId} übrig sind.',
  NothingToRecall: 'Übergabe {transferId} ist ganz beglichen oder zurückgeholt.',
  RecallExceedsTransfer:
    '{amount} ist mehr als die {recallable}, die von Übergabe {transferId} zurückzuholen sind.',
  ReversalAlreadySent:
    'Gutschriften zu Übergabe {transferId} wurden schon verschickt ({creditIds}). Bitte zuerst diese zurückholen.',
  NotPermitted: ({ needs, limit, amount }) => {
    const who = needs.length === 0 ? 'Keine Rolle darf das.' : `Nötig ist die Rolle ${needs.join(' oder ')}.`;
    return limit === null
      ? `Das ist Ihnen nicht erlaubt. ${who}`
      : `Erlaubt sind Ihnen höchstens ${limit}, nicht ${amount}. ${who}`;
  },
  FileAlreadyImported: 'Diese Datei hat der Auftrag {jobId} schon eingelesen, am {at}.',
  PolicyNotRecorded: 'Keine der aufgezeichneten Regeln gilt am {at}.',
  ApprovalRequired: (rejection) => {
    const who = `Das muss jemand anderes mit der Rolle ${rejection.roles.join(' oder ')} freigeben.`;
    if (!('amount' in rejection)) return who;
    const { above, amount, approvedUpTo } = rejection;
    return `${amount} ist mehr als ${approvedUpTo ? `die freigegebenen ${approvedUpTo}` : above}: ${who}`;
  },
  TooFarBack: 'Die Zeit {at} liegt zu weit zurück. Die früheste ist {earliest}.',
  InTheFuture: 'Die Zeit {at} liegt in der Zukunft.',
  LooksLikeCardNumber: ({ field }) =>
    `${textNames[field]} enthält etwas, das wie die Nummer einer Zahlungskarte aussieht. Bitte entfernen.`,
  CommentRequired: '{code} verlangt einen Kommentar.',
  OnlinePaymentsOff: 'Gebühren dieser Bibliothek werden nicht hier bezahlt.',
  AlreadyUndone: '{id} ist schon zurückgenommen.',
  PaymentPlanNotFound: 'Zu diesem Konto gibt es keine Ratenzahlung {planId}.',
  PaymentPlanNotRunning: 'Ratenzahlung {planId} läuft nicht mehr.',
  FeeInPaymentPlan: 'Gebühr {feeId} gehört zu Ratenzahlung {planId}. Bitte diese zuerst beenden.',
  AccountMerged: 'Das Konto ist mit dem von {into} zusammengelegt. Neues gehört dorthin.',
  InstalmentsDoNotAddUp: 'Die Raten ergeben {total}, offen sind aber {owed}.',
  ReversalExceedsPayment: '{amount} ist mehr als die {reversible}, die von Zahlung {paymentId} übrig sind.',
  InvalidOfficeCommand: invalid,
  OfficeIdAlreadyUsed: 'Die Kennung {id} ist schon für etwas anderes vergeben.',
  OfficeInOtherCurrency: 'Bisher wurde in {recordedCurrency} gebucht, die Regeln sind in {policyCurrency}.',
  TillMethodUnknown: (rejection) => `Es gibt keine Zahlungsart ${rejection.method}.${known(rejection.known)}`,
  TillAlreadyOpen: 'Die Kasse ist seit {openedAt} offen: zuerst die Sitzung {sessionId} schließen.',
  TillSessionNotFound: 'Diese Kasse hat keine Sitzung {sessionId}.',
  TillSessionClosed: 'Die Sitzung {sessionId} wurde um {closedAt} geschlossen.',
  TillMethodNotCounted: 'Bitte {method} zählen: {expected} sollten da sein.',
  TillDepositExceedsCount:
    'Die Einzahlung von {deposit} ist höher als die {available} ({method}), die gezählt oder in den Tresor gelegt wurden.',
  TillDifferenceNotFound: 'Die Sitzung {sessionId} hat keine Differenz zu genehmigen.',
  SameUser: 'Das muss jemand anderes tun: Sie haben {as} veranlasst.',
  RemittanceDestinationUnknown: (rejection) =>
    `Es gibt kein externes Abrechnungssystem ${rejection.destination}.${known(rejection.known)}`,
  RemittanceSurplusExceedsAmount:
    'Der Überschuss von {surplus} ist höher als die {amount}, die bezahlt wurden.',
  RemittanceNotFound: 'Es gibt keine Überweisung {remittanceId}.',
  RemittanceAlreadyReversed: 'Die Überweisung {remittanceId} ist schon rückgängig gemacht.',
  BankMethodUnknown: (rejection) => `Es gibt keine Zahlungsart ${rejection.method}.${known(rejection.known)}`,
  BankAmountsDiffer: 'Die Buchung der Bank beträgt {amount}, bestätigt werden sollen {expected}.',
  BankEntryAlreadyConfirmed: 'Die Buchung {entryId} der Bank ist schon zugeordnet.',
  BankItemAlreadyConfirmed: ({ bank, confirmationId }) =>
    `Das hat schon eine andere Buchung ${bank === null ? 'der Bank' : `von ${bank}`} bestätigt: ${confirmationId}.`,
  ConfirmedAbove: 'Von {total} sind {left} weder bestätigt noch beendet: {amount} passt nicht.',
  BankReasonUnknown: (rejection) => `Es gibt keinen Grund ${rejection.reason}.${known(rejection.known)}`,
  BankRecordNotFound: 'Das Bankkonto hat keinen Eintrag {recordId}.',
  BankRecordClosed: ({ recordId, confirmationId }) =>
    confirmationId === null
      ? `${recordId} ist schon rückgängig gemacht.`
      : `Die Bank hat die Einzahlung ${recordId} bestätigt: zuerst ${confirmationId} rückgängig machen.`,
  MergeIntoItself: 'Das ist ein und dasselbe Konto: {patronId}.',
  MergeAcrossInstitutions: 'Die Konten gehören zu zwei Einrichtungen, {from} und {into}.',
  MergeLeadsBack: 'Die Konten sind schon in der anderen Richtung zusammengelegt: {path}.',
  MergeNotFound: 'Das Konto wurde nicht durch {mergeId} zusammengelegt.',
  ActorLacksRole: 'Nötig ist die Rolle {role}, die {userId} nicht hat.',
  SealTooEarly: 'Der Monat bis {cutoff} ist ab {sealableFrom} zu versiegeln.',
  SealNotAfterLast:
    'Ein späterer Monat ist schon versiegelt: Dieser endet am {cutoff}, das letzte Siegel am {lastCutoff}.',
  SealMonthLeftOut: 'Bitte zuerst den Monat {month} versiegeln.',
  SealTermsDiffer: ({ timeZone, basis, lostItems }) =>
    `Die Siegel haben die Zeitzone ${timeZone}, die Grundlage ${bases[basis]} und verlorene Medien ${lostItems === 'gross' ? 'brutto' : 'netto'}.`,
  SealFileExists:
    'Im Ordner liegt eine Datei des Siegels {number}, das nicht verzeichnet ist (Summe {total}). Bitte beiseitelegen.',
  BooksDiffer: ({ seal, findings }) =>
    seal === 0
      ? `Die Bücher sind nicht zu versiegeln: ${findings.count} Befunde.`
      : `Die Bücher weichen von Siegel ${seal} ab: ${findings.count} Befunde.`,
  InvalidOnlinePayment: invalid,
  NoOnlinePayments: 'Gebühren werden hier nicht online bezahlt.',
  OnlineFeeNotFound: 'Zum Konto {patronId} gibt es keine Gebühr {feeId}.',
  FeeNotPayableOnline: ({ feeId, because }) =>
    `Gebühr ${feeId} ist nicht online zu bezahlen: ${notPayable[because]}.`,
  OnlineAmountExceedsPayable: '{amount} ist mehr als die {payable}, die von Gebühr {feeId} zu bezahlen sind.',
  NothingPayableOnline: 'Es gibt nichts online zu bezahlen.',
  BelowMinimumAmount: '{amount} ist weniger als der Mindestbetrag von {minimumAmount}.',
  NotExactBalance: 'Nur der ganze Betrag von {payable} ist zu bezahlen, nicht {amount}.',
  OnlineAccountInOtherCurrency:
    'Das Konto {patronId} ist in {accountCurrency}, die Regeln sind in {policyCurrency}.',
  PaymentInProgress: 'Eine der Gebühren wird gerade online bezahlt: {onlinePaymentId}.',
  AmountChanged:
    'Zu bezahlen sind jetzt {total}, nicht mehr {expectedTotal}. Bitte den neuen Betrag ansehen und noch einmal bezahlen.',
  OnlinePaymentIdUsed: 'Die Online-Zahlung {onlinePaymentId} wurde mit anderem Inhalt begonnen.',
  OnlinePaymentHasEnded: 'Die Online-Zahlung {onlinePaymentId} ist beendet. Bitte eine neue beginnen.',
  OnlinePaymentUnknown: 'Es gibt keine Online-Zahlung {onlinePaymentId}.',
  ReportInOtherCurrency: '{externalTransactionId} ist in {currency}, die Zahlung in {expected}.',
  ReportDiffers: '{externalTransactionId} ist mit {recordedAmount} verbucht, nicht mit {amount}.',
  PerhapsReported:
    '{externalTransactionId} über {amount} ist vielleicht {reported} und damit schon verbucht. Wenn nicht, verbucht die Auszahlung es.',
  TransactionOfOtherPayment: '{externalTransactionId} gehört zur Online-Zahlung {onlinePaymentId}.',
  CaptureUnknown:
    '{externalTransactionId} erstattet {of}, das noch nicht bekannt ist. Bitte später noch einmal melden.',
  ReturnExceedsCapture: '{externalTransactionId} erstattet {amount}, aber von {of} sind nur {left} übrig.',
  MayNotSettle: 'Nötig ist die Rolle {role}, die {userId} nicht hat.',
  PartUnknown: 'Die Zahlung hat keinen Einzug und keine Erstattung {externalTransactionId}.',
  PartRecorded: 'Das Konto {patronId} hat {externalTransactionId} verbucht: Es ist nichts zu klären.',
  KeptUnknown: 'Unter {keptId} ist nichts aufbewahrt.',
  KeptRecorded: '{keptId} ist verbucht: Es ist nichts zu klären.',
  KeptNotRecorded: ({ keptId, because }) => `${keptId} passt nicht zu dieser Zahlung (${because.code}).`,
};

/**
 * All texts of the package in German.
 *
 * @example
 * ```ts
 * import { german } from 'patron-fees/words';
 *
 * german.statement.statement; //=> 'Kontoauszug'
 * ```
 */
export const german: Words = {
  language: 'de',
  labels: {
    feeTypes: {
      OVERDUEFINE: 'Säumnisgebühr',
      RECALLEDOVERDUEFINE: 'Säumnisgebühr nach Rückruf',
      OVERDUENOTIFICATIONFINE: 'Mahngebühr',
      NOTIFICATIONFEE: 'Benachrichtigungsgebühr',
      FINEFEENOTIFICATIONFEE: 'Gebühr für eine Zahlungserinnerung',
      LOSTITEMREPLACEMENTFEE: 'Ersatz eines verlorenen Mediums',
      LOSTITEMPROCESSFEE: 'Bearbeitung eines verlorenen Mediums',
      DAMAGEDITEMFINE: 'Beschädigung',
      RENEWFEE: 'Verlängerung',
      CARDRENEWAL: 'Verlängerung des Ausweises',
      ISSUELIBRARYCARD: 'Ausstellung des Ausweises',
      LIBRARYCARDREPLACEMENT: 'Ersatzausweis',
      LOCKERKEY: 'Schlüssel eines Schließfachs',
      SERVICEFEE: 'Bearbeitungsgebühr',
      DOCUMENTDELIVERYSERVICE: 'Dokumentlieferung',
      OTHER: 'Sonstiges',
    },
    paymentMethods: {
      CASH: 'bar',
      CREDIT_CARD: 'Kreditkarte',
      DEBIT_CARD: 'Debitkarte',
      ONLINE: 'im Netz',
      CHECK: 'Scheck',
    },
    waiveReasons: {
      GRACE_PERIOD: 'Kulanz',
      STAFF_ERROR: 'Versehen des Personals',
      TECHNICAL_ISSUE: 'Technische Störung',
      LOST_ITEM_FOUND: 'Verlorenes Medium gefunden',
      OTHER: 'Sonstiges',
    },
    creditReasons: { GOODWILL: 'Entgegenkommen', OTHER: 'Sonstiges' },
    destinations: { BURSAR: 'Universitätskasse' },
  },
  transactions,
  statement: {
    ...plans,
    language: 'de',
    direction: 'ltr',
    statement: 'Kontoauszug',
    barcode: 'Ausweisnummer',
    from: 'Von',
    to: 'Bis',
    beginning: 'erste Buchung',
    latest: 'letzte Buchung',
    entry: 'Buchung',
    signs: 'Ein negativer Betrag mindert die Schuld; ein negativer Saldo ist ein Guthaben.',
    seal: 'Siegel',
    movements: 'Buchungen',
    noMovements: 'Keine Buchungen.',
    date: 'Datum',
    recorded: 'Verbucht',
    what: 'Vorgang',
    reference: 'Beleg',
    comment: 'Bemerkung',
    amount: 'Betrag',
    balance: 'Saldo',
    opening: 'Anfangssaldo',
    closing: 'Endsaldo',
    disputed: 'Davon bestritten',
    transferred: 'Einem externen Abrechnungssystem geschuldet',
    kinds: transactions,
    writtenOff: 'ausgebucht',
  },
  receipt: {
    language: 'de',
    direction: 'ltr',
    kinds: {
      payment: 'Quittung',
      refund: 'Auszahlung',
      waiver: 'Erlass',
      cancellation: 'Gestrichene Gebühr',
      return: 'Rückgabe eines verlorenen Mediums',
      application: 'Verwendung einer Gutschrift',
      reversal: 'Storno',
      forfeiture: 'Verfallene Gutschrift',
    },
    copy: 'Kopie',
    number: 'Nummer',
    date: 'Datum',
    issued: 'Ausgestellt',
    issuedBy: 'Ausgestellt von',
    patron: 'Person',
    undoes: 'Storno zu',
    undone: 'Storniert',
    what: 'Wofür',
    amount: 'Betrag',
    remaining: 'Noch offen',
    total: 'Summe',
    credit: 'Gutschrift',
    tax: 'MwSt.',
    net: 'Netto',
    gross: 'Brutto',
    method: 'Zahlungsart',
    reason: 'Grund',
    writtenOff: 'ausgebucht',
    reference: 'Beleg',
    transaction: 'Transaktion',
    comment: 'Bemerkung',
    payable: 'Insgesamt noch zu zahlen',
  },
  notice: {
    ...plans,
    language: 'de',
    direction: 'ltr',
    kinds: {
      charged: 'Eine Gebühr wurde erhoben',
      grown: 'Ihre Säumnisgebühr steht fest',
      paid: 'Wir haben Ihre Zahlung erhalten',
      reversed: 'Sie schulden wieder mehr',
      refunded: 'Wir haben Ihnen Geld zurückgezahlt',
      refundReversed: 'Eine Auszahlung wurde rückgängig gemacht',
      waived: 'Eine Gebühr wurde erlassen',
      cancelled: 'Eine Gebühr wurde gestrichen',
      disputed: 'Wir haben Ihren Einspruch aufgenommen',
      resolved: 'Ihr Einspruch ist erledigt',
      returned: 'Ein verlorenes Medium ist wieder da',
      transferred: 'Eine Gebühr wurde übergeben',
      planAgreed: 'Ihre Ratenzahlung',
      planBehind: 'Eine Rate ist überfällig',
      blocked: 'Ihr Konto ist gesperrt',
      owed: 'Was Sie schulden',
    },
    sentences: {
      charged: 'Das wurde auf Ihr Konto gebucht.',
      grown: 'Die Gebühr steigt nicht mehr. So hoch ist sie geworden.',
      paid: 'Vielen Dank. Dafür wurde Ihre Zahlung verwendet.',
      reversed:
        'Eine Zahlung oder ein Erlass wurde zurückgenommen, oder eine Gebühr ist wieder bei der Bibliothek zu bezahlen.',
      refunded: 'Ein Guthaben wurde ausgezahlt.',
      refundReversed:
        'Was wir Ihnen ausgezahlt haben, kam zurück oder wurde zurückgenommen. Es zählt wieder zu Ihren Gunsten.',
      waived: 'Das müssen Sie nicht bezahlen.',
      cancelled: 'Diese Buchung wurde zurückgenommen.',
      disputed: 'Wir prüfen das. Bis dahin müssen Sie diese Gebühr nicht bezahlen.',
      resolved: 'Wir haben die bestrittene Gebühr geprüft.',
      returned: 'Die Gebühr dafür wurde gesenkt. So viel schulden Sie nicht mehr oder erhalten Sie zurück.',
      transferred: 'Bitte bezahlen Sie diesen Betrag dort und nicht in der Bibliothek.',
      planAgreed: 'Diese Raten haben wir vereinbart.',
      planBehind: 'Bitte bezahlen Sie die Rate, oder sprechen Sie mit uns.',
      blocked: 'Sie schulden zu viel, um etwas auszuleihen. Bitte bezahlen Sie, oder sprechen Sie mit uns.',
      owed: 'Diese Gebühren sind offen.',
    },
    outcomes: {
      feeStands: 'die Gebühr bleibt',
      withdrawn: 'zurückgezogen',
      patronUpheld: 'zu Ihren Gunsten entschieden',
    },
    patron: 'Name',
    date: 'Datum',
    outcome: 'Ergebnis',
    method: 'Zahlungsart',
    destination: 'Übergeben an',
    reason: 'Grund',
    comment: 'Bemerkung',
    what: 'Wofür',
    amount: 'Betrag',
    owed: 'Noch offen',
    total: 'Summe',
    credited: 'Ihr Guthaben daraus',
    payable: 'Jetzt zu zahlen',
  },
  activityReport: {
    ...plans,
    language: 'de',
    direction: 'ltr',
    activityReport: 'Kontoübersicht',
    date: 'Datum',
    barcode: 'Strichcode',
    loans: 'Ausleihen',
    noLoans: 'Keine Ausleihen.',
    title: 'Titel',
    library: 'Bibliothek',
    dueBack: 'Fällig',
    overdue: 'Überfällig',
    fees: 'Gebühren',
    noFees: 'Keine offenen Gebühren.',
    noLibrary: 'Ohne Bibliothek',
    type: 'Art',
    credit: 'Gutschrift',
    status: 'Stand',
    statuses: { active: 'Offen', disputed: 'Bestritten', transferred: 'Übergeben', closed: 'Erledigt' },
    accruing: 'Steigt noch',
    original: 'Betrag',
    remaining: 'Rest',
    transferPending: 'Übergeben',
    comment: 'Bemerkung',
    total: 'Summe',
    activeBalance: 'Offener Saldo',
    disputedBalance: 'Bestrittener Saldo',
    transferredBalance: 'Übergebener Saldo',
    payable: 'Jetzt zu zahlen',
  },
  fine,
  rejections,
  faults,
};
