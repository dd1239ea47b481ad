import fastify from 'fastify';
import { newId } from '../src/kernel/id.ts';
import { openDatabase } from '../src/store/database.ts';
import type { troubleInput } from './sample.ts';

/**
 * The floor: what a bare Fastify handler over the same driver, the same pool and the same PostgreSQL reaches when it
 * does nothing but one plain insert of ticket, event and outbox row. It checks no credential and no body, keeps no
 * idempotency record, no timer and no words to be found by. The three rows go in one statement: three statements in a
 * transaction would be three times slower, and so an easier floor.
 */
const { PORT, DATABASE_URL = '', DATABASE_CONNECTIONS } = process.env;
const sql = openDatabase({ url: DATABASE_URL, connections: Number(DATABASE_CONNECTIONS), name: 'floor' });
const app = fastify({ logger: false });

app.get('/readyz', async () => 'ready');

app.post<{ Body: ReturnType<typeof troubleInput> }>('/tickets', async (request, reply) => {
  const { mirrorKey, troubleDescription, preferredPriority, ...fields } = request.body;
  const id = newId();
  const [row] = await sql`
    with t as (
      insert into floor_ticket (id, state, version, title, priority, issuer, owner, reference, fields)
      values (${id}, 'open', 1, ${troubleDescription}, ${preferredPriority}, 'ONV', 'default', ${mirrorKey},
        ${JSON.stringify(fields)}::text::jsonb)
      returning number
    ),
    e as (
      insert into floor_event (ticket, type, data)
      values (${id}, 'created', ${JSON.stringify({ dialog: fields.dialog })}::text::jsonb)
    ),
    o as (
      insert into floor_outbox (ticket, payload)
      values (${id}, ${JSON.stringify({ type: 'created', ticket: id })}::text::jsonb)
    )
    select number from t`;
  return reply.code(201).send({ id, number: row?.number });
});

app.get<{ Params: { id: string } }>('/tickets/:id', async ({ params }, reply) => {
  const [row] = await sql`select * from floor_ticket where id = ${params.id}`;
  return row ?? reply.code(404).send();
});

app.patch<{ Params: { id: string }; Body: { dialog: string } }>(
  '/tickets/:id',
  async ({ params, body }, reply) => {
    const [row] = await sql`
    update floor_ticket set
      fields = fields || jsonb_build_object('dialog', ${body.dialog}::text), version = version + 1, updated_at = now()
    where id = ${params.id}
    returning *`;
    return row ?? reply.code(404).send();
  },
);

process.once('SIGTERM', () => {
  void app.close().then(() => sql.end());
});
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
