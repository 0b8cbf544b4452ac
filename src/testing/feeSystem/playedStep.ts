import type { FeeSystemAnswer } from './feeSystem.js';
import type { Delivery } from './plot.js';
import type { NamedRequest } from './requests.js';

/** A step as it was played. */
export type PlayedStep = {
  /** One request, or two that came at the same time. */
  readonly requests: readonly NamedRequest[];
  /** How it was delivered; two requests are delivered once each. What comes again at the end comes `late`. */
  readonly delivery: Delivery | 'late';
  /** Our answers, one for each request. */
  readonly answers: readonly FeeSystemAnswer[];
};
