const NAME = 'a string of 1 to {lengthMax} characters without U+0000 and lone surrogates';
const AMOUNT =
  'a positive decimal string with at most {decimals} decimals and {digits} digits in minor units, such as "{example}"';

/** An instant, as a word of its own: the schemas of instants and dates are in bundles that need no other text. */
export const INSTANT_EXPECTED = 'an ISO 8601 date and time with a zone';

/** A local date. */
export const DATE_EXPECTED = 'a date, YYYY-MM-DD';

/** What a field of a command was expected to be, by the code of the fault. */
// Within a function that is marked as pure: bundles of `fold` alone have none of these texts. A template and a spread
// would count as side effects.
export const expectedWords = /* @__PURE__ */ (() =>
  ({
    /** Any text. */
    text: 'a string',
    /** A comment, a title or another free text, of limited length. */
    shortText: 'a string of at most {lengthMax} characters',
    /** A number. */
    number: 'a number',
    /** True or false. */
    yesOrNo: 'true or false',
    /** An object with fields. */
    object: 'an object',
    /** A list. */
    list: 'a list',
    /** A field that the command does not have. */
    unknownField: 'no such field',
    /** One of some words, `options`. */
    oneOf: 'one of {options}',
    /** The name of a command, one of `options`. */
    command: 'the name of a command, one of {options}',
    /** A command that throws when it is read. */
    readable: 'a command that can be read',
    /** An id or code. */
    name: NAME,
    /** A fee type. */
    feeType: `one of the policy's fee types, ${NAME}`,
    /** A payment method. */
    method: `one of the policy's payment methods, ${NAME}`,
    /** A reason. */
    reason: `one of the policy's reasons, ${NAME}`,
    /** An amount, with an `example`. */
    amount: AMOUNT,
    /** An amount or zero. */
    amountOrZero: `0, or ${AMOUNT}`,
    /** A date and time. */
    instant: INSTANT_EXPECTED,
    /** A date. */
    date: DATE_EXPECTED,
    /** A number of days. */
    days: 'a number of days, 0 or more',
    /** A list with an entry. */
    atLeastOne: 'at least one',
    /** A list without duplicates. */
    distinct: 'each named once',
    /** Instalments in the order of their days. */
    laterDays: 'each on a later day than the one before',
    /** Allocations beside `feeIds` or `order`. */
    allocationsAlone: 'no feeIds and no order beside allocations',
    /** A total or a part without its transaction. */
    transactionId: 'the id of the transaction beside its total or part',
    /** The rest of a transaction with fees. */
    restNamesNoFees: 'no feeIds and no allocations beside rest without a total',
    /** The total of a transaction beside its whole. */
    totalOfWhole: 'the amount, beside the part whole',
    /** An accrual with neither a total nor an end. */
    totalOrEnd: 'an amount, unless the command ends the fine without a new total',
    /** An accrual whose fee has the id of the command. */
    otherId: 'another id than that of the command',
    /** A return of both fees and a loan, or of neither. */
    feesOrLoan: 'either feeIds or loanId',
    /** A remedy that does not fit the outcome. */
    remedyOfOutcome: 'waive or cancel with the outcome patronUpheld, nothing with another',
    /** A transfer of both named and eligible fees, or of neither. */
    namedOrEligible: 'either fees and credits by name, or all that is eligible',
    /** A purpose that does not fit the cause. */
    goodwillIfManual: 'goodwill, or nothing, with the cause manual',
  }) as const)();

/** The code of what was expected: a key of {@link englishFaultWords}. */
export type FaultCode = keyof typeof expectedWords;

/** The values that a fault's texts contain. */
export type FaultParameters = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * The texts of {@link faultText}. Under each code, the text says what was expected. `missing` is the sentence for a
 * missing field, and `mismatch` is the sentence for any other fault. `input` stands for the whole input if a fault has
 * no path. `foundText` and `foundNumber` describe a value that is not shown. `didYouMean` is added if a name is
 * probably misspelt.
 */
export type FaultWords = Readonly<
  Record<FaultCode | 'missing' | 'mismatch' | 'input' | 'foundText' | 'foundNumber' | 'didYouMean', string>
>;

/**
 * The English texts of {@link faultText}, as a base for translations: one text for each fault code, and the sentences
 * around it.
 *
 * @example
 * ```ts
 * import { englishFaultWords } from 'patron-fees';
 *
 * englishFaultWords.date; //=> 'a date, YYYY-MM-DD'
 * ```
 */
export const englishFaultWords: FaultWords = /* @__PURE__ */ Object.assign(
  {
    missing: '{path}: missing (expected {expected})',
    mismatch: '{path}: expected {expected}, found {found}',
    input: 'input',
    foundText: 'a string of {length} characters',
    foundNumber: 'a number',
    didYouMean: ' (did you mean {nearest}?)',
  },
  expectedWords,
);
