/** What `npm install coldpress` makes of an empty folder has nothing but packages: it may become anything. */
export function isFresh(present: object): boolean {
  return Object.keys(present).every(key => key === 'dependencies' || key === 'devDependencies');
}
