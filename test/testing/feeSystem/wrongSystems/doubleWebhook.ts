import { type PlainFeeSystem, plainFeeSystem } from '../rightSystems/plainFeeSystem.js';

/**
 * A payment that the provider reports twice is taken for two.
 *
 * Source: FOLIO and Alma have no idempotency key for payments; Evergreen's Launchpad 2057948 and 2077343 are about
 * this, and FOLIO's UIU-1993 about fees that a second click charged twice.
 */
export function doubleWebhook(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  const deliveries = new Map<string, number>();
  return {
    books,
    system: {
      ...system,
      pay: (request) => {
        const count = (deliveries.get(request.id) ?? 0) + 1;
        deliveries.set(request.id, count);
        return system.pay(count === 1 ? request : { ...request, id: `${request.id}/${count}` });
      },
    },
  };
}
