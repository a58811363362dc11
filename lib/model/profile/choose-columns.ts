import type { PressedManifest } from '../../contract/manifest.ts';
import { counted } from '../../counted.ts';
import { ColdpressError } from '../../errors.ts';
import type { Table } from '../samples/types.ts';

/** The columns of the data that are inputs of the model, and those that are not used. */
export interface ChosenColumns {
  names: string[];
  ignored: string[];
}

/**
 * Chooses columns by name: those of the features, if the model knows them, or of the inputs. For a model with one
 * input and unknown features, it chooses all that are neither the target nor an output.
 * @throws ColdpressError PROFILE_COLUMNS
 */
export function chooseColumns(
  { path, columns }: Pick<Table, 'path' | 'columns'>,
  { signature, features }: Pick<PressedManifest, 'signature' | 'features'>,
  target: string | undefined,
): ChosenColumns {
  const all = [...columns.keys()];
  if (target !== undefined && !all.includes(target)) {
    throw columnsError(`${path} has no column "${target}", which --target names`, all);
  }
  const of = (specs: readonly { name: string }[]) => (name: string) =>
    specs.some(spec => name === spec.name || (name.startsWith(`${spec.name}[`) && name.endsWith(']')));
  const rest = all.filter(name => name !== target && !of(signature.outputs)(name));
  const required = signature.inputs.filter(({ optional }) => optional !== true);
  const uncovered = required.filter(spec => !rest.some(of([spec])));
  const choose = (names: string[]) => ({ names, ignored: rest.filter(name => !names.includes(name)) });
  if (uncovered.length === 0) {
    return choose(rest.filter(of(signature.inputs)));
  }
  if (features !== undefined) {
    const missing = features.filter(name => !rest.includes(name));
    if (missing.length > 0) {
      throw columnsError(`${path} has no column for ${list(missing)}`, all);
    }
    return choose(features);
  }
  if (signature.inputs.length > 1) {
    throw columnsError(`${path} has no column for ${list(uncovered.map(({ name }) => name))}`, all);
  }
  const width = signature.inputs[0]?.shape?.at(-1);
  if (typeof width === 'number' && width >= 0 && width !== rest.length) {
    throw columnsError(
      `${path} has ${counted(rest.length, 'column')} for the model's input "${signature.inputs[0]!.name}", which has ${width}`,
      all,
    );
  }
  return choose(rest);
}

function columnsError(message: string, columns: readonly string[]): ColdpressError {
  return new ColdpressError('PROFILE_COLUMNS', message, {
    hint: `the file has the columns ${list(columns)}; name the label with --target, and remove columns that the model does not have`,
  });
}

const mostNames = 5;

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(name => JSON.stringify(name).slice(0, 60));
  return shown.join(', ') + (names.length > mostNames ? ` and ${names.length - mostNames} more` : '');
}
