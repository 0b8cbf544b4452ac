import { foldOnlinePayment } from '../../office/onlinePayments/foldOnlinePayment.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { apartOf, type Books, capturesOf, isPart, sum, units } from './books.js';
import type { World } from './onlineWorld.js';
import type { Fact } from './provider.js';

/** Returns what is left to persons although the job can do it, or done by the job although a person must say it. */
export function leftToPersons(
  world: World,
  books: Books,
  findings: readonly OnlineFinding[],
): readonly string[] {
  return [
    ...unfollowed(books),
    ...refusedMoney(world, findings),
    ...stillSettled(world, books),
    ...world.refused,
  ];
}

/** The parts of returns that still wait, although every capture that they are taken from was set apart. */
export function unfollowed({ payments }: Pick<Books, 'payments'>): readonly string[] {
  return payments.flatMap((payment) => {
    const [captures, returns] = [apartOf(payment, 'capture'), apartOf(payment, 'return')];
    return payment.returns.flatMap(({ externalTransactionId, ...returned }) => {
      const patrons = [returned, ...(returned.others ?? [])].flatMap(({ accounts }) => accounts);
      return [...new Set(patrons.map(({ patronId }) => patronId))].flatMap((patronId) => {
        const part = { kind: 'return', externalTransactionId, patronId } as const;
        const isDone = [...payment.recorded, ...returns].some((one) => isPart(one, part));
        const isOfApart = capturesOf(payment, part).every((of) => captures.some((one) => isPart(one, of)));
        return isDone || !isOfApart
          ? []
          : [`${externalTransactionId} of ${patronId} does not follow its capture`];
      });
    });
  });
}

/** Money that an account refuses although it can be read: money in hand is recorded whatever has become of the fees. */
function refusedMoney({ unreadable }: World, findings: readonly OnlineFinding[]): readonly string[] {
  return findings
    .filter(({ code, message }) => code === 'TAKEN_NOT_RECORDED' && !message.includes('(AfterSettled)'))
    .filter(() => unreadable.size === 0)
    .map(({ message }) => message);
}

/** Rows that stay settled although the books have their transaction: read again, they are recorded. */
function stillSettled({ provider }: World, { kept, payments }: Books): readonly string[] {
  const known = new Set(
    payments.flatMap(({ captures, returns }) =>
      [...captures, ...returns].map((one) => one.externalTransactionId),
    ),
  );
  return kept
    .filter((one) => one.kind === 'row' && one.state === 'settled' && one.because !== 'ROW_CHANGED')
    .filter(({ ids }) => provider.facts.some(({ id }) => ids.includes(id) && known.has(id)))
    .map(({ ids: [rowId] }) => `the row ${rowId} stays settled although its transaction is recorded`);
}

/**
 * Returns captures that an account recorded although more of its returns than of its captures was apart, and nobody had
 * said so: who had the money back in cash has it twice. Of stories in which nothing was settled between two writes of
 * another process, which may have begun before.
 */
export async function paidTwice({ stores, institution, forms, seen }: World): Promise<readonly string[]> {
  if (seen.isSettledMeanwhile) return [];
  const found: string[] = [];
  for (const { onlinePaymentId } of forms) {
    const { events } = await stores.office.read(streamOfKind(institution, 'online', onlinePaymentId));
    let payment: OnlinePayment | null = null;
    for (const { event } of events) {
      const { type, data } = event as OnlinePaymentEvent;
      if (type === 'OnlinePaymentRecorded' && data.kind === 'capture' && payment !== null) {
        const { settled } = payment;
        const apart = (kind: 'capture' | 'return') =>
          sum(
            apartOf(payment as OnlinePayment, kind).filter(({ patronId }) => patronId === data.patronId),
            ({ amount }) => units(amount),
          );
        const said = settled.filter((one) => one.what !== 'reversed' && isPart(one, data)).at(-1);
        if (apart('return') > apart('capture') && said?.what !== 'record')
          found.push(
            `${data.externalTransactionId} is recorded although ${data.patronId} had it back otherwise`,
          );
      }
      payment = foldOnlinePayment([event as OnlinePaymentEvent], payment);
    }
  }
  return found;
}

/**
 * Returns whether something must fit once it is told with its payment: nothing contradicts it, and of a return or of
 * what came back the payment has all captures.
 */
export async function mustFit(
  { provider, mistaken, payment }: World,
  fact: Fact,
  { code, message }: Pick<OnlineFinding, 'code' | 'message'>,
): Promise<boolean> {
  const { checkout, id } = fact;
  const isMistaken = [...mistaken.keys()].some((one) => one.checkout === checkout);
  // A payout shows whether a capture is another one.
  const isPerhaps =
    code === 'PERHAPS_REPORTED' || message.includes(', which is recorded: if it is another one');
  if (isMistaken || provider.changed.has(`row_${id}`) || isPerhaps) return false;
  const known = await payment(checkout.onlinePaymentId);
  if (known === null || (fact.kind === 'capture' && fact.back === null)) return known !== null;
  const isKnown = (one: Fact) =>
    known.captures.some(({ externalTransactionId }) => externalTransactionId === one.id);
  return provider.facts.every(
    (one) => one === fact || one.kind === 'return' || one.checkout !== checkout || isKnown(one),
  );
}

/** Returns that are refused although the books have all captures of their payment, whatever payment they name. */
export async function refusedReturns(
  world: World,
  findings: readonly OnlineFinding[],
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const finding of findings) {
    const { keptId, externalTransactionId: id = '', message } = finding;
    const fact = world.provider.facts.find((one) => one.id === id);
    if (keptId !== undefined && fact?.kind === 'return' && (await mustFit(world, fact, finding)))
      refused.push(message);
  }
  return refused;
}
