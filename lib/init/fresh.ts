/** Whether package.json contains only packages, as after `npm install coldpress` in an empty folder. */
export function isFresh(present: object): boolean {
  return Object.keys(present).every(key => key === 'dependencies' || key === 'devDependencies');
}
