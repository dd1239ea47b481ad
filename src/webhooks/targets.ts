import { newId } from '../kernel/id.ts';
import { asJson, type Fragment, type Sql } from '../store/database.ts';
import { newWebhookSecret } from './secrets.ts';
import type { Target } from './target.ts';

/** What a new target is. */
export type NewTarget<Filter = unknown> = Pick<
  Target<Filter>,
  'account' | 'format' | 'party' | 'url' | 'description' | 'filter' | 'createdBy'
>;

/** What may be changed of a target. */
export type TargetChange = Partial<
  Pick<Target, 'url' | 'description' | 'filter' | 'secrets' | 'status' | 'statusReason'>
>;

export const targetColumns = (sql: Sql): Fragment => sql`
  account, id, format, party, url, description, filter, secrets, status, status_reason as "statusReason", version,
  created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"`;

/** Makes a target with a secret of its own. It hears of what is committed from now on. */
export async function insertTarget(tx: Sql, target: NewTarget, now: Date): Promise<Target> {
  const { account, format, party, url, description, filter, createdBy } = target;
  const secrets = [{ secret: newWebhookSecret(), validUntil: null }];
  const [row] = await tx<[Target]>`
    insert into webhook (
      account, id, format, party, url, description, filter, secrets, status, version, created_by, created_at, updated_at,
      xid, seq, since
    )
    values (
      ${account}, ${newId(now)}, ${format}, ${party}, ${url}, ${description}, ${asJson(filter)}::text::jsonb,
      ${asJson(secrets)}::text::jsonb, 'active', 1, ${createdBy}, ${now}, ${now},
      pg_snapshot_xmin(pg_current_snapshot()), 0, pg_current_snapshot()
    )
    returning ${targetColumns(tx)}`;
  return row;
}

export async function findTarget(sql: Sql, account: string, id: string): Promise<Target | null> {
  const rows = await sql<
    Target[]
  >`select ${targetColumns(sql)} from webhook where account = ${account} and id = ${id}`;
  return rows[0] ?? null;
}

/** The target, which nobody else changes until the transaction ends. */
export async function lockTarget(tx: Sql, account: string, id: string): Promise<Target | null> {
  const rows = await tx<Target[]>`
    select ${targetColumns(tx)} from webhook where account = ${account} and id = ${id} for update`;
  return rows[0] ?? null;
}

export interface TargetQuery {
  /** Only targets of this party; null: of all. */
  readonly party: string | null;
  /** Only targets of these formats; of all when absent. */
  readonly formats?: readonly string[];
  /** Only targets after the one with this id. */
  readonly after?: string | null;
  readonly limit: number;
}

/** The account's targets, oldest first. */
export async function listTargets(
  sql: Sql,
  account: string,
  { party, formats, after = null, limit }: TargetQuery,
): Promise<Target[]> {
  return sql<Target[]>`
    select ${targetColumns(sql)} from webhook
    where account = ${account}
      ${party === null ? sql`` : sql`and party = ${party}`}
      ${formats ? sql`and format = any(${formats as string[]}::text[])` : sql``}
      ${after === null ? sql`` : sql`and id > ${after}`}
    order by id limit ${limit}`;
}

/** How many targets the account has, or one party of it. */
export async function countTargets(sql: Sql, account: string, party: string | null): Promise<number> {
  const [row] = await sql<[{ n: number }]>`
    select count(*) as n from webhook where account = ${account} and party is not distinct from ${party}`;
  return row.n;
}

/** Changes a target that the transaction has locked. */
export async function updateTarget(
  tx: Sql,
  present: Target,
  change: TargetChange,
  now: Date,
): Promise<Target> {
  const { account, id, url, description, filter, secrets, status, statusReason } = { ...present, ...change };
  const [row] = await tx<[Target]>`
    update webhook set url = ${url}, description = ${description}, filter = ${asJson(filter)}::text::jsonb,
      secrets = ${asJson(secrets)}::text::jsonb, status = ${status}, status_reason = ${statusReason},
      version = version + 1, updated_at = ${now}
    where account = ${account} and id = ${id}
    returning ${targetColumns(tx)}`;
  return row;
}

/** Takes a target away, with its deliveries. What is being sent is still sent. */
export async function deleteTarget(tx: Sql, account: string, id: string): Promise<boolean> {
  await tx`delete from webhook_delivery where account = ${account} and webhook = ${id}`;
  const gone = await tx`delete from webhook where account = ${account} and id = ${id}`;
  return gone.count > 0;
}
