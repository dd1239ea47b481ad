import { type Static, Type } from 'typebox';
import type { Collection } from '../../core/collection.ts';

const word = Type.String({ minLength: 1, maxLength: 255 });
const text = Type.String({ maxLength: 10_000 });
const moment = Type.String({ format: 'date-time' });
const period = Type.Object({
  startDateTime: Type.Optional(moment),
  endDateTime: Type.Optional(moment),
});

const typed = { '@type': Type.Optional(word), '@baseType': Type.Optional(word) };

/** How one value of a ticket of this sort is to look. */
const characteristic = Type.Object({
  id: Type.Optional(word),
  name: word,
  description: Type.Optional(text),
  valueType: Type.Optional(word),
  configurable: Type.Optional(Type.Boolean()),
  isUnique: Type.Optional(Type.Boolean()),
  extensible: Type.Optional(Type.Boolean()),
  minCardinality: Type.Optional(Type.Integer({ minimum: 0 })),
  maxCardinality: Type.Optional(Type.Integer({ minimum: 0 })),
  regex: Type.Optional(Type.String({ maxLength: 1000 })),
  validFor: Type.Optional(period),
  '@valueSchemaLocation': Type.Optional(Type.String({ maxLength: 1000 })),
  charSpecRelationship: Type.Optional(
    Type.Array(
      Type.Object({
        relationshipType: Type.Optional(word),
        name: Type.Optional(word),
        characteristicSpecificationId: Type.Optional(word),
        parentSpecificationId: Type.Optional(word),
        parentSpecificationHref: Type.Optional(Type.String({ format: 'uri', maxLength: 1000 })),
        validFor: Type.Optional(period),
        ...typed,
      }),
      { maxItems: 100 },
    ),
  ),
  characteristicValueSpecification: Type.Optional(
    Type.Array(
      Type.Object({
        valueType: Type.Optional(word),
        isDefault: Type.Optional(Type.Boolean()),
        unitOfMeasure: Type.Optional(word),
        valueFrom: Type.Optional(Type.Integer()),
        valueTo: Type.Optional(Type.Integer()),
        rangeInterval: Type.Optional(word),
        regex: Type.Optional(Type.String({ maxLength: 1000 })),
        value: Type.Optional(Type.Unknown()),
        validFor: Type.Optional(period),
        ...typed,
      }),
      { maxItems: 100 },
    ),
  ),
  ...typed,
});

const relatedParty = Type.Object({
  role: Type.Optional(word),
  partyOrPartyRole: Type.Object({
    id: word,
    href: Type.Optional(Type.String({ maxLength: 1000 })),
    name: Type.Optional(Type.String({ maxLength: 1000 })),
    partyId: Type.Optional(word),
    partyName: Type.Optional(Type.String({ maxLength: 1000 })),
    '@referredType': Type.Optional(word),
    ...typed,
  }),
  ...typed,
});

/** What a sort of trouble ticket is called, and which values its tickets have. */
export const specificationSchema = Type.Object({
  name: word,
  description: Type.Optional(text),
  lifecycleStatus: Type.Optional(word),
  /** The specification's own version; `version` is the entry's. */
  specificationVersion: Type.Optional(word),
  validFor: Type.Optional(period),
  specCharacteristic: Type.Optional(Type.Array(characteristic, { maxItems: 200 })),
  relatedParty: Type.Optional(Type.Array(relatedParty, { maxItems: 200 })),
});

export type SpecificationData = Static<typeof specificationSchema>;

export const specifications: Collection = {
  name: 'trouble-specifications',
  label: 'Specifications of trouble tickets',
  one: 'specification',
  kind: 'trouble',
  keys: 'number',
  size: 'small',
  schema: specificationSchema,
  isTold: true,
};

/** What trouble tickets name by key. */
export const troubleCollections: readonly Collection[] = [specifications];
