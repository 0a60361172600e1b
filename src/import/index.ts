export { importResults, type Naming } from './import.ts';
