import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type Move, moveKinds, moves } from './moves.js';

/**
 * Moves excluded from the life of one fee: those that add fees, request something invalid, or are about growing fines.
 */
const notAboutFees: readonly Move['kind'][] = [
  'assess',
  'assessLost',
  'accrue',
  'accrueAgain',
  'endAccrual',
  'goodwill',
  'misfit',
  'idTaken',
  'derivedIdTaken',
];

const aboutFees = moveKinds.filter((kind) => !notAboutFees.includes(kind));

/**
 * Generates the long life of one lost-item fee, so that rare combinations occur: cancelled and returned, reversed and
 * recalled.
 */
function oneFee(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const move = moves(fc);
  const later = fc
    .tuple(move, fc.constantFrom(...aboutFees))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, policy: 'same' }));
  return fc
    .tuple(move, fc.array(later, { maxLength: maxLength - 1, size: 'max' }))
    .map(([any, rest]) => [{ ...any, kind: 'assessLost', amount: 250, policy: 'same' }, ...rest]);
}

/** Moves that increase and decrease a fine, or interfere with it. */
const aboutFines = [
  'accrueAgain',
  'accrueAgain',
  'endAccrual',
  'payWhole',
  'pay',
  'waive',
  'waiveSome',
  'reverseWaiver',
  'reversePayment',
  'refund',
  'applyCredit',
  'cancelFee',
  'dispute',
  'resolve',
  'goodwill',
  'reverseApplication',
  'reverseRefund',
  'transfer',
  'recall',
] as const;

/** Reduces an ended fine once more: it was waived, ended with a lower total, and the waiver is undone. */
const waivedAndEnded = ['waive', 'endAccrual', 'reverseWaiver'] as const;

/** Generates the long life of one growing fine: paid, waived and disputed while it increases and decreases. */
function oneFine(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const move = moves(fc);
  const later = fc
    .tuple(move, fc.constantFrom(...aboutFines))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, amount: 1 + (any.amount % 300) }));
  const rest = fc.array(later, { maxLength: maxLength - 1, size: 'max' });
  return fc.tuple(move, rest, fc.nat(3)).map(([any, all, how]) => {
    const first: Move = { ...any, kind: 'accrue', amount: 250, other: any.other % 2, policy: 'same' };
    const fineMoves = all.map((one, index): Move => {
      const kind = how === 3 ? waivedAndEnded[index] : undefined;
      return kind === undefined ? one : { ...one, kind, other: 0, flag: false, sensible: true };
    });
    return [first, ...fineMoves];
  });
}

/** Moves about a transfer. */
const aboutTransfers = [
  'settle',
  'reverseSettlement',
  'recall',
  'waiveTransferred',
  'cancelFee',
  'transferCredit',
  'returnItem',
] as const;

/** Generates the long life of one transfer: settled in parts, recalled, reversed. */
function oneTransfer(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const later = fc
    .tuple(moves(fc), fc.constantFrom(...aboutTransfers))
    .map(([any, kind]): Move => ({ ...any, kind, policy: 'same' }));
  return fc.array(later, { minLength: 1, maxLength, size: 'max' }).map((all) =>
    all.map((move, index): Move => {
      if (index === 0) return { ...move, kind: 'assessLost', amount: 250 };
      // With remainder 1 modulo 3 the external system is expected to report payments.
      const other = 1 + 3 * (move.other % 10);
      return index === 1 ? { ...move, kind: 'transfer', other, sensible: true } : move;
    }),
  );
}

/** Moves about a payment and its overpayment credit. */
const aboutPayments = [
  'payPart',
  'payAgain',
  'assess',
  'refund',
  'applyCredit',
  'transferCredit',
  'cancelCredit',
  'reversePayment',
  'reverseRefund',
  'reverseApplication',
  'recall',
] as const;

