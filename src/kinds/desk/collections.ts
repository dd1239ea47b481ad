import { type Static, Type } from 'typebox';
import type { Collection, EntryData } from '../../core/collection.ts';
import { PRIORITIES } from './priorities.ts';
import { DESK_STATES } from './workflow.ts';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const name = text(255);
const number = Type.Integer({ minimum: 1 });

const named = Type.Object({ name });

const channel = Type.Object({
  name,
  icon: Type.Optional(text(255)),
  accountID: Type.Optional(
    Type.String({ maxLength: 255, description: 'The account at the channel’s provider.' }),
  ),
});

const form = Type.Object({
  name,
  fields: Type.Optional(Type.Array(Type.Object({ name, label: Type.Optional(name) }), { maxItems: 100 })),
});

/** A saved filter; every part narrows it. */
const view = Type.Object({
  name,
  status: Type.Optional(Type.Array(Type.Enum([...DESK_STATES]), { minItems: 1, maxItems: 6 })),
  priority: Type.Optional(Type.Enum([...PRIORITIES])),
  brandID: Type.Optional(number),
  channelID: Type.Optional(number),
  assignedGroupID: Type.Optional(number),
  assignedUserID: Type.Optional(name),
  formID: Type.Optional(number),
  customerID: Type.Optional(number),
  tag: Type.Optional(text(100)),
  query: Type.Optional(text(500)),
});

const customer = Type.Object({
  name,
  email: Type.Optional(Type.String({ maxLength: 255 })),
  phone: Type.Optional(Type.String({ maxLength: 64 })),
  company: Type.Optional(Type.String({ maxLength: 255 })),
  externalPrimaryID: Type.Optional(text(255)),
  externalURL: Type.Optional(
    Type.String({ maxLength: 1000, description: 'Where the other system shows it.' }),
  ),
});

export type View = Static<typeof view>;
export type Customer = Static<typeof customer>;

const VIEW_KEY = /^[0-9a-zA-Z\-_]+$/;

const ofDesk = { kind: 'desk', keys: 'number', size: 'small' } as const;

/** What help-desk tickets name by key. */
export const deskCollections: readonly Collection[] = [
  { ...ofDesk, name: 'brands', label: 'Brands', one: 'brand', schema: named },
  {
    ...ofDesk,
    name: 'channels',
    label: 'Channels',
    one: 'channel',
    schema: channel,
    shipped: [
      { key: '1', data: { name: 'E-mail', icon: 'mail' } },
      { key: '2', data: { name: 'Telephone', icon: 'phone' } },
      { key: '3', data: { name: 'Chat', icon: 'chat' } },
      { key: '4', data: { name: 'Web form', icon: 'form' } },
      { key: '5', data: { name: 'API', icon: 'plug' } },
    ],
  },
  { ...ofDesk, name: 'groups', label: 'Groups', one: 'group', schema: named },
  { ...ofDesk, name: 'forms', label: 'Forms', one: 'form', schema: form },
  {
    ...ofDesk,
    name: 'views',
    label: 'Views',
    one: 'view',
    keys: 'text',
    schema: view,
    references: {
      brandID: 'brands',
      channelID: 'channels',
      assignedGroupID: 'groups',
      formID: 'forms',
      customerID: 'customers',
    },
    shipped: [
      { key: 'unfinished', data: { name: 'Unfinished', status: ['new', 'open', 'pending', 'holding'] } },
      { key: 'urgent', data: { name: 'Urgent', status: ['new', 'open'], priority: 'urgent' } },
      { key: 'solved', data: { name: 'Solved', status: ['solved'] } },
    ],
    check: ({ key }) =>
      VIEW_KEY.test(key) ? [] : [{ pointer: '/key', message: 'may have letters, digits, - and _ only' }],
  },
  {
    ...ofDesk,
    name: 'customers',
    label: 'Customers',
    one: 'customer',
    size: 'large',
    schema: customer,
    searchText: customerWords,
    alias: (data) => (data as Customer).externalPrimaryID ?? null,
  },
];

/** What people call a customer, and what a search finds it and its tickets by. */
export function customerWords(data: EntryData): string {
  const { name, email, phone, company, externalPrimaryID } = data as Customer;
  return [name, email, phone, company, externalPrimaryID].filter(Boolean).join(' ');
}
