// Before an app's own modules, so that Node keeps what it compiles of them: half of the time that an app takes to start.
import { enableCompileCache } from 'node:module';

enableCompileCache();
