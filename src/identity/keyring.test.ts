import { expect, test } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { movableClock, useIdentity } from '../../test/identity.ts';
import { createKeyring } from './keyring.ts';
import { mintToken } from './mint-token.ts';
import { listSigningKeys } from './signing-keys.ts';

const setup = useIdentity(useDatabase());

const MINUTE = 60_000;
const DAY = 86_400_000;

const issuer = 'https://tessera.local';
const kids = async () => (await listSigningKeys(setup.sql)).map(({ kid }) => kid);

test('the life of the keys: made once, published before they sign, dropped after their last token', async () => {
  const clock = movableClock();
  const options = { sql: setup.sql, clock, rotateAfterMs: 90 * DAY };
  const here = createKeyring(options);
  const there = createKeyring(options);

  // The first start of two nodes at once makes one key, which signs at once.
  const [first] = await Promise.all([here.current(), there.current()]);
  expect(await kids()).toEqual([first.signingKid]);
  expect((await there.current()).signingKid).toBe(first.signingKid);

  // A token that outlives the others keeps its key.
  const minted = await mintToken(
    { sql: setup.sql, clock, keyring: here, issuer },
    { account: 'default', ttlMs: 30 * DAY },
  );
  expect(minted.ok).toBe(true);

  await here.rotate();
  const [, second = ''] = await kids();
  expect(await kids()).toHaveLength(2);
  expect((await here.current()).jwks.map(({ kid }) => kid)).toEqual([first.signingKid, second]);
  expect((await here.current()).signingKid).toBe(first.signingKid);

  // The other node has not looked since: it asks the database about a key id that it does not know.
  clock.move(2000);
  expect(await there.verifying(second)).not.toBeNull();

  clock.move(5 * MINUTE);
  expect((await here.current()).signingKid).toBe(second);
  expect((await there.current()).signingKid).toBe(second);
  expect(await here.verifying(first.signingKid)).not.toBeNull();

  clock.move(29 * DAY);
  await here.rotate();
  expect(await kids()).toHaveLength(3);
  expect(await kids()).toContain(first.signingKid);

  clock.move(2 * DAY);
  await here.rotate();
  expect(await kids()).not.toContain(first.signingKid);
  clock.move(MINUTE);
  expect(await there.verifying(first.signingKid)).toBeNull();
});

test('a key that is ninety days old is followed by another one, made by whichever node looks first', async () => {
  const clock = movableClock();
  clock.move(1000 * DAY);
  const options = { sql: setup.sql, clock, rotateAfterMs: 90 * DAY };
  const nodes = Array.from({ length: 4 }, () => createKeyring(options));
  await Promise.all(nodes.map((node) => node.current()));
  const before = await kids();

  clock.move(89 * DAY);
  await Promise.all(nodes.map((node) => node.current()));
  expect(await kids()).toEqual(before);

  clock.move(DAY);
  await Promise.all(nodes.map((node) => node.current()));
  const after = await kids();
  expect(after.filter((kid) => !before.includes(kid))).toHaveLength(1);
  clock.move(6 * MINUTE);
  for (const node of nodes) expect((await node.current()).signingKid).toBe(after.at(-1));
});

test('invented key ids cost the database one question a second', async () => {
  const clock = movableClock();
  clock.move(2000 * DAY);
  let asked = 0;
  const counting = new Proxy(setup.sql, {
    apply(target, self, args) {
      asked += 1;
      return Reflect.apply(target, self, args);
    },
  });
  const keyring = createKeyring({ sql: counting, clock, rotateAfterMs: 9000 * DAY });
  await keyring.current();
  asked = 0;
  clock.move(1000);
  await Promise.all(Array.from({ length: 100 }, (_, index) => keyring.verifying(`invented-${index}`)));
  for (let index = 0; index < 100; index += 1) await keyring.verifying(`again-${index}`);
  expect(asked).toBe(1);
});
