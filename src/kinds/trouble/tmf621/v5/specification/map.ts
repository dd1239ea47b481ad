import type { Entry, EntryData } from '../../../../../core/collection.ts';
import type { SpecificationData } from '../../../collections.ts';
import { compact, type Document } from '../../document.ts';

/** The path of a specification. */
export function hrefOf(base: string, key: string): string {
  return `${base}/troubleTicketSpecification/${key}`;
}

/** A specification on the wire. Every object says its type. */
export function toWire({ key, data, createdAt, updatedAt }: Entry, base: string): Document {
  const { specificationVersion, specCharacteristic, relatedParty, ...rest } = data as SpecificationData;
  return compact({
    id: key,
    href: hrefOf(base, key),
    ...rest,
    version: specificationVersion,
    specCharacteristic: specCharacteristic?.map((one) => ({
      ...one,
      charSpecRelationship: one.charSpecRelationship?.map((relation) => ({
        ...relation,
        '@type': 'CharacteristicSpecificationRelationship',
      })),
      characteristicValueSpecification: one.characteristicValueSpecification?.map((value) => ({
        ...value,
        '@type': valueType(value.value),
      })),
      '@type': 'CharacteristicSpecification',
    })),
    relatedParty: relatedParty?.map((party) => ({
      ...party,
      partyOrPartyRole: {
        ...party.partyOrPartyRole,
        '@type': party.partyOrPartyRole['@type'] === 'PartyRoleRef' ? 'PartyRoleRef' : 'PartyRef',
      },
      '@type': 'RelatedPartyRefOrPartyRoleRef',
    })),
    creationDate: createdAt?.toISOString(),
    lastUpdate: updatedAt?.toISOString(),
    '@type': 'TroubleTicketSpecification',
  });
}

/** The type that a value has, whatever the client called it. */
function valueType(value: unknown): string {
  const scalar = Array.isArray(value) ? value[0] : value;
  const kind = { string: 'String', number: 'Number', boolean: 'Boolean', object: 'Object' }[
    typeof scalar as string
  ];
  const list = Array.isArray(value) ? 'Array' : '';
  return value === undefined || value === null || !kind
    ? 'CharacteristicValueSpecification'
    : `${kind}${list}CharacteristicValueSpecification`;
}

/** A document that its schema has passed, as an entry keeps it. */
export function fromWire(document: Document): EntryData {
  const { version, ...data } = document;
  return compact({ ...data, specificationVersion: version });
}
