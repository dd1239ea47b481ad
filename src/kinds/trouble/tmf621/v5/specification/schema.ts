import { Type } from 'typebox';
import { specificationSchema } from '../../../collections.ts';
import { answerOf, moment, optional, patchOf, typed, word } from '../../shapes.ts';

const { specificationVersion: version, ...others } = specificationSchema.properties;

const attributes = { ...others, version };

export const createBody = Type.Object({ ...attributes, ...typed });

/** A specification as a patch leaves it. */
export const patchedSpecification = Type.Object(attributes);

export const patchBody = patchOf(attributes);

/** A specification on the wire; `fields` may leave out any part but the three at the end. */
export const wireSpecification = answerOf(
  { ...attributes, creationDate: optional(moment), lastUpdate: optional(moment) },
  { id: Type.String(), href: Type.String(), '@type': word },
);
