import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { sendWritten } from '../../http/reply.ts';
import type { IdempotencyKey } from '../../kernel/answer.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';
import { importEntries } from '../../store/catalogue/import-entries.ts';
import type { Store } from '../../store/store.ts';
import { CONTRACT } from '../contract-name.ts';
import { ownStaffOnly, writersOf } from './access.ts';
import type { CollectionChecks } from './checks.ts';
import { readEntries } from './csv-entries.ts';
import { readCsv } from './csv-rows.ts';
import { wireImport } from './schema.ts';

const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;

const importQuery = Type.Object({
  dryRun: Type.Boolean({ default: false, description: 'Say what would be done, and do nothing.' }),
  separator: Type.Enum(Object.keys(SEPARATORS) as (keyof typeof SEPARATORS)[], { default: 'comma' }),
});

/** POST /{collection}/import of every collection. */
export function importRoutes(
  app: HallInstance,
  base: string,
  store: Store,
  all: readonly CollectionChecks[],
): void {
  // A scope of its own: no other route shall be given a stream for a body.
  app.register(async (plain) => {
    const scope = plain.withTypeProvider<TypeBoxTypeProvider>();
    scope.addContentTypeParser('text/csv', ({ headers }, payload, done) => {
      const why = whyUnread(headers);
      done(why === null ? null : new RefusalError(refuse('unsupportedMediaType', why)), payload);
    });
    for (const checks of all) importRoute(scope, base, store, checks);
  });
}

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;
/** ASCII is a part of UTF-8. */
const READ_CHARSETS = ['utf-8', 'utf8', 'us-ascii'];

/** Why a CSV body with these headers is not read, null where it is. */
function whyUnread(headers: IncomingHttpHeaders): string | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return 'Compressed bodies are not read.';
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  return READ_CHARSETS.includes(charset.toLowerCase()) ? null : 'CSV is read in UTF-8 only.';
}

function importRoute(app: HallInstance, base: string, store: Store, checks: CollectionChecks): void {
  const { collection } = checks;
  const { name, label, keys } = collection;
  const noKey = keys === 'number' ? ' A row without a key makes a new one.' : '';

  app.post(
    `${base}/${name}/import`,
    {
      config: { permission: writersOf(collection), takesAttachments: true },
      onRequest: ownStaffOnly,
      schema: {
        tags: ['catalogue'],
        summary: `Import: ${label}`,
        description: `CSV in UTF-8, all rows or none. The first line names the columns: \`key\`, and the properties of the entries; \`a.b\` is the property \`b\` of \`a\`. Items of a list stand between \`|\`. An empty cell is a property that the entry does not have. What has a key that is there already is replaced; entries that the file does not name stay.${noKey} Faults have pointers such as \`/line/7/name\`.`,
        querystring: importQuery,
        body: { content: { 'text/csv': { schema: Type.Unknown() } } },
        response: { 200: wireImport },
      },
    },
    async ({ actor, idempotency, query: { dryRun, separator }, body, routeOptions }, reply) => {
      const file = readCsv(body as Readable, SEPARATORS[separator], routeOptions.bodyLimit);
      const read = await readEntries(file.rows, checks);
      if (!read.ok) return sendRefusal(reply, read);
      const written = await importEntries(store, {
        actor,
        contract: CONTRACT,
        collection,
        entries: read.entries,
        idempotency: idempotency && ofBody(idempotency, file.digest()),
        dryRun,
        answer: (counts) => ({ status: 200, headers: {}, body: JSON.stringify({ dryRun, ...counts }) }),
      });
      return sendWritten(reply, written);
    },
  );
}

/** The body was not there yet when the fingerprint of the request was taken. */
function ofBody({ key, fingerprint }: IdempotencyKey, digest: string): IdempotencyKey {
  return { key, fingerprint: createHash('sha256').update(`${fingerprint}\n${digest}`).digest('base64url') };
}
