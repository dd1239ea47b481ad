import { newId } from '../src/kernel/id.ts';
import { decided, type Story } from './fill.ts';

const KIND = 'service';

const portal = {
  id: 'bench-portal',
  name: 'Workshop portal',
  party: null,
  permissions: new Set(['service.work']),
};

/** Service tickets that all wait for an operator. */
export const serviceStory: Story = {
  kind: KIND,
  create(index, number, now) {
    const birth = { id: newId(now), number, key: `SV-${number}` };
    const input = {
      customerId: `3b0c4f5e-5d1a-4c63-9a57-${String(index % 5_000).padStart(12, '0')}`,
      vin: `WVWZZZAU0EW${String(index % 1_000_000).padStart(6, '0')}`,
      vehicleModelId: index % 400,
      connectionId: 'd3547de1-d1f2-4344-b4c2-17169b7526f9',
      customerReference: `W-${index}`,
    };
    return decided(KIND, null, { type: 'create', name: 'create', input }, { ...portal, now, birth });
  },
  next(ticket, _index, now) {
    return decided(KIND, ticket, { type: 'transition', name: 'submit', input: {} }, { ...portal, now });
  },
};
