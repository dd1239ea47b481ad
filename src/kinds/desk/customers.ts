import type { Entry } from '../../core/collection.ts';
import { findByAlias, findEntry } from '../../store/catalogue/find.ts';
import type { Store } from '../../store/store.ts';
import { type Customer, customerWords } from './collections.ts';
import type { EditInput } from './ticket.ts';

const COLLECTION = 'customers';

/** The customer with this number, null where there is none. */
export async function findCustomer(store: Store, account: string, key: string): Promise<Entry | null> {
  const collection = store.collections.get(COLLECTION);
  return collection ? findEntry(store.sql, account, collection, key) : null;
}

/** The customer that another system knows by this id, null where nobody is. */
export async function findCustomerElsewhere(
  store: Store,
  account: string,
  externalPrimaryID: string,
): Promise<Entry | null> {
  const collection = store.collections.get(COLLECTION);
  return collection ? findByAlias(store.sql, account, collection, externalPrimaryID) : null;
}

/** What makes a ticket this customer's. */
export function linkTo({ key, data }: Entry): EditInput {
  const { externalPrimaryID, externalURL } = data as Customer;
  return {
    customer: key,
    customerName: customerWords(data),
    externalReference: externalPrimaryID ?? null,
    externalURL: externalURL ?? null,
  };
}

/** What makes it nobody's. */
export const UNLINKED: EditInput = {
  customer: null,
  customerName: null,
  externalReference: null,
  externalURL: null,
};
