import type { Datatype } from '../../contract/datatypes.ts';
import type { Place } from '../../contract/profile.ts';
import { PROJECTIONS } from '../../contract/projections.ts';

/** A column before any of its values are known. */
export interface PlacedColumn {
  name: string;
  tensor: string;
  place: Place;
  datatype: Datatype;
}

/** Maximum number of elements of a row that have one column each; wider rows are projected. */
export const mostElements = 256;

/**
 * Returns the columns of a tensor: one per element, or the projections of a wide tensor.
 * @param names - names of the elements: features or class labels (default: `tensor[0]`, or `tensor` for a single one)
 * @returns `undefined` for text that is too wide, since text has no projections
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
          tensor,
          datatype,
          place: { projection },
        }));
  }
  return Array.from({ length: size }, (_, element) => ({
    name: names?.[element] ?? (size === 1 ? tensor : `${tensor}[${element}]`),
    tensor,
    datatype,
    place: { element },
  }));
}
