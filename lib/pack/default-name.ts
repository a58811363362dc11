import { basename, dirname } from 'node:path';
import { modelEnding } from '../model/model-name.ts';

/** Files that LightGBM's and XGBoost's examples save; the name says nothing about the model. */
const isUnnamedBooster = /^model\.(txt|json|ubj)$/i;

/**
 * The name of a function whose config has none: that of the model file, or for the `model.txt`, `model.json` or
 * `model.ubj` of a booster, that of its folder.
 * @param model - an absolute path or a URL
 */
export function defaultName(model: string): string {
  const path = model.replace(/\?.*$/, '');
  const own = nameFrom(basename(path).replace(modelEnding, ''));
  const folder = isUnnamedBooster.test(basename(path)) ? nameFrom(basename(dirname(path))) : '';
  return folder || own || 'model';
}

/** Only what a name may contain. */
function nameFrom(text: string): string {
  return text.replace(/^\.+/, '').replace(/[^a-zA-Z0-9-_.]/g, '-');
}
