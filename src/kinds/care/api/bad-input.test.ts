import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTicket, useCare } from './fixture/care-server.ts';

const care = useCare();
let id = '';
beforeAll(async () => {
  await care.putReasons();
  id = await openTicket(care.agent());
});

const anything = fc.jsonValue({ maxDepth: 3 });
const maybe = (valid: fc.Arbitrary<unknown>) => fc.oneof(valid, anything);
const text = fc.string({ unit: 'grapheme', maxLength: 600 });
const ticket = fc.record(
  {
    id: maybe(fc.uuid()),
    Assignee: maybe(text),
    queue: maybe(text),
    priority: maybe(fc.integer()),
    content: maybe(fc.dictionary(text, anything)),
    customer: maybe(fc.record({ id: text, name: text })),
    vendor: maybe(fc.record({ id: text, vertical: fc.constantFrom('shop', 'x') })),
    metadata: maybe(
      fc.record(
        { ccr: maybe(text), language: maybe(text), tags: maybe(fc.array(text)) },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);
const update = fc.record(
  {
    type: maybe(fc.constantFrom('UPDATE_CCR', 'UPDATE_ORDER_ID', 'UPDATE_PICKED_TIME')),
    ccr: maybe(text),
    orderId: maybe(text),
    geid: maybe(text),
    department: maybe(text),
    statusReason: maybe(text),
    assignee: maybe(text),
    queueId: maybe(text),
  },
  { requiredKeys: [] },
);

const isRefusal = (body: unknown) =>
  Array.isArray((body as { errors?: unknown }).errors) &&
  (body as { errors: { status: string; title: string }[] }).errors.every(
    ({ status, title }) => /^4\d\d$/.test(status) && title.length > 0,
  );

describe('no input, however broken, fails inside', () => {
  it('at creation', async () => {
    await fc.assert(
      fc.asyncProperty(ticket, async (body) => {
        const answer = await care.agent()('POST', '/v1/tickets', body);
        expect(answer.status === 201 || isRefusal(answer.body)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('on a ticket', async () => {
    const ways = ['PATCH ', 'POST /escalate', 'POST /reassign', 'POST /transfer', 'POST /close'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ways), update, async (way, body) => {
        const [method = '', path = ''] = way.split(' ');
        const answer = await care.agent()(method, `/v2/tickets/${id}${path}`, body);
        expect(answer.status === 200 || isRefusal(answer.body)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('in a path, a query or a header', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (given, language) => {
        const part = encodeURIComponent(given.toWellFormed());
        for (const path of [
          `/v1/ccr/search?query=${part}&language=${encodeURIComponent(language.toWellFormed())}`,
          `/v1/tickets?queue=${part}&page=${part}`,
          `/v1/tickets?assignee=${part}`,
          `/v1/tickets/${part || 'x'}`,
          `/v1/customers/${part || 'x'}/tickets`,
        ]) {
          const headers = { 'accept-language': language.replaceAll(/[^\x20-\x7e]/g, '?') };
          const answer = await care.agent()('GET', path, undefined, headers);
          expect(answer.status === 200 || isRefusal(answer.body)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
