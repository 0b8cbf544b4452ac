import { clipped, sideBySide } from '../scenario/sideBySide.js';
import type { PlayedStep } from './playedStep.js';
import type { Parting } from './playPlot.js';
import type { NamedRequest } from './requests.js';

/** Tells where two systems part as a story: what happened, step by step, and both sides at the end. */
export function toldParting({ steps, comparison, orders }: Parting): string {
  const lines = steps.map((step, index) => `${index + 1}. ${toldStep(step)}`);
  const tables = (orders ?? [{ first: '', comparison }]).map(({ first, comparison: { rows } }) =>
    sideBySide(
      first && `with ${first} first`,
      ['ours', 'yours'],
      rows.map((row) => ({ ...row, cells: clipped(row.cells) })),
    ),
  );
  return [...lines, '', tables.join('\n\n')].join('\n');
}

function toldStep({ requests, delivery, answers }: PlayedStep): string {
  if (delivery === 'late') return `${requests[0]?.request.id} is delivered once more`;
  const told = requests.map(toldRequest).join(', and at the same time ');
  const repeated = {
    once: '',
    twice: ', and this is delivered twice',
    twiceAtOnce: ', and this is delivered twice at once',
  };
  const refused = answers.every(({ accepted }) => !accepted) ? ' (we refuse)' : '';
  return `${told}${repeated[delivery]}${refused}`;
}

function toldRequest({ name, request }: NamedRequest): string {
  const { id } = request;
  switch (name) {
    case 'assess': {
      const percent = `, ${request.refundPercent} % of it back when it returns`;
      const what = request.lostItem ? `${request.feeType}, for a lost item${percent}` : request.feeType;
      return `${id}: a fee of ${request.amount} (${what})`;
    }
    case 'pay':
      return `${id}: ${request.amount} is paid for ${request.feeIds.join(', ')}`;
    case 'waive':
      return `${id}: ${request.amount} of ${request.feeId} is waived`;
    case 'dispute':
      return `${id}: ${request.feeId} is disputed`;
    case 'restore':
      return `${id}: ${request.feeId} is restored`;
    case 'transfer':
      return `${id}: ${request.amount} of ${request.feeId} is transferred`;
    case 'returnLostItem':
      return `${id}: the lost item of ${request.feeId} comes back`;
    case 'cancel':
      return `${id}: ${request.amount} of ${request.feeId} is cancelled as charged in error`;
    case 'refund':
      return `${id}: ${request.amount} is refunded`;
    case 'reversePayment':
      return `${id}: the payment ${request.paymentId} is reversed`;
  }
}