/** Generates the long life of one overpayment: spent, refunded, cancelled, reversed, and all of that undone. */
function oneOverpayment(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const later = fc
    .tuple(moves(fc), fc.constantFrom(...aboutPayments))
    .map(([any, kind]): Move => ({ ...any, kind, pick: any.pick % 3, policy: 'same' }));
  return fc
    .array(later, { minLength: 1, maxLength, size: 'max' })
    .map(([first, ...rest]) => [{ ...(first as Move), kind: 'overpay', amount: 250 }, ...rest]);
}

/** Generates lists of moves, each of one story, up to a maximum length. A list may shrink to moves of any kind. */
export function moveLists(fc: FastCheck, maxLength: number): Arbitrary<readonly Move[]> {
  const move = moves(fc);
  return shrinkingMoveLists(
    fc,
    fc.oneof(
      { weight: 4, arbitrary: fc.array(move, { maxLength, size: 'max' }) },
      { weight: 4, arbitrary: oneFee(fc, maxLength) },
      { weight: 1, arbitrary: oneTransfer(fc, maxLength) },
      { weight: 1, arbitrary: oneOverpayment(fc, maxLength) },
      { weight: 2, arbitrary: oneFine(fc, maxLength) },
    ),
  );
}

/** The kinds to which moves shrink, the simplest first. */
const plainKinds: readonly Move['kind'][] = [
  'assess',
  'overpay',
  'assessLost',
  'payWhole',
  'waive',
  'transfer',
];

const plain: Omit<Move, 'kind'> = {
  pick: 0,
  other: 0,
  amount: 1,
  flag: false,
  sensible: true,
  policy: 'same',
};

/**
 * Generates lists of moves with another arbitrary and shrinks them move by move, independent of how they were
 * generated.
 */
export function shrinkingMoveLists(
  fc: FastCheck,
  made: Arbitrary<readonly Move[]>,
): Arbitrary<readonly Move[]> {
  const numbers = fc.nat();
  const smaller = (number: number) => numbers.shrink(number, undefined).map(({ value }) => value);
  // Drops the context of generation, so that a list may shrink to one that `made` never generates.
  const alone = (moveList: readonly Move[]) => new fc.Value(moveList, undefined);

  class MoveLists extends fc.Arbitrary<readonly Move[]> {
    override generate(...chance: Parameters<typeof made.generate>) {
      return alone(made.generate(...chance).value);
    }

    override canShrinkWithoutContext(moveList: unknown): moveList is readonly Move[] {
      return Array.isArray(moveList);
    }

    override shrink(moveList: readonly Move[]) {
      return fc.stream(simplerMoveLists(moveList, smaller)).map(alone);
    }
  }
  return new MoveLists();
}

/** Yields shorter lists first, then lists with one simpler move. */
function* simplerMoveLists(
  moveList: readonly Move[],
  smaller: (number: number) => Iterable<number>,
): Generator<readonly Move[]> {
  const { length } = moveList;
  for (let size = length; size >= 1; size = Math.floor(size / 2))
    for (let from = length - size; from >= 0; from -= size)
      yield [...moveList.slice(0, from), ...moveList.slice(from + size)];
  for (const [index, move] of moveList.entries())
    for (const other of simplerMoves(move, smaller))
      yield [...moveList.slice(0, index), other, ...moveList.slice(index + 1)];
}

function* simplerMoves(move: Move, smaller: (number: number) => Iterable<number>): Generator<Move> {
  for (const kind of plainKinds) {
    if (kind === move.kind) break;
    yield { ...move, kind };
  }
  const left = (Object.keys(plain) as (keyof typeof plain)[]).filter((field) => move[field] !== plain[field]);
  if (left.length > 1) yield { ...move, ...plain };
  for (const field of left) yield { ...move, [field]: plain[field] };
  for (const field of ['pick', 'other', 'amount'] as const)
    for (const number of smaller(move[field])) if (number > plain[field]) yield { ...move, [field]: number };
}
