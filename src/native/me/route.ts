import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendJson } from '../../http/reply.ts';

const nullable = Type.Union([Type.String(), Type.Null()]);

const wireActor = Type.Object({
  account: Type.String(),
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['person', 'client', 'system']),
  party: Type.Union([Type.String(), Type.Null()], {
    description:
      "The organisation that the caller speaks for; the account's own party has the account's key.",
  }),
  persona: nullable,
  permissions: Type.Array(Type.String()),
});

/** Who the server takes the caller for. */
export function meRoute(app: HallInstance, base: string): void {
  app.get(
    `${base}/me`,
    { schema: { tags: ['me'], summary: 'Who you are', response: { 200: wireActor } } },
    async ({ actor }, reply) => {
      const { account, id, name, type, party, persona, permissions } = actor;
      return sendJson(reply, 200, {
        account,
        id,
        name,
        type,
        party,
        persona,
        permissions: [...permissions].sort(),
      });
    },
  );
}
