import { afterAll, describe, expect, it } from 'vitest';
import { startFixture } from './two-contracts.fixture.ts';

const fixture = await startFixture();
afterAll(() => fixture.app.close());

const post = (headers: Record<string, string>) =>
  fixture.app.inject({ method: 'POST', url: '/plain/errands', headers });

describe('X-Agent-User-ID', () => {
  const boss = { authorization: 'Bearer boss' };

  it('names the acting agent, whose rights and id stay those of the credential', async () => {
    const answer = await post({ ...boss, 'x-agent-user-id': 'agent@example.com' });
    expect(answer.json()).toEqual({ id: 'boss', name: 'agent@example.com' });
  });

  it('may be absent: then the credential itself acts', async () => {
    expect((await post(boss)).json()).toEqual({ id: 'boss', name: 'boss' });
  });

  it.each(['', 'agent', 'a@b@c', 'agent@example.com, other@example.com'])(
    'is refused in the contract’s format when it is "%s"',
    async (agent) => {
      const answer = await post({ ...boss, 'x-agent-user-id': agent });
      expect(answer.statusCode).toBe(422);
      expect(answer.json()).toMatchObject({
        code: 'plain.invalidRequest',
        errors: [{ field: '/header/x-agent-user-id' }],
      });
    },
  );
});

describe('a route with several permissions', () => {
  it('serves who has one of them, and tells the others which', async () => {
    expect((await post({ authorization: 'Bearer boss' })).statusCode).toBe(200);
    const refused = await post({ authorization: 'Bearer ana' });
    expect(refused.statusCode).toBe(403);
    expect(refused.json().message).toBe('The permission errands or staff is needed.');
  });
});
