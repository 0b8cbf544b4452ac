import { clipped, sideBySide } from '../scenario/sideBySide.js';
import type { StepResult } from './compare.js';
import type { NamedRequest } from './requests.js';
import type { Divergence } from './runStory.js';

/** Formats a divergence as text: the steps, one a line, then both sides of the last one. */
export function formatDivergence({ steps, comparison, orders }: Divergence): string {
  const lines = steps.map((step, index) => `${index + 1}. ${formatStep(step)}`);
  const tables = (orders ?? [{ first: '', comparison }]).map(({ first, comparison: { rows } }) =>
    sideBySide(
      first && `with ${first} first`,
      ['ours', 'yours'],
      rows.map((row) => ({ ...row, cells: clipped(row.cells) })),
    ),
  );
  return [...lines, '', tables.join('\n\n')].join('\n');
}

function formatStep({ requests, delivery, answers }: StepResult): string {
  if (delivery === 'late') return `${requests[0]?.request.id} is delivered once more`;
  const text = requests.map(formatRequest).join(', and at the same time ');
  const repeated = {
    once: '',
    twice: ', and this is delivered twice',
    twiceAtOnce: ', and this is delivered twice at once',
  };
  const refused = answers.every(({ accepted }) => !accepted) ? ' (we refuse)' : '';
  return `${text}${repeated[delivery]}${refused}`;
}

function formatRequest({ name, request }: NamedRequest): string {
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
