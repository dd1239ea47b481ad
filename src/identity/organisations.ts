import type { PeopleLibrary } from './people-library.ts';

export interface Organisation {
  readonly account: string;
  /** Null for the account itself, whose own party has no organisation beside it. */
  readonly party: string | null;
  readonly name: string;
}

/**
 * The id of an account's or a party's organisation, which is made when it is not there. Its slug is `<account>` or
 * `<account>/<party>`; the slug is unique, so that two who make it at once make one.
 */
export async function ensureOrganisation(
  library: PeopleLibrary,
  { account, party, name }: Organisation,
  now: Date,
): Promise<string> {
  const slug = party === null ? account : `${account}/${party}`;
  const { adapter } = await library.$context;
  const find = () =>
    adapter.findOne<{ id: string }>({ model: 'organization', where: [{ field: 'slug', value: slug }] });
  const found = await find();
  if (found !== null) return found.id;
  try {
    const made = await adapter.create<Record<string, unknown>, { id: string }>({
      model: 'organization',
      data: { name, slug, account, party, createdAt: now },
    });
    return made.id;
  } catch (error) {
    const other = await find();
    if (other === null) throw error;
    return other.id;
  }
}

/** Makes a user a member; nothing changes for one who is. */
export async function ensureMember(
  library: PeopleLibrary,
  organizationId: string,
  userId: string,
  now: Date,
): Promise<void> {
  const { adapter } = await library.$context;
  const member = await adapter.findOne({
    model: 'member',
    where: [
      { field: 'organizationId', value: organizationId },
      { field: 'userId', value: userId },
    ],
  });
  if (member !== null) return;
  await adapter.create({
    model: 'member',
    data: { organizationId, userId, role: 'member', createdAt: now },
  });
}
