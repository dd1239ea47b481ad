import { describe, expect, it } from 'vitest';
import { BASE, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const URL = `${BASE}/exceptionTypes`;
const send = (method: string, url: string, body?: unknown) => exceptions.partner()(method, url, body);

describe('a type of exception', () => {
  it('is made, found, changed and listed', async () => {
    const made = await send('POST', URL, { identifier: 'LIFT_STUCK', description: 'A lift stands still' });
    const id = made.body.id;
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(Number),
      identifier: 'LIFT_STUCK',
      description: 'A lift stands still',
    });
    expect(made.headers.location).toBe(`${URL}/${id}`);
    expect((await send('GET', `${URL}/${id}`)).body).toEqual(made.body);
    const changed = await send('PATCH', `${URL}/${id}`, { description: 'It stands', identifier: null });
    expect([changed.status, changed.text]).toEqual([204, '']);
    const { body } = await send('GET', URL);
    expect(body.exceptionTypes).toContainEqual({ id, identifier: 'LIFT_STUCK', description: 'It stands' });
    const names = body.exceptionTypes.map(({ identifier }: { identifier: string }) => identifier);
    expect(names).toContain('ETA_MISSING');
  });

  it('has an identifier that no other has', async () => {
    const again = await send('POST', URL, { identifier: 'ETA_PASSED' });
    expect(again.status).toBe(400);
    expect(again.body).toEqual(
      refused('ValidationFailed', expect.any(String), {
        identifier: [expect.stringMatching(/^is the type \d+ already$/)],
      }),
    );
    const made = await send('POST', URL, { identifier: 'DOOR_STUCK' });
    const taken = await send('PATCH', `${URL}/${made.body.id}`, { identifier: 'ETA_PASSED' });
    expect([taken.status, taken.body.errorCode]).toEqual([400, 'ValidationFailed']);
  });

  it.each([
    {},
    { identifier: '' },
    { identifier: 'a b' },
    { identifier: 5 },
    { identifier: 'x'.repeat(101) },
  ])('%j is refused', async (body) => {
    const answer = await send('POST', URL, body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.errors)).toEqual(['identifier']);
  });
});
