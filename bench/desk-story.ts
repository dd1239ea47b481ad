import { newId } from '../src/kernel/id.ts';
import { decided, type Story } from './fill.ts';

const KIND = 'desk';

/** A word that one ticket in a thousand has, and one that a fifth of them has. */
export const RARE_WORD = 'zeppelin';
export const COMMON_WORD = 'delivery';

const TOPICS = [
  'Delivery has not arrived',
  'Wrong size in the parcel',
  'Refund for a returned jacket',
  'Payment was taken twice',
  'Password letter does not come',
];
const CONTENT =
  'Hello, I ordered two weeks ago and have heard nothing since. The tracking page shows no movement. Could you look?';

/** What follows on the creation of each ten tickets: seven of them have moved on. */
const STEPS = [
  'setSolved',
  null,
  'setOpen',
  'setClosed',
  null,
  'setPending',
  'setClosed',
  null,
  'setHolding',
  'setSolved',
];

const agent = {
  id: 'bench-agent',
  name: 'Eva Salinas',
  party: null,
  permissions: new Set(['TICKET_CREATE', 'TICKET_UPDATE', 'SET_STATUS']),
};

/** Help-desk tickets of web shops' customers. */
export const deskStory: Story = {
  kind: KIND,
  create(index, number, now) {
    const birth = { id: newId(now), number, key: `HD-${number}` };
    const rare = index % 1000 === 500 ? ` ${RARE_WORD}` : '';
    const input = {
      title: `${TOPICS[index % TOPICS.length]}${rare}`,
      content: CONTENT,
      from: `customer-${index % 5_000}@example.com`,
      fromName: 'Ana Ruiz',
      to: 'help@shop.example.com',
      direction: 'inbound',
      tags: ['web', index % 3 === 0 ? 'vip' : 'regular'],
    };
    return decided(KIND, null, { type: 'create', name: 'create', input }, { ...agent, now, birth });
  },
  next(ticket, index, now) {
    const name = STEPS[index % STEPS.length];
    return name ? decided(KIND, ticket, { type: 'transition', name, input: {} }, { ...agent, now }) : null;
  },
};
