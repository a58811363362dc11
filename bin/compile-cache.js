// Imported before an app's own modules, so that Node caches their compiled code, which halves the app's start time.
import { enableCompileCache } from 'node:module';

enableCompileCache();
