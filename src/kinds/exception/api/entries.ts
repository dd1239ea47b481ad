import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Collection, Entry } from '../../../core/collection.ts';
import { etag } from '../../../http/if-match.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Answer } from '../../../kernel/answer.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import { changeEntry, type EntryRequest } from '../../../store/catalogue/change-entry.ts';
import type { Store } from '../../../store/store.ts';
import { CONTRACT } from './contract-name.ts';

/** @throws where the server does not have the collection: its wing is not put together rightly */
export function collectionOf({ collections }: Store, name: string): Collection {
  const collection = collections.get(name);
  if (!collection) throw new Error(`There is no collection ${name}`);
  return collection;
}

/** What a write of reference data says: where the new entry is, or nothing. */
export function writtenAnswer(
  base: string,
  toWire: (entry: Entry) => object,
): (entry: Entry | null, created: boolean) => Answer {
  return (entry, created) => {
    const headers: Record<string, string> = entry ? { etag: etag(entry.version) } : {};
    if (!entry || !created) return { status: 204, headers, body: '' };
    headers.location = `${base}/${entry.key}`;
    return { status: 201, headers, body: JSON.stringify(toWire(entry)) };
  };
}

/**
 * Makes (`key` null) or changes one entry, and answers.
 * @param told how a refusal is to be told
 */
export async function writeEntry(
  store: Store,
  { actor, idempotency, ifMatch }: FastifyRequest,
  reply: FastifyReply,
  entry: Pick<EntryRequest, 'collection' | 'key' | 'change' | 'answer'>,
  told: (refusal: Refusal) => Refusal = (refusal) => refusal,
): Promise<FastifyReply> {
  const written = await changeEntry(store, { actor, contract: CONTRACT, idempotency, ifMatch, ...entry });
  return sendWritten(reply, written.ok ? written : told(written));
}

/** The properties of a change that are given: what is left out or null stays. */
export function givenOf<T extends object>(change: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}
