import type { Datatype } from '../../contract/datatypes.ts';
import type { Place } from '../../contract/profile.ts';
import { PROJECTIONS } from '../../contract/projections.ts';

/** A column before anything is known of its values. */
export interface PlacedColumn {
  name: string;
  tensor: string;
  place: Place;
  datatype: Datatype;
}

/** Elements of a row that have a column each; a wider row has its projections. */
export const mostElements = 256;

/**
 * The columns of a tensor: one an element, or the projections of a wide one.
 * @param names - of the elements: features or class labels. Default: `tensor[0]`, or the tensor's name where there is one
 * @returns `undefined` for text that is too wide, which has no projections
 */
export function placeColumns(
  { name: tensor, datatype }: { name: string; datatype: Datatype },
  size: number,
  names?: readonly string[],
): PlacedColumn[] | undefined {
  if (size > mostElements) {
    return datatype === 'BYTES'
      ? undefined
      : Array.from({ length: PROJECTIONS }, (_, projection) => ({
          name: `${tensor}{${projection}}`,
          ...{ tensor, datatype, place: { projection } },
        }));
  }
  return Array.from({ length: size }, (_, element) => ({
    name: names?.[element] ?? (size === 1 ? tensor : `${tensor}[${element}]`),
    ...{ tensor, datatype, place: { element } },
  }));
}
